"""Emails and phones of two people: whether they agree, and whether that tells of a person or a household."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import IntEnum

from rapidfuzz.distance import OSA

from mapping.identity import first_names, last_names, weights
from mapping.identity.first_names import Agreement
from mapping.identity.known import KnownBorrower
from mapping.identity.last_names import LastNames
from mapping.inboxes import inbox, is_family_inbox, is_named_for
from mapping.inquiry import Party
from mapping.lookup_keys import Key, email_key, is_fictional, phone_key
from mapping.nicknames import is_given_name
from mapping.normalize.text import fold

_NAMES_OF_NOBODYS = 3
_SHORTEST_NEAR = 6
_DAYS_OF_YEAR = 365.25
_OLD_YEARS = 1.0


class Standing(IntEnum):
    """What it tells that two people have this email or phone."""

    NOTHING = 0
    HOUSEHOLD = 1
    PERSON = 2


@dataclass(frozen=True, slots=True)
class Contact:
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


@dataclass(frozen=True, slots=True)
class Contacts:
    """What is asked of somebody's contact points once, whoever they are compared with."""

    email: str  # "" when it is no evidence
    phone: str
    email_standing: Standing
    phone_standing: Standing
    at: datetime | None


def contacts_of(
    party: Party, known: Sequence[KnownBorrower], at: datetime | None, worthless: Collection[Key]
) -> Contacts:
    """The party's own, judged by who else was seen with them."""
    email, phone = email_key(party.email), phone_key(party.phone)
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
    )


def _standing(party: Party, sharers: Sequence[KnownBorrower]) -> Standing:
    """Two who share it and have unlike first names are a household, three unlike full names an office."""
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


def compare_emails(mine: Contacts, party: Party, borrower: KnownBorrower) -> Contact:
    """The party's email with those of the borrower."""
    theirs = [email for one in borrower.emails if (email := email_key(one))]
    if not mine.email or not theirs:
        return Contact()
    if mine.email in theirs:
        return _same_inbox(mine, party, borrower, weights.EMAIL, "email same")
    here = inbox(mine.email)
    for there in map(inbox, theirs):
        if there.address == here.address:
            names = (party.first_name, *borrower.first_names)
            if any(tag != "" and _names_somebody(tag, names) for tag in (here.tag, there.tag)):
                words = "inbox same, marked for one person"
                return Contact(weights.SHARED, words, True, Standing.HOUSEHOLD, marked=True)
            if here.mistyped or there.mistyped:
                return _same_inbox(
                    mine, party, borrower, weights.EMAIL_MISTYPED, "email same but for a typing slip"
                )
            return _same_inbox(
                mine, party, borrower, weights.EMAIL_REWRITTEN, "email same, written another way"
            )
    # Namesakes make like addresses of their name: only another's likeness tells.
    named = is_named_for(mine.email, party.first_name, party.last_name)
    if not named and any(_emails_near(mine.email, other) for other in theirs):
        return Contact(weights.EMAIL_NEAR, "email nearly the same", True, Standing.HOUSEHOLD, near=True)
    numbered = any(_numbered_apart(mine.email, other) for other in theirs)
    words = "email differs by a number" if numbered else "email differs"
    return Contact(weights.EMAIL_DIFFERS, words, differs=True, numbered=numbered)


def _named(party: Party, borrower: KnownBorrower) -> Party:
    """The party; who gave no first name must be the borrower for the inbox to be theirs."""
    if party.first_name or not borrower.first_names:
        return party
    last = party.last_name or (borrower.last_names or ("",))[0]
    return replace(party, first_name=borrower.first_names[0], last_name=last)


