"""When a touch is wished for: days by the wall clock of the brokerage, months by the calendar."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from mapping.playbook.cadences import Touch

_DAYS = {"daily": 1, "weekly": 7, "biweekly": 14}
_MONTHS = {"monthly": 1, "quarterly": 3, "annual": 12}


def days_after(anchor: datetime, days: int, zone: str) -> datetime:
    """The same time of the wall clock so many days later (earlier when negative), in UTC."""
    local = anchor.astimezone(ZoneInfo(zone))
    return (local + timedelta(days=days)).astimezone(UTC)


def months_after(moment: datetime, months: int, zone: str) -> datetime:
    """The same day of the month, or its last one, at the same time of the wall clock, in UTC."""
    local = moment.astimezone(ZoneInfo(zone))
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day).astimezone(UTC)


def wish(touch: Touch, anchor: datetime, number: int, zone: str) -> datetime:
    """The moment, in UTC, for which an occurrence of a touch (from 0) is wished."""
    first = days_after(anchor, touch.day, zone) + timedelta(minutes=touch.minutes)
    if number == 0:
        return first
    if touch.repeat in _DAYS:
        return days_after(first, _DAYS[touch.repeat] * number, zone)
    return months_after(first, _MONTHS[touch.repeat] * number, zone)


def lately(touch: Touch, since: datetime, now: datetime) -> datetime:
    """From when on a touch has to be looked at: of a repeated one that is overdue the latest is enough."""
    if not touch.repeat:
        return since
    return max(since, now - timedelta(days=_longest(touch.repeat) + 1))


def _longest(repeat: str) -> int:
    return _DAYS.get(repeat) or _MONTHS[repeat] * 31


def wishes(touch: Touch, anchor: datetime, zone: str, *, since: datetime) -> Iterator[tuple[int, datetime]]:
    """(occurrence, moment) of a touch, those before since left out; endless when it repeats."""
    number = 0
    if touch.repeat:
        # An occurrence shortly before since, so that years of them are not counted through.
        days = (since - wish(touch, anchor, 0, zone)).days
        number = max(0, days // _longest(touch.repeat) - 1)
    while True:
        at = wish(touch, anchor, number, zone)
        if at >= since:
            yield number, at
        if not touch.repeat:
            return
        number += 1
