"""What form fields are called, and which canonical field a label means."""
