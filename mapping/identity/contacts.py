"""What an email or a phone comes to between two people: whether it tells of a person or of a household."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import IntEnum

from msgspec import Struct

from mapping.identity import first_names, last_names
from mapping.identity.first_names import Agreement
from mapping.identity.known import KnownBorrower
from mapping.identity.last_names import LastNames
from mapping.identity.rules import USUAL, IdentityRules
from mapping.inquiry import Party
from mapping.people.inboxes import inbox
from mapping.people.lookup_keys import Key

_NAMES_OF_NOBODYS = 3


class Standing(IntEnum):
    """What it tells that two people have this email or phone."""

    NOTHING = 0
    HOUSEHOLD = 1
    PERSON = 2


class Contact(Struct, frozen=True):
    """What one email or phone comes to between two people. agrees: it is the same one, and evidence."""

    bits: float = 0.0
    words: str = ""
    agrees: bool = False
    standing: Standing = Standing.NOTHING
    differs: bool = False
    near: bool = False  # agrees but for a slip
    marked: bool = False  # an inbox of several, with a tag that names one of them
    numbered: bool = False  # differs by a number alone
    stale: bool = False  # not heard for so long that it may be somebody else's by now


class Contacts(Struct, frozen=True):
    """What is asked of somebody's contact points once, whoever they are compared with."""

    email: str  # "" when it is no evidence
    phone: str
    email_standing: Standing
    phone_standing: Standing
    at: datetime | None
    rules: IdentityRules


def contacts_of(
    party: Party,
    known: Sequence[KnownBorrower],
    at: datetime | None,
    worthless: Collection[Key],
    rules: IdentityRules = USUAL,
) -> Contacts:
    """The party's own, judged by who else was seen with them."""
    email, phone = rules.email_key(party.email), rules.phone_key(party.phone)
    if email and not {("email", email), ("email", inbox(email).address)}.isdisjoint(worthless):
        email = ""
    if ("phone", phone) in worthless:
        phone = ""
    address = inbox(email).address if email else ""
    readers = [one for one in known if address and any(inbox(has).address == address for has in one.emails)]
    callers = [one for one in known if phone and phone in one.phones]
    return Contacts(
        email=email,
        phone=phone,
        email_standing=_standing(party, readers),
        phone_standing=_standing(party, callers),
        at=at,
        rules=rules,
    )


def _standing(party: Party, sharers: Sequence[KnownBorrower]) -> Standing:
    """Two who share it and have unlike first names are a household, three unlike full names an office."""
    if len(sharers) < 2:
        return Standing.PERSON
    people: list[tuple[str, str]] = []
    full_names = [(party.first_name, party.last_name)] if party.first_name and party.last_name else []
    for one in sorted(sharers, key=lambda sharer: sharer.id):
        first, last = (one.first_names or ("",))[0], (one.last_names or ("",))[0]
        if first and all(first_names.compare(first, other) is Agreement.UNLIKE for other, _ in people):
            people.append((first, last))
        if first and last and all(_unlike((first, last), other) for other in full_names):
            full_names.append((first, last))
    if len(full_names) >= _NAMES_OF_NOBODYS:
        return Standing.NOTHING
    return Standing.HOUSEHOLD if len(people) > 1 else Standing.PERSON


def _unlike(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return (
        first_names.compare(one[0], other[0]) is Agreement.UNLIKE
        and last_names.compare(one[1], other[1]) is LastNames.UNLIKE
    )
