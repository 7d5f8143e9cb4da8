"""The single values a playbook may hold, each refused with a sentence and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from mapping.hours.calling_tables import calling_tables
from mapping.hours.windows import Ranges, holiday_dates, parse_ranges
from mapping.playbook.faults import fault, likely, nearest
from mapping.reading.language import LANGUAGES, read_language

MAX_MINUTES = 4 * 7 * 24 * 60
MAX_WEIGHT = 1000
MAX_DAYS = 36_500
MAX_COUNT = 100_000
MAX_NUMBER = 10**12

_PROPERTY = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,99}")
_SLUG = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LINK = re.compile(r"https://[^\s/]+\.[^\s/]+(/\S*)?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")


def text(value: Any) -> str:
    """Text that is not blank."""
    if isinstance(value, list):
        raise fault("this must be one text, not a list", 'Write it in quotes and without brackets: "...".')
    if not isinstance(value, str):
        raise fault("this must be text", 'Write it in quotes: "...".')
    if not value.strip():
        raise fault("this must not be blank", "Write it in quotes, or remove the line.")
    return value.strip()


def is_email(text: str) -> bool:
    """Whether it looks like an email address."""
    return bool(_EMAIL.fullmatch(text))


def email(value: Any) -> str:
    """The address by which the CRM knows a person."""
    address = text(value)
    if not is_email(address):
        raise fault("this is not an email address", "Write the address of the person's login in the CRM.")
    return address


def word(what: str, words: Collection[str]) -> Callable[[Any], str]:
    """One word of a closed vocabulary; what names it in the message ("inquiry type")."""

    def read(value: Any) -> str:
        written = text(value)
        if written not in words:
            raise fault(f"this {what} does not exist", nearest(written, words), likely(written, words))
        return written

    # The long vocabulary is listed once, at the end of the document.
    read.__doc__ = f"One of: {', '.join(words)}." if len(words) < 30 else f"A {what}, see the list below."
    return read


def place(value: Any) -> str:
    """A US state or territory or a Canadian province, two letters."""
    code = text(value)
    if code not in calling_tables().country_of:
        remedy = 'Write its two-letter code in capitals, such as "CA" or "ON".'
        raise fault("this is not a state or province", remedy)
    return code


def zone(value: Any) -> str:
    """An IANA time zone."""
    name = text(value)
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, malformed, a folder of the zone data
        known = {one for rows in calling_tables().zones.values() for names in rows.values() for one in names}
        close = get_close_matches(name, known, n=1)
        remedy = f'Write "{close[0]}".' if close else 'Write an IANA zone such as "America/New_York".'
        raise fault("this time zone does not exist", remedy) from None
    return name


def holiday_calendar(value: Any) -> str:
    """A calendar of the holidays library: "US", "US-CA", "CA-ON"."""
    calendar = text(value)
    try:
        holiday_dates(calendar, 2026)
    except NotImplementedError:
        remedy = 'Write a country such as "US", or country and state or province such as "CA-ON".'
        raise fault("this holiday calendar does not exist", remedy) from None
    return calendar


def open_ranges(value: Any) -> Ranges:
    """The open hours of a day: "09:00-12:30, 13:30-17:00", "" when closed."""
    if not isinstance(value, str):
        raise fault("hours must be text", 'Write "09:00-17:30", or "" when closed.')
    try:
        return parse_ranges(value)
    except ValueError as e:
        raise fault(str(e), 'Write "09:00-17:30", several ranges with commas, or "" when closed.') from None


def day(value: Any) -> date:
    """A date, as TOML writes it or in quotes."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise fault("this is not a date", "Write year, month and day: 2027-12-31.") from None


def number(value: Any) -> Decimal:
    """A number from 0 on."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise fault("this must be a number", "Write it without quotes.")
    if not 0 <= value <= MAX_NUMBER:
        raise fault(
            "this number must be 0 or more, and believable", f"Write a number from 0 to {MAX_NUMBER}."
        )
    return Decimal(str(value))


def minutes(value: Any) -> int:
    """Whole minutes, at most four weeks."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_MINUTES:
        remedy = f"Write a whole number from 0 to {MAX_MINUTES}, without quotes."
        raise fault("this is not a number of minutes", remedy)
    return value


