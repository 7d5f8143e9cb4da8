"""Tests of the tables and the queries that matter, on SQLite and on PostgreSQL."""
