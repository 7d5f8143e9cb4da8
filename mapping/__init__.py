"""Decisions, pure: no I/O, no clock, no database, no network."""

from mapping.hours.zones import prefer_newest

prefer_newest()
