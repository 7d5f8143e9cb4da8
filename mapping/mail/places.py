"""The place that free text speaks of: "
""in Tucson, Arizona", "Decatur, GA", "Alameda County (California)"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mapping.normalize.places import read_address, read_postal_code, read_state

_UPPER = r"[A-ZÀ-ÖØ-Þ]"
_CITY_WORD = rf"(?:(?:St|Ste|Ft|Mt)\.|{_UPPER}[\w'’-]+)"
_CITY = rf"{_CITY_WORD}(?:[ ](?:de |du |des |la |le |los |las |del )?{_CITY_WORD}){{0,3}}"
_STATE = (
    r"[A-Z]{2}\b|(?i:(?:new|north|south|west|rhode|british|prince|nova|nouveau|nouvelle|nueva|nuevo"
    r"|colombie|île|carolina|caroline"
    r"|district)[ -](?:[a-zà-ÿ]+[ -]?){1,2})|" + rf"{_UPPER}[a-zà-ÿ]+"
)
_CITY_STATE = re.compile(
    rf"(?P<city>{_CITY_WORD}(?: {_CITY_WORD}){{0,2}}) (?P<state>[A-Z]{{2}})(?: (?P<code>\d{{5}}"
    rf"|[A-Z]\d[A-Z] ?\d[A-Z]\d))?(?=[\s,.;:!?)]|$)"
)
_CITY_COMMA_STATE = re.compile(
    rf"(?P<city>{_CITY}), ?(?P<state>{_STATE})(?: (?P<code>\d{{5}}|[A-Z]\d[A-Z] ?\d[A-Z]\d))?"
)
_IN_STATE = re.compile(
    rf"\b(?i:in|en|au|à|across|throughout|near|within)\s+(?:(?:the|la|le|el) )?(?:state of |l['’]?"
    rf"|province of )?(?P<state>{_STATE})(?=[\s,.;:!?)]|$)"
)
_PARENTHESES = re.compile(rf"\((?P<state>{_STATE})\)")
_BARE = re.compile(r"(?:^|[.,;] )(?P<state>[A-Z]{2})(?=[.,;]?(?:\s|$))")
_IN_CITY = re.compile(rf"\b(?:in|near|around|outside|à|en|cerca de|près de)\s+(?P<city>{_CITY})")
_STREET = re.compile(
    rf"\b(?P<line>\d{{1,6}} (?:[A-Z0-9#][\w'’.-]*,? ){{1,6}}{_CITY}, ?(?:{_STATE})"
    r"(?:,? (?:\d{5}|[A-Z]\d[A-Z] ?\d[A-Z]\d))?)"
)
_AWAY = re.compile(r"\b(?:from|leaving|de|desde|depuis|quitter|venant de)\s+$", re.IGNORECASE)
_NO_CITY = frozenset(
    {
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
    }
    | {
        "december",
        "spanish",
        "english",
        "french",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "i",
        "my",
    }
    | {"purchase", "refinance", "refi", "renewal", "heloc", "construction", "achat", "compra", "buying"}
    | {
        "saturday",
        "sunday",
        "spring",
        "summer",
        "fall",
        "winter",
        "the",
        "a",
        "his",
        "her",
        "español",
        "fha",
        "va",
    }
)


def places_in(text: str) -> Iterator[tuple[str, str]]:
    """property_street, property_city, property_state, as far as said; where somebody leaves is no place."""
    street = _STREET.search(text)
    if street and read_address(street["line"]).state:
        yield "property_street", street["line"]
        return
    for match in (*_CITY_COMMA_STATE.finditer(text), *_CITY_STATE.finditer(text)):
        state = read_state(match["state"])
        city = _city(match["city"])
        if state and city and not _AWAY.search(text[: match.start()][-12:]):
            yield "property_city", city
            yield "property_state", state
            if match["code"] and read_postal_code(match["code"]):
                yield "property_postal_code", match["code"]
            return
    yield from _without_comma(text)


def _without_comma(text: str) -> Iterator[tuple[str, str]]:
    for pattern in (_PARENTHESES, _IN_STATE, _BARE):
        for match in pattern.finditer(text):
            state = read_state(match["state"])
            if state and not _AWAY.search(text[: match.start()][-12:]):
                yield "property_state", state
                yield from _city_alone(text)
                return
    yield from _city_alone(text)


def _city_alone(text: str) -> Iterator[tuple[str, str]]:
    for match in _IN_CITY.finditer(text):
        city = _city(match["city"])
        if city and not read_state(city) and len(city) > 2:
            yield "property_city", city
            return


def _city(words: str) -> str:
    """The city without a word before it that only begins the sentence."""
    if words.endswith((" County", " Counties", " Parish")):
        return ""
    parts = words.strip(".").split(" ")
    while parts and parts[0].lower().strip(".") in _NO_CITY:
        parts.pop(0)
    return " ".join(parts).strip(" .,")
