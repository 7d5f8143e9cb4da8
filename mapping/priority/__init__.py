"""Whom to call first: the score, and what was learned from outcomes."""
