"""Legal holidays that the holidays library does not count as public, by their names in calling_hours.toml."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache

from mapping.hours.holiday_library import unofficial_holidays

_FIXED = re.compile(r"(\d\d)-(\d\d)")
_MONDAY, _THURSDAY = 0, 3


def _election_day(year: int) -> date:
    return _weekday_from(date(year, 11, 1), _MONDAY) + timedelta(days=1)


def _day_after_thanksgiving(year: int) -> date:
    return _weekday_from(date(year, 11, 22), _THURSDAY) + timedelta(days=1)


def _good_friday(year: int) -> date:
    named = unofficial_holidays("US", year)
    return next(day for day, name in named.items() if name == "Good Friday")


_NAMED: Mapping[str, Callable[[int], date]] = {
    "Good Friday": _good_friday,
    "Election Day": _election_day,
    "Day After Thanksgiving": _day_after_thanksgiving,
}


@lru_cache(maxsize=256)
def day_of(name: str, year: int) -> date:
    """The day that a holiday falls on: "06-14", "Good Friday". Raises KeyError for an unknown name."""
    fixed = _FIXED.fullmatch(name)
    return date(year, int(fixed[1]), int(fixed[2])) if fixed else _NAMED[name](year)


def _weekday_from(first: date, weekday: int) -> date:
    return first + timedelta(days=(weekday - first.weekday()) % 7)
