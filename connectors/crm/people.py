"""Is somebody whom the CRM already has the borrower? The same rules for every vendor."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from mapping.crm.bundle import ContactRecord

_NOT_DIGITS = re.compile(r"\D+")
_NATIONAL_DIGITS = 10  # North America: area code and local number
_REASONS = ("our key", "the same email and first name", "the same phone, first and last name")


@dataclass(frozen=True, slots=True)
class Person:
    """A contact that stands in the CRM, as far as it tells people apart; key is ours, "" when not there."""

    id: str
    key: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()  # in any spelling
    first_name: str = ""
    last_name: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """Who the borrower is there, why in words, and the ids of others who match as well as that."""

    id: str
    why: str
    others: tuple[str, ...] = ()


def best_match(borrower: ContactRecord, candidates: Iterable[Person]) -> Match | None:
    """The person among distinct candidates who is this borrower, or None.

    Our own key wins; then the same email with an agreeing first name; then the same phone with the same
    first and last name. Several that match: the best, of those the oldest (lowest id). Somebody who carries
    another borrower's key is never the borrower.
    """
    ranked = sorted(
        ((rank, c) for c in candidates if (rank := _rank(borrower, c)) is not None),
        key=lambda pair: (pair[0], len(pair[1].id), pair[1].id),
    )
    if not ranked:
        return None
    rank, best = ranked[0]
    # Our key says it for certain: whoever else looks like the borrower is the CRM's own double.
    others = tuple(person.id for _, person in ranked[1:]) if rank else ()
    why = _REASONS[rank]
    if others:
        why += f" ({len(ranked)} contacts match; the best and oldest was used)"
    return Match(best.id, why, others)


def same_person(borrower: ContactRecord, existing: Person) -> bool:
    """Whether somebody who holds the borrower's email is the borrower, not a spouse sharing the inbox."""
    if existing.key:
        return existing.key in keys_of(borrower)
    return _first_name_agrees(borrower, existing)


def keys_of(borrower: ContactRecord) -> tuple[str, ...]:
    """Every key of ours that a contact of this borrower may carry, the one of now first."""
    return (borrower.key, *borrower.formerly)


def national_digits(phone: str) -> str:
    """The last ten digits of a number as anybody may have typed it, "" when there are fewer."""
    digits = _NOT_DIGITS.sub("", phone)
    return digits[-_NATIONAL_DIGITS:] if len(digits) >= _NATIONAL_DIGITS else ""


def spellings(phone: str) -> list[str]:
    """The ways a number usually stands in a CRM: as we write it, and as people in North America do."""
    local = national_digits(phone)
    if not local:
        return [phone]
    area, exchange, line = local[:3], local[3:6], local[6:]
    return [phone, local, f"({area}) {exchange}-{line}", f"{area}-{exchange}-{line}"]


def _rank(borrower: ContactRecord, candidate: Person) -> int | None:
    if candidate.key:
        return 0 if candidate.key in keys_of(borrower) else None
    if _shares_email(borrower, candidate) and _first_name_agrees(borrower, candidate):
        return 1
    if _shares_phone(borrower, candidate) and _full_name_agrees(borrower, candidate):
        return 2
    return None


def _keys(borrower: ContactRecord) -> tuple[str, ...]:
    return (borrower.key, *borrower.formerly)


def _shares_email(borrower: ContactRecord, candidate: Person) -> bool:
    theirs = {email.strip().casefold() for email in candidate.emails if email.strip()}
    return not theirs.isdisjoint(email.casefold() for email in borrower.emails)


def _shares_phone(borrower: ContactRecord, candidate: Person) -> bool:
    theirs = {national_digits(phone) for phone in candidate.phones} - {""}
    return not theirs.isdisjoint(national_digits(phone) for phone in borrower.phones)


def _first_name_agrees(borrower: ContactRecord, candidate: Person) -> bool:
    theirs = _folded(candidate.first_name)
    ours = [folded for name in borrower.names if (folded := _folded(name))]
    return not theirs or not ours or any(_one_begins_the_other(theirs, name) for name in ours)


def _full_name_agrees(borrower: ContactRecord, candidate: Person) -> bool:
    first, last = _folded(candidate.first_name), _folded(candidate.last_name)
    return (
        bool(first and last)
        and last == _folded(borrower.last_name)
        and any(map(_folded, borrower.names))
        and _first_name_agrees(borrower, candidate)
    )


def _one_begins_the_other(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Mary and Mary Ann agree; Jean Paul and Jean Marie do not."""
    return all(x == y for x, y in zip(a, b, strict=False))


def _folded(name: str) -> tuple[str, ...]:
    """The words of a name without case, accents and punctuation."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return tuple(re.findall(r"\w+", plain.casefold()))
