"""Who may come in: accounts, passwords, log-in links and sessions."""
