"""The tables and the few queries that matter; the database is the truth."""
