"""Data that ships with Firstpath: example playbooks and calling hours."""
