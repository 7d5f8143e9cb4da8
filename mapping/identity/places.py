"""Do two people live at one place? Relatives do, so that a place is evidence of a household."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from mapping.identity.known import Place
from mapping.normalize.text import fold
from mapping.people.lookup_keys import address_words

_UNIT = re.compile(
    r"(?:#|\b(?:apt|apartment|unit|suite|ste|apto|app|bureau)\b\.?)\s*#?\s*([\w-]+)", re.IGNORECASE
)


class Nearness(IntEnum):
    """How two places stand to each other, the nearest highest."""

    OTHER_STATE = 0
    ELSEWHERE = 1
    UNKNOWN = 2
    CITY = 3
    POSTAL = 4
    BUILDING = 5  # the same house, another unit
    ADDRESS = 6


def nearest(place: Place, others: tuple[Place, ...]) -> Nearness:
    """The nearest of the places where somebody was."""
    return max([compare(place, other) for other in others], default=Nearness.UNKNOWN)


@lru_cache(maxsize=1024)
def compare(one: Place, other: Place) -> Nearness:
    """House number and first word of the street decide, with postal code or city; unit matters in towers."""
    same_postal = _same(one.postal_code.partition("-")[0], other.postal_code.partition("-")[0])
    same_city = _same(fold(one.city), fold(other.city))
    if one.state and other.state and one.state != other.state:
        return Nearness.OTHER_STATE
    street, also_street = address_words(one.street), address_words(other.street)
    if street and street == also_street and (same_postal or (same_city and same_postal is not False)):
        units = _unit(one.street), _unit(other.street)
        return Nearness.BUILDING if all(units) and units[0] != units[1] else Nearness.ADDRESS
    if same_postal:
        return Nearness.POSTAL
    if same_city:
        return Nearness.CITY
    return Nearness.UNKNOWN if same_postal is None and same_city is None else Nearness.ELSEWHERE


def _same(one: str, other: str) -> bool | None:
    return one == other if one and other else None


def _unit(street: str) -> str:
    found = _UNIT.search(street)
    return found[1].lower() if found else ""
