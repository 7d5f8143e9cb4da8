"""One module per CRM behind the Protocol of base.py."""
