"""Decisions, pure: no I/O, no clock, no database, no network."""
