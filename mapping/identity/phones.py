"""Phones of two people: the same one, nearly the same, or another, and how long ago it was heard."""

from __future__ import annotations

from datetime import date, datetime

from rapidfuzz.distance import OSA

from mapping.identity import weights
from mapping.identity.contacts import Contact, Contacts, Standing
from mapping.identity.known import KnownBorrower
from mapping.people.lookup_keys import is_fictional

_DAYS_OF_YEAR = 365.25
_OLD_YEARS = 1.0


def compare_phones(mine: Contacts, borrower: KnownBorrower) -> Contact:
    """The party's phone with those of the borrower; an old number says less than one heard of late."""
    theirs = [phone for one in borrower.phones if (phone := mine.rules.phone_key(one))]
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
