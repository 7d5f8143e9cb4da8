"""Watching a mailbox: its login, its place, its health, and the mails one by one."""
