"""Times at which something is open: weekly wall-clock hours in a zone, made safe for clock changes."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Protocol

from mapping.hours.holiday_library import public_holidays
from mapping.hours.zones import zone as zone_named

Ranges = tuple[tuple[int, int], ...]  # minutes after midnight, [start, end), in order
Week = tuple[Ranges, Ranges, Ranges, Ranges, Ranges, Ranges, Ranges]  # Monday first
Span = tuple[datetime, datetime]  # UTC, [start, end)

HORIZON = timedelta(days=21)  # longer than any office is shut in a row, short enough to notice "never"
_RANGE = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*-\s*([01]?\d|2[0-4]):([0-5]\d)")


class Hours(Hashable, Protocol):
    """When something is open. Hashable, so that its spans can be remembered."""

    @property
    def zone(self) -> str:
        """The IANA zone in which its wall clock hangs."""

    @property
    def label(self) -> str:
        """Whose hours these are, for explanations: "Renata Okafor", "calls to FL"."""

    def ranges(self, day: date) -> Ranges:
        """The open minutes of a local day."""


def parse_ranges(text: str) -> Ranges:
    """Read "09:00-12:30, 13:30-24:00" ("" = closed). Raises ValueError with a sentence."""
    found: list[tuple[int, int]] = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        match = _RANGE.fullmatch(part)
        if match is None:
            raise ValueError("hours are not written as 09:00-17:30")
        from_hour, from_minute, to_hour, to_minute = map(int, match.groups())
        start, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
        if end > 24 * 60:
            raise ValueError("hours go past 24:00")
        if end <= start:
            raise ValueError("hours end before they start")
        if found and start < found[-1][1]:
            raise ValueError("hours overlap or are out of order")
        found.append((start, end))
    return tuple(found)


def common(first: Ranges, second: Ranges) -> Ranges:
    """The minutes that are in both."""
    pairs = ((max(a, c), min(b, d)) for a, b in first for c, d in second)
    return tuple(sorted(pair for pair in pairs if pair[0] < pair[1]))


def merged(ranges: Sequence[tuple[int, int]]) -> Ranges:
    """The same minutes in order, each once."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def local_minutes(hours: Hours, day: date, zone: str, other_day: date) -> Ranges:
    """The part of what is open on a day that falls on another zone's day, in that zone's minutes."""
    if zone == hours.zone:
        return hours.ranges(day) if day == other_day else ()
    found = []
    for span in _spans(hours, day):
        start, end = (_minute_of(one.astimezone(zone_named(zone)), other_day) for one in span)
        found += [(start, end)] if start < end else []
    return tuple(found)


def _minute_of(wall: datetime, day: date) -> int:
    """The minute of that day at which the wall clock stands; its beginning or end for another day's."""
    minute = (wall.date() - day).days * 24 * 60 + wall.hour * 60 + wall.minute
    return max(0, min(24 * 60, minute))


@lru_cache(maxsize=256)
def holiday_dates(calendar: str, year: int) -> frozenset[date]:
    """Public holidays, observed days included, of "US", "US-AL", "CA-ON" ...

    Raises NotImplementedError when the holidays library does not know the calendar.
    """
    country, _, part = calendar.partition("-")
    return frozenset(public_holidays(country, part or None, year))


def next_open(hours: Sequence[Hours], at: datetime) -> datetime | None:
    """The first instant >= at (aware) at which all of these are open; None when HORIZON has none."""
    moment = at.astimezone(UTC)
    last = moment + HORIZON
    while moment <= last:
        later = moment
        for one in hours:
            opens = _next_open(one, moment, last)
            if opens is None:
                return None
            later = max(later, opens)
        if later == moment:
            return moment
        moment = later
    return None


def span_around(hours: Sequence[Hours], at: datetime) -> Span | None:
    """The stretch around at in which all of these stay open; None when one is closed then."""
    spans = [_span_at(one, at.astimezone(UTC)) for one in hours]
    open_spans = [span for span in spans if span is not None]
    if not spans or len(open_spans) < len(spans):
        return None
    return max(start for start, _ in open_spans), min(end for _, end in open_spans)


def is_open(hours: Hours, at: datetime) -> bool:
    """Whether this is open at that instant."""
    return _span_at(hours, at.astimezone(UTC)) is not None


def after_open(hours: Sequence[Hours], at: datetime, span: timedelta) -> datetime | None:
    """The instant at which all of these have been open together for span since at; None within HORIZON."""
    moment, left = next_open(hours, at), span
    last = at.astimezone(UTC) + HORIZON
    while moment is not None and moment <= last:
        around = span_around(hours, moment)
        if around is None or moment + left <= around[1]:
            return moment + left
        left -= around[1] - moment
        moment = next_open(hours, around[1])
    return None


def _next_open(hours: Hours, at: datetime, last: datetime) -> datetime | None:
    day = at.astimezone(zone_named(hours.zone)).date()
    while True:
        for start, end in _spans(hours, day):
            if at < end:
                return max(at, start)
        day += timedelta(days=1)
        if min(_instants(hours.zone, day, 0)) > last:
            return None


def _span_at(hours: Hours, at: datetime) -> Span | None:
    day = at.astimezone(zone_named(hours.zone)).date()
    return next(((start, end) for start, end in _spans(hours, day) if start <= at < end), None)


@lru_cache(maxsize=8192)
def _spans(hours: Hours, day: date) -> tuple[Span, ...]:
    spans = (
        (max(_instants(hours.zone, day, start)), min(_instants(hours.zone, day, end)))
        for start, end in hours.ranges(day)
    )
    return tuple(span for span in spans if span[0] < span[1])


def _instants(zone: str, day: date, minute: int) -> Span:
    """Wall time to UTC, by the clock before and after a change: the two differ only for a time that the clock
    skips or repeats. Hours begin at the later one and end at the earlier one, so that the wall clock never
    shows a time outside of them."""
    wall = datetime(day.year, day.month, day.day, tzinfo=zone_named(zone)) + timedelta(minutes=minute)
    return wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
