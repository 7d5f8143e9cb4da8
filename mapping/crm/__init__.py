"""What one inquiry becomes in a CRM: its records, their fields, and what must exist there."""
