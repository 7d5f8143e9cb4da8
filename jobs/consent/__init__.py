"""Who may not be contacted: said, remembered, heeded, and told to every CRM."""
