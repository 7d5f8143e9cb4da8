"""The desk: the pages on which people see inquiries and mend what went wrong."""