def hours(value: Any) -> int:
    """Whole hours, at most four weeks."""
    most_hours = MAX_MINUTES // 60
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most_hours:
        remedy = f"Write a whole number from 0 to {most_hours}, without quotes."
        raise fault("this is not a number of hours", remedy)
    return value


def days(value: Any) -> int:
    """Whole days, at most a hundred years either way."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MAX_DAYS:
        raise fault("this is not a number of days", "Write a whole number without quotes.")
    return value


def count(value: Any) -> int:
    """A whole number from 1 to 365."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 365:
        raise fault("this is not a number from 1 to 365", "Write a whole number without quotes.")
    return value


def https_link(value: Any) -> str:
    """The address of a page."""
    address = text(value)
    if not _LINK.fullmatch(address):
        raise fault("this is not the address of a page", 'Write it in full: "https://example.com/apply".')
    return address


def slug(value: Any) -> str:
    """A short name of small letters, digits and underscores."""
    name = text(value)
    if not _SLUG.fullmatch(name):
        remedy = 'Use at most 40 small letters, digits and underscores, such as "second_call".'
        raise fault("this name cannot be used", remedy, re.sub(r"[^a-z0-9]+", "_", name.casefold()))
    return name


def most(value: Any) -> int:
    """A whole number above 0."""
    return _above_zero(value, "Write a whole number from 1 on, without quotes.")


def room(value: Any) -> int:
    """A whole number above 0."""
    return _above_zero(
        value, "Write a whole number from 1 on without quotes, or leave the key out; paused = true for none."
    )


def _above_zero(value: Any, remedy: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MAX_COUNT:
        raise fault(f"this must be a whole number above 0, at most {MAX_COUNT}", remedy)
    return value


def language(value: Any) -> str:
    """A language, two small letters: "en"."""
    code = text(value)
    if not re.fullmatch(r"[a-z]{2}", code):
        known = read_language(code)
        remedy = f'Write "{known}".' if known else 'Write two small letters, such as "en", "es" or "fr".'
        raise fault("this is not the code of a language", remedy)
    return code


def inquiry_language(value: Any) -> str:
    """A language that inquiries are read in: en, es, fr."""
    code = language(value)
    if code not in LANGUAGES:
        remedy = f"Choose one of: {', '.join(LANGUAGES)}; a language that is none of them counts as en."
        raise fault("no inquiry is ever in this language", remedy)
    return code


def licence_number(value: Any) -> str:
    """A number of 3 to 12 digits, in quotes."""
    written = text(value).removeprefix("NMLS").strip(" #")
    if not re.fullmatch(r"[0-9]{3,12}", written):
        raise fault("this is not an NMLS number", 'Write its digits in quotes: "1000001".')
    return written


def address_or_domain(value: Any) -> str:
    """An email address, or "@" and a domain."""
    written = text(value)
    if not _EMAIL.fullmatch(f"somebody{written}" if written.startswith("@") else written):
        raise fault(
            "this is neither an email address nor a domain", 'Write "lena@example.com" or "@example.com".'
        )
    return written.casefold()


def weight(value: Any) -> float:
    """A share of the turns, above 0."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= MAX_WEIGHT:
        remedy = "Write 1 for an ordinary share, 2 for twice as many; paused = true for none."
        raise fault(f"the weight must be a number above 0, at most {MAX_WEIGHT}", remedy)
    return float(value)


def switch(value: Any) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise fault("this must be true or false", "Write true or false without quotes.")
    return value


def property_name(value: Any) -> str:
    """The internal name of a CRM property."""
    name = text(value)
    if not _PROPERTY.fullmatch(name):
        remedy = "Use letters, digits and underscores, beginning with a letter."
        raise fault("this is not a property name", remedy)
    return name
