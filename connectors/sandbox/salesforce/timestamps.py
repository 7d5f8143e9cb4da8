"""Moments and days as Salesforce writes them: UTC, whole seconds, "2026-01-02T03:04:05.000+0000"."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache

_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?",
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def stamp(epoch_seconds: float) -> str:
    """1767323045.9 → "2026-01-02T03:04:05.000+0000"; stamps of one length sort as moments do."""
    return _stamp(int(epoch_seconds))


@lru_cache(maxsize=256)
def _stamp(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def moment(text: str) -> str:
    """An ISO 8601 moment (no offset means UTC; fractions are dropped) as a stamp.

    Raises: ValueError
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError("not a moment")
    parsed = datetime.fromisoformat(found[1] + (found[2] or "+00:00"))
    return stamp(parsed.timestamp())


def epoch(text: str) -> float:
    """Epoch seconds of a stamp. Raises: ValueError."""
    return datetime.fromisoformat(moment(text).replace("+0000", "+00:00")).timestamp()


def day(text: str) -> str:
    """ "YYYY-MM-DD"; a moment is cut to its day, as Salesforce does for date fields.

    Raises: ValueError
    """
    if _DAY.fullmatch(text):
        return date.fromisoformat(text).isoformat()
    return moment(text)[:10]
