"""How long HubSpot wants to be left alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from connectors.crm.base import RateLimited

_DAY = 86_400.0
# HubSpot's daily count ends at the account's midnight, which no answer names: ask again every hour.
_HOUR = 3_600.0
_LOCKED_SECONDS = 2.0
_WINDOWS = (("daily", _HOUR), ("ten_secondly", 10.0), ("secondly", 1.0))


def locked(_headers: Mapping[str, str], _body: Mapping[str, Any]) -> RateLimited:
    """Status 423: the record is busy."""
    return RateLimited("HubSpot has locked the record for a moment.", retry_after=_LOCKED_SECONDS)


def limited(headers: Mapping[str, str], body: Mapping[str, Any]) -> RateLimited:
    """Status 429: the policy name or the message tells which window is used up."""
    policy = f"{body.get('policyName') or ''} {body.get('message') or ''}".lower()
    name, window = next((w for w in _WINDOWS if w[0] in policy), ("burst", 10.0))
    return _pause(f"HubSpot's {name} limit is used up.", headers, window)


def migrating(headers: Mapping[str, str], _body: Mapping[str, Any]) -> RateLimited:
    """Status 477: the account moves, for up to 24 hours."""
    return _pause("HubSpot is moving this account to another data centre.", headers, _HOUR)


def _pause(message: str, headers: Mapping[str, str], default: float) -> RateLimited:
    asked = _retry_after(headers)
    if asked is None:
        return RateLimited(message, retry_after=default)
    if asked > _DAY:
        return RateLimited(f"{message} It asked for more than 24 hours; 24 are kept.", retry_after=_DAY)
    return RateLimited(message, retry_after=max(asked, 0.0))


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds from Retry-After, which is a number or an HTTP-date (RFC 9110 section 10.2.3)."""
    value = headers.get("retry-after", "").strip()
    try:
        seconds = float(value)
    except ValueError:
        until, now = _http_date(value), _http_date(headers.get("date", ""))
        return None if until is None else (until - (now or datetime.now(UTC))).total_seconds()
    return seconds if math.isfinite(seconds) else None


def _http_date(value: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(value)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
