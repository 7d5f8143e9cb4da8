"""In which time zones a person may be: by postal code, town, state or province, and area code."""

from __future__ import annotations

import re
from functools import lru_cache
from zoneinfo import ZoneInfo

from phonenumbers import NumberParseException, parse, region_code_for_number
from phonenumbers.timezone import time_zones_for_geographical_number

from mapping.hours.calling_tables import Zones, calling_tables
from mapping.normalize.text import fold

_NOWHERE = (None, "US", "CA")  # a code that nobody has; toll-free, which rings anywhere
_NOT_POSTAL = re.compile(r"[^0-9A-Z]+")
_LONGEST, _SHORTEST = 6, 1  # characters of a postal code that the tables may name


def zones_of(place: str, *, postal_code: str = "", town: str = "", code: str = "") -> Zones:
    """The zones of a state or province, narrowed by the first of these that tells.

    code is an area code that belongs to this place. Raises KeyError for a place that the tables do not know.
    """
    tables = calling_tables()
    zones = tables.zones[tables.country_of[place]][place]
    if len(zones) == 1:
        return zones
    by_postal_code = _by_postal_code(place, postal_code)
    if by_postal_code:
        return by_postal_code
    by_town = tables.town_zones.get(place, {}).get(fold(town), ()) if town else ()
    if by_town:
        return by_town
    narrowed = tables.area_code_zones.get(code)
    return (narrowed,) if narrowed in zones else zones


def area_code(phone: str) -> str:
    """The area code of a North American number in E.164, "" for any other."""
    return phone[2:5] if phone.startswith("+1") else ""


def places_of_code(code: str) -> tuple[str, ...]:
    """The states or provinces that an area code serves; () for toll-free and unknown codes."""
    return calling_tables().area_codes.get(code, ())


def zones_abroad(phone: str) -> Zones:
    """The zones in which a number (E.164) from elsewhere may ring; () for the US, Canada and nowhere."""
    if not phone or places_of_code(area_code(phone)):
        return ()
    try:
        number = parse(phone)
    except NumberParseException:
        return ()
    if region_code_for_number(number) in _NOWHERE:
        return ()
    return tuple(zone for zone in time_zones_for_geographical_number(number) if _exists(zone))


def _by_postal_code(place: str, postal_code: str) -> Zones:
    """By the longest beginning that the tables name."""
    beginnings = calling_tables().postal_zones.get(place)
    if not beginnings or not postal_code:
        return ()
    written = _NOT_POSTAL.sub("", postal_code.upper())
    lengths = range(min(_LONGEST, len(written)), _SHORTEST - 1, -1)
    return next((beginnings[written[:n]] for n in lengths if written[:n] in beginnings), ())


@lru_cache(maxsize=512)
def _exists(zone: str) -> bool:
    """The phone library says "Etc/Unknown" of a satellite telephone."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return False
    return True