def _same_inbox(mine: Contacts, party: Party, borrower: KnownBorrower, bits: float, words: str) -> Contact:
    """One inbox: whose it is depends on who else reads it and on the name it bears."""
    nameless, party = not (party.first_name and borrower.first_names), _named(party, borrower)
    if mine.email_standing is Standing.NOTHING:
        return Contact(0.0, "email of several unrelated people")
    if is_family_inbox(mine.email, party.first_name, party.last_name):
        return Contact(weights.SHARED, f"{words}, a family's", True, Standing.HOUSEHOLD)
    named = is_named_for(mine.email, party.first_name, party.last_name)
    if mine.email_standing is Standing.HOUSEHOLD and not named:
        return Contact(weights.SHARED, f"{words}, shared by a household", True, Standing.HOUSEHOLD)
    if named is False:
        return Contact(weights.SHARED, f"{words}, bears another's name", True, Standing.HOUSEHOLD)
    if nameless and not named:
        return Contact(bits, f"{words}, of nobody's name", True, Standing.HOUSEHOLD)
    return Contact(bits, words, True, Standing.PERSON)


def _names_somebody(tag: str, names: Sequence[str]) -> bool:
    """ "john+mary@": the tag names a person; "john+quotes@" is noise."""
    return is_given_name(tag) or any(tag in fold(name).split() for name in names)


def _emails_near(one: str, other: str) -> bool:
    """One slip apart, and not in a digit: john.smith1 and john.smith2 are two people."""
    local, _, domain = one.partition("@")
    also_local, _, also_domain = other.partition("@")
    if min(len(local), len(also_local)) < _SHORTEST_NEAR:
        return False
    if local == also_local:
        return not local.isalpha() or OSA.distance(domain, also_domain, score_cutoff=2) <= 2
    digits, also_digits = ([char for char in text if char.isdigit()] for text in (local, also_local))
    return (
        domain == also_domain
        and digits == also_digits
        and OSA.distance(local, also_local, score_cutoff=1) <= 1
    )


def _numbered_apart(one: str, other: str) -> bool:
    """ "robert.brooks@" and "robertbrooks2@" of one provider: the second had to take what was left."""
    (local, _, domain), (also_local, _, also_domain) = one.partition("@"), other.partition("@")
    letters, also_letters = (re.sub("[^a-z]", "", text) for text in (local, also_local))
    digits, also_digits = (re.sub("[^0-9]", "", text) for text in (local, also_local))
    return domain == also_domain and letters == also_letters and digits != also_digits


def compare_phones(mine: Contacts, borrower: KnownBorrower) -> Contact:
    """The party's phone with those of the borrower; an old number says less than one heard of late."""
    theirs = [phone for one in borrower.phones if (phone := phone_key(one))]
    if not mine.phone or not theirs:
        return Contact()
    if mine.phone not in theirs:
        near = any(OSA.distance(mine.phone, other, score_cutoff=1) <= 1 for other in theirs)
        if near and not is_fictional(mine.phone):
            return Contact(weights.PHONE_NEAR, "phone nearly the same", True, Standing.HOUSEHOLD, near=True)
        return Contact(weights.PHONE_DIFFERS, "phone differs", differs=True)
    if mine.phone_standing is Standing.NOTHING:
        return Contact(0.0, "phone of several unrelated people")
    years = _years_since(borrower.last_seen.get(mine.phone, ""), mine.at)
    stale = years > _OLD_YEARS
    if is_fictional(mine.phone):
        return Contact(weights.FICTIONAL, "a made-up phone same", True, Standing.NOTHING, stale=stale)
    if mine.phone_standing is Standing.HOUSEHOLD:
        words = "phone same, shared by a household"
        return Contact(weights.SHARED, words, True, Standing.HOUSEHOLD, stale=stale)
    bits = max(weights.PHONE_OLDEST, weights.PHONE + weights.PHONE_YEAR * max(0.0, years - _OLD_YEARS))
    words = "phone same, not heard for over a year" if stale else "phone same"
    return Contact(bits, words, True, Standing.PERSON, stale=stale)


def _years_since(day: str, at: datetime | None) -> float:
    return (at.date() - date.fromisoformat(day)).days / _DAYS_OF_YEAR if day and at else 0.0
