"""What tells people apart and together: names, inboxes and keys; and which of their values is shown."""
