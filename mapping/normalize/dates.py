"""Dates as people write them, read in the brokerage's order of day and month."""

from __future__ import annotations

import re
from datetime import date

from mapping.normalize.text import fold, tidy_line

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier janv enero ene",
            "february feb fevrier fevr febrero",
            "march mar mars marzo",
            "april apr avril avr abril abr",
            "may mai mayo",
            "june jun juin junio",
            "july jul juillet juil julio",
            "august aug aout agosto ago",
            "september sep sept septembre septiembre",
            "october oct octobre octubre",
            "november nov novembre noviembre",
            "december dec decembre diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{2}:\d{2}.*)?", re.ASCII)
_NUMERIC = re.compile(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})", re.ASCII)
_NAMED = re.compile(
    r"(?:(?P<d1>\d{1,2}) )?(?P<month>[a-z]{3,10})(?: (?P<d2>\d{1,2}))? (?P<year>\d{4})", re.ASCII
)
_SMALL_WORDS = re.compile(
    r"\b(?:de|del|le|el|of|the|on|mon|tues?|wed|thurs?|fri|sat|sun|[a-z]+day)\b"
    r"|(?<=\d)(?:st|nd|rd|th|er)\b"
)


def read_date(text: str, order: str) -> date | None:
    """The calendar day in text; order is MDY, DMY or YMD. None when it is no date or may be two dates.

    A day above 12 settles the order by itself; two-digit years are this century's.
    """
    line = tidy_line(text)[:60]
    iso = _ISO.fullmatch(line)
    if iso:
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    numeric = _NUMERIC.fullmatch(line)
    return _numeric(numeric, order) if numeric else _named(line)


def _numeric(match: re.Match[str], order: str) -> date | None:
    first, middle = int(match[1]), int(match[2])
    if order == "YMD" and len(match[1]) <= 2 and len(match[3]) <= 2:
        # With a year first only a first part above 12 is surely the year.
        return _day(_year(match[1]), middle, int(match[3])) if first > 12 else None
    if len(match[3]) not in (2, 4):
        return None
    year = _year(match[3])
    month_first, day_first = _day(year, first, middle), _day(year, middle, first)
    if month_first is None or day_first is None or month_first == day_first:
        return month_first or day_first
    return {"MDY": month_first, "DMY": day_first}.get(order)


def _named(line: str) -> date | None:
    match = _NAMED.fullmatch(" ".join(_SMALL_WORDS.sub(" ", fold(line)).split()))
    month = _MONTHS.get(match["month"]) if match else None
    day = (match["d1"] or match["d2"]) if match else None
    if match is None or month is None or day is None or (match["d1"] and match["d2"]):
        return None
    return _day(int(match["year"]), month, int(day))


def _year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) <= 2 else 0)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1900 <= year < 2200 else None
    except ValueError:
        return None
