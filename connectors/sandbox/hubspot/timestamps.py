"""Moments and days as HubSpot takes them: ISO 8601, or epoch milliseconds."""

from __future__ import annotations

from datetime import UTC, date, datetime

MS_PER_DAY = 86_400_000


def epoch_ms(text: str) -> int:
    """Epoch milliseconds of an ISO 8601 moment (naive means UTC) or of a number of milliseconds.

    Raises: ValueError
    """
    if text.lstrip("-").isdigit():
        return int(text)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000)


def day(text: str) -> str:
    """ "YYYY-MM-DD" of a date property: an ISO date, or epoch milliseconds at midnight UTC.

    Raises: ValueError
    """
    if text.lstrip("-").isdigit():
        if int(text) % MS_PER_DAY:
            raise ValueError("not midnight")
        return datetime.fromtimestamp(int(text) / 1000, UTC).date().isoformat()
    return date.fromisoformat(text).isoformat()
