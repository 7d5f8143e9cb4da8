"""Birth dates as keyed hashes: read where one is asked for or announced, never kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from mapping.normalize.dates import read_date

KeyedHash = Callable[[str], str]

UNREADABLE = "[redacted birthdate]"
PREFIX = "birthdate:"

# A borrower is of age: a year written with two digits from here on is of the last century.
_TWO_DIGIT_PIVOT = 10

_MONTHS = 12

_HASHED = re.compile(rf"{PREFIX}[0-9A-Za-z]{{16,}}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_FOUR_DIGITS = re.compile(r"\d{4}")

_BETWEEN = r"[ \t\u00a0./\u2010-\u2015\uff0f\uff0e\uff0d-]{1,3}"
_MONTH = r"[^\W\d_]{3,10}\.?"
_DATE = rf"""(?:
      \d{{4}}{_BETWEEN}\d{{1,2}}{_BETWEEN}\d{{1,2}}
    | \d{{1,2}}{_BETWEEN}\d{{1,2}}{_BETWEEN}(?:\d{{4}}|\d{{2}})
    | \d{{8}}
    | {_MONTH}\ ?\d{{1,2}}(?:st|nd|rd|th)?,?\ {{1,2}}\d{{4}}
    | \d{{1,2}}(?:st|nd|rd|th|er)?[ -](?:de\ |of\ )?{_MONTH}(?:\ de|\ del|,)?[ -]\d{{4}}
    )(?:T\d{{2}}:[\d:.]+Z?)?(?![^\W_])"""
_DATE_INSIDE = re.compile(rf"(?<![^\W_]){_DATE}", re.VERBOSE | re.IGNORECASE)
_ANNOUNCED = re.compile(
    rf"""(?P<words>
      (?: d\.?o\.?b\b\.? | \bborn | birth[\W_]?(?:date|day) | of[\W_]?birth | naissance | \bn[ée]e?\ le
        | \bnacid[oa] | nacimiento )
      [^\w\[]{{0,6}} (?:(?:on|in|le|el|is|was|est|es|fue|the|del?)\b[^\w\[]{{1,4}}){{0,2}}
    )(?P<date>{_DATE})""",
    re.VERBOSE | re.IGNORECASE,
)
_HINTS = ("birth", "born", "dob", "d.o.b", "naissance", "naci", "né", "ne le", "nee le")


def hashed_birth_date(text: str, keyed_hash: KeyedHash, order: str) -> str:
    """birthdate:<keyed hash of the date>, or "[redacted birthdate]" when no date can be read.

    Words around a date stay; so does what was hashed before, and text without a digit. order: MDY, DMY, YMD.
    """
    if not any(char.isdecimal() for char in text):
        return text
    if day := read_birth_date(text, order):
        return PREFIX + keyed_hash(_either_way_round(day))
    with_hashes = _DATE_INSIDE.sub(lambda date: _hashed(date[0], keyed_hash, order), text)
    return with_hashes if _HASHED.search(with_hashes) else UNREADABLE


def _hashed(text: str, keyed_hash: KeyedHash, order: str) -> str:
    day = read_birth_date(text, order)
    return PREFIX + keyed_hash(_either_way_round(day)) if day else UNREADABLE


def _either_way_round(day: date) -> str:
    """The ISO date; where day and month may have been swapped, with the greater of the two as the month.

    Forms ask in one order and people write in the other: 3 April and 4 March make one hash.
    """
    if day.day > _MONTHS:
        return day.isoformat()
    return f"{day.year:04d}-{max(day.month, day.day):02d}-{min(day.month, day.day):02d}"


def read_birth_date(text: str, order: str) -> date | None:
    """The day of birth in a text that holds nothing else, also as YYYYMMDD or with a two-digit year."""
    line = unicodedata.normalize("NFKC", text).strip()
    compact = _COMPACT.fullmatch(line)
    if compact:
        year_first = line[:2] in ("19", "20")
        line = "-".join(compact.groups()) if year_first else f"{line[:2]}/{line[2:4]}/{line[4:]}"
    day = read_date(re.sub(r"[\u2010-\u2015]", "-", line), order)
    if day and not _FOUR_DIGITS.search(line) and day.year % 100 >= _TWO_DIGIT_PIVOT:
        return day.replace(year=1900 + day.year % 100)
    return day


def redact_birth_dates(text: str, keyed_hash: KeyedHash, order: str) -> tuple[str, int]:
    """The text with every date that follows "born", "DOB:", "né le" and the like hashed; and how many."""
    lowered = text.lower()
    if not any(hint in lowered for hint in _HINTS):
        return text, 0
    return _ANNOUNCED.subn(lambda match: match["words"] + _hashed(match["date"], keyed_hash, order), text)
