"""The Salesforce sandbox: each of the vendor's rules, as a caller meets it."""
