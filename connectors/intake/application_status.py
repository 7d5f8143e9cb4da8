"""Which of several words about an application's state counts."""

from __future__ import annotations

from mapping.reading.application import read_status


def told_status(*words: str) -> str:
    """The first word that means a state, else the first word that was said: it is kept and flagged."""
    said = [word for word in words if word]
    return next((word for word in said if read_status(word)), said[0] if said else "")
