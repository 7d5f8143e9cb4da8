"""What HubSpot's answers say about how many calls are left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.crm.allowance import Allowance

_PREFIX = "x-hubspot-ratelimit-"


def learn(allowance: Allowance, headers: Mapping[str, Any] | None) -> None:
    """Tell the allowance what the headers of an answer say; searches and OAuth's day have none."""
    said = {str(name).lower(): str(value) for name, value in (headers or {}).items()}
    left, milliseconds = number(said, "remaining"), number(said, "interval-milliseconds")
    if left is not None and milliseconds:
        allowance.learn(left=left, seconds=milliseconds / 1000)
    left, limit = number(said, "daily-remaining"), number(said, "daily")
    if left is not None and limit:
        allowance.learn_day(left=left, limit=limit)


def number(headers: Mapping[str, str], name: str) -> int | None:
    """One of HubSpot's rate limit headers (names in lower case), None when it is absent or no number."""
    text = headers.get(_PREFIX + name, "")
    return int(text) if text.isascii() and text.isdigit() else None
