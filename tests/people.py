"""Invented people who ask for mortgages."""

from __future__ import annotations

import random
from dataclasses import dataclass

_FIRST = (
    "Renata",
    "Leopold",
    "Amara",
    "Tomas",
    "Ingrid",
    "Kofi",
    "Mei",
    "Santiago",
    "Priya",
    "Oskar",
    "Noor",
    "Bram",
)
_LAST = (
    "Okafor",
    "Grunwald",
    "Delgado",
    "Lindqvist",
    "Mensah",
    "Tanaka",
    "Ferreira",
    "Novak",
    "Haddad",
    "Sorensen",
)
_NEEDS = ("Purchase", "Refinance", "Pre-approval", "Debt consolidation", "Commercial", "Construction")
_STATES = ("CA", "TX", "FL", "NY")


@dataclass(frozen=True)
class Person:
    """One borrower; number tells people apart."""

    number: int
    first: str
    last: str
    email: str
    phone: str


def person(number: int) -> Person:
    """The same person for the same number; no two share an email or a phone."""
    first, last = _FIRST[number % len(_FIRST)], _LAST[number // len(_FIRST) % len(_LAST)]
    # 415-2xx-xxxx numbers are valid in form; the people are not.
    phone = f"+1415{2_000_000 + number:07d}"
    return Person(number, first, last, f"{first}.{last}.{number}@example.com".lower(), phone)


def form_fields(who: Person, number: int) -> dict[str, str]:
    """A website form as this person fills it in; number makes the inquiry a different one."""
    dice = random.Random(number)
    return {
        "submission_id": f"fleet-{number}",
        "first_name": who.first,
        "last_name": who.last,
        "email": who.email,
        "phone": who.phone,
        "loan_type": dice.choice(_NEEDS),
        "property_state": dice.choice(_STATES),
        "loan_amount": f"${dice.randrange(150, 950)},000",
        "message": f"Please call me about request {number}.",
    }
