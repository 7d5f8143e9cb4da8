"""One account of a CRM: how it is reached, how much of it may be used, and whether it is well."""
