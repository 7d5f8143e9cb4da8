"""What the answers to one question look like: an address, a number, money, a tick below a consent."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mapping.consent.agreed import CHANNEL_WORDS
from mapping.normalize.emails import is_sole_email, read_email
from mapping.normalize.money import read_amount
from mapping.normalize.phones import read_phone
from mapping.normalize.places import read_postal_code, read_state
from mapping.people.nicknames import is_given_name
from mapping.reading.choices import (
    read_credit_band,
    read_preferred_contact,
    read_property_type,
    read_property_use,
    read_timeframe,
    read_yes_no,
)
from mapping.reading.classify import stated_type
from mapping.reading.sheet import read_birth_hash

#: Fields whose answers must look like this, or the label was misread.
AMOUNTS = frozenset({"property_value", "loan_amount", "down_payment"})

_CONSENT = re.compile(
    r"\b(?:consent\w*|agree|accept\w*|authori[sz]\w*|opt|acepto|autorizo|consiento|autorise|consens)",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?<![\d$,.])[3-8]\d\d(?![\d,]|\s?[kK]\b|\s\d)|\b(?:excellent|good|fair|poor|bon|moyen|bueno|regular|malo)\b",
    re.IGNORECASE,
)
_SPAN = re.compile(
    r"\b(?:asap|as soon as|month|months|weeks?|days?|years?|mois|semaines?|jours?|meses|semanas?|dias?)\b",
    re.IGNORECASE,
)
_PHONE_SHAPE = re.compile(r"[+\d()\s.x#-]{10,24}(?:(?:ext|poste)\.?\s*\d+)?", re.IGNORECASE)
_MONEY_SHAPE = re.compile(r"[$€]|\d[kKmM]\b|\d[, ]\d{3}\b|(?<![\d-])\d{5,8}(?![\d-])")
_PROSE = 8  # words
_OPTION = 5  # words; a longer answer was written, not chosen
_REACH = 4  # words; "Phone call", "Text message", "Any way is fine"


@dataclass(frozen=True, slots=True)
class Look:
    """What all the answers have in common; field "" when that alone says not which field it is."""

    name: str  # email, phone, amount, ...
    words: str  # "an email address"
    field: str
    confidence: float


def _is_email(text: str) -> bool:
    return is_sole_email(text) and read_email(text) is not None


def _is_phone(text: str) -> bool:
    return bool(_PHONE_SHAPE.fullmatch(text.strip())) and read_phone(text, "US") is not None


def _is_amount(text: str) -> bool:
    return bool(_MONEY_SHAPE.search(text)) and read_amount(text) is not None


def _is_consent(text: str) -> bool:
    return len(text.split()) > 3 and bool(_CONSENT.search(text)) and bool(CHANNEL_WORDS.search(text))


def _is_reach(text: str) -> bool:
    return len(text.split()) <= _REACH and "@" not in text and read_preferred_contact(text) is not None


def _is_timeframe(text: str) -> bool:
    return bool(_SPAN.search(text)) and len(text.split()) <= _PROSE and read_timeframe(text) is not None


def _is_credit(text: str) -> bool:
    return bool(_CREDIT.search(text)) and len(text.split()) <= _OPTION and read_credit_band(text) is not None


def _is_need(text: str) -> bool:
    return len(text.split()) <= _PROSE and stated_type(text) is not None


def _is_state(text: str) -> bool:
    return not text.isdigit() and read_state(text) is not None


def _is_prose(text: str) -> bool:
    return len(text.split()) >= _PROSE


def _is_postal_code(text: str) -> bool:
    # "85000" may be a ZIP code or an amount.
    return len(text.strip()) <= 10 and not text.strip().endswith("00") and read_postal_code(text) is not None


def _understood(reader: Callable[[str], object]) -> Callable[[str], bool]:
    return lambda text: len(text.split()) <= _OPTION and reader(text) is not None


# The order is the precedence: what looks like two things is the first.
_LOOKS: tuple[tuple[Look, Callable[[str], bool]], ...] = (
    (Look("birth_date", "a birth date", "date_of_birth", 0.95), _understood(read_birth_hash)),
    (Look("email", "an email address", "email", 0.85), _is_email),
    (Look("consent", "words of consent", "consent", 0.85), _is_consent),
    (Look("phone", "a phone number", "phone", 0.8), _is_phone),
    (Look("credit", "a credit score or rating", "credit_band", 0.65), _is_credit),
    (Look("postal_code", "a ZIP or postal code", "postal_code", 0.65), _is_postal_code),
    (Look("amount", "an amount of money", "", 0.0), _is_amount),
    (Look("state", "a state or province", "state", 0.65), _is_state),
    (Look("yes_no", "a yes or a no", "", 0.0), _understood(read_yes_no)),
    (Look("timeframe", "a time to act", "timeframe", 0.6), _is_timeframe),
    (Look("need", "a kind of mortgage help", "inquiry_type", 0.65), _is_need),
    (Look("use", "a use of the property", "property_use", 0.5), _understood(read_property_use)),
    (Look("kind", "a kind of property", "property_type", 0.5), _understood(read_property_type)),
    (Look("reach", "a way to be reached", "preferred_contact", 0.6), _is_reach),
    (Look("name", "a first name", "first_name", 0.55), is_given_name),
    (Look("prose", "a text in the person's own words", "message", 0.6), _is_prose),
)


def look_of(values: Sequence[str]) -> Look | None:
    """What all the answers look like; None when they look like nothing, or not alike."""
    given = [value for value in values if value.strip()]
    if not given:
        return None
    return next((look for look, fits in _LOOKS if all(fits(value[:2000]) for value in given)), None)
