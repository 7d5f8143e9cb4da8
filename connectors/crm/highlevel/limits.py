"""How much HighLevel lets us call, from the headers on every answer, and how long to stop after a 429."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from connectors.crm.allowance import Allowance
from connectors.crm.base import RateLimited

DAY_LIMIT = "x-ratelimit-limit-daily"
DAY_LEFT = "x-ratelimit-daily-remaining"
_INTERVAL_LEFT = "x-ratelimit-remaining"
_INTERVAL_MILLISECONDS = "x-ratelimit-interval-milliseconds"
_USUAL_INTERVAL = 10.0
_LONGEST_INTERVAL = 3_600.0
_HOUR = 3_600.0
_MOST_DIGITS = 15


def learn(allowance: Allowance, headers: Mapping[str, str]) -> None:
    """Tell the allowance what the headers of an answer say is left."""
    left, day_left, day_limit = (number(headers, n) for n in (_INTERVAL_LEFT, DAY_LEFT, DAY_LIMIT))
    if left is not None:
        allowance.learn(left=left, seconds=interval(headers))
    if day_left is not None and day_limit is not None:
        allowance.learn_day(left=day_left, limit=day_limit)


def limited(headers: Mapping[str, str], body: Mapping[str, Any]) -> RateLimited:
    """Status 429: the day's calls are used up, or those of the interval."""
    if number(headers, DAY_LEFT) == 0 or "daily" in str(body.get("message") or "").lower():
        return RateLimited(
            "HighLevel's daily limit of calls is used up; it is lifted at the next day.",
            retry_after=_until_tomorrow(headers),
            remedy="Nothing is lost: deliveries go on by themselves. Fewer other integrations in this "
            "location leave more calls.",
        )
    return RateLimited("HighLevel's limit of calls in ten seconds is used up.", retry_after=interval(headers))


def number(headers: Mapping[str, str], name: str) -> int | None:
    """A header that is a whole number, None otherwise."""
    value = headers.get(name, "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS else None


def interval(headers: Mapping[str, str]) -> float:
    """The length of the burst window in seconds. HighLevel documents no Retry-After."""
    milliseconds = number(headers, _INTERVAL_MILLISECONDS)
    if not milliseconds:
        return _USUAL_INTERVAL
    return min(milliseconds / 1000, _LONGEST_INTERVAL)


def _until_tomorrow(headers: Mapping[str, str]) -> float:
    """Seconds to the next midnight in UTC by the answer's own Date; an hour when it has none."""
    try:
        now = parsedate_to_datetime(headers.get("date", ""))
        now = now.astimezone(UTC) if now.tzinfo else now.replace(tzinfo=UTC)
        midnight = datetime(now.year, now.month, now.day, tzinfo=UTC) + timedelta(days=1)
    except (ValueError, OverflowError):
        return _HOUR
    return max((midnight - now).total_seconds(), 1.0)
