"""Is a contact that HubSpot already has the borrower, and what may be written to it?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from connectors.crm.base import Found
from connectors.crm.hubspot.records import KEY, Record
from mapping.bundle import ContactRecord

SHARED_EMAIL = "firstpath_shared_email"
IDENTITY = frozenset(
    {KEY, "email", "hs_additional_emails", "firstname", "lastname", "phone", "mobilephone", SHARED_EMAIL}
)
_NOT_DIGITS = re.compile(r"\D+")
_NATIONAL_DIGITS = 10  # North America: area code and local number


def best_match(borrower: ContactRecord, candidates: Iterable[Record]) -> Found | None:
    """The contact among distinct candidates that is this borrower, or None.

    Our own key wins; then the same email with an agreeing first name; then the same phone with the same
    first and last name. Several that match alike: the oldest (lowest id). A contact that carries another
    borrower's key is never the borrower.
    """
    ranked = sorted(
        ((rank, c) for c in candidates if (rank := _rank(borrower, c)) is not None),
        key=lambda pair: (pair[0], len(pair[1].id), pair[1].id),
    )
    if not ranked:
        return None
    rank, best = ranked[0]
    why = _REASONS[rank]
    if len(ranked) > 1 and rank > 0:
        why += f" ({len(ranked)} contacts match; the best and oldest was used)"
    return Found(best.id, best.properties, why)


def same_person(borrower: ContactRecord, existing: Record) -> bool:
    """Whether the contact that holds the borrower's email is the borrower, not a spouse sharing the inbox."""
    key = existing.properties.get(KEY, "")
    if key:
        return key == borrower.key
    return _first_name_agrees(borrower, existing)


def changes(
    wanted: Mapping[str, str], present: Mapping[str, str], overwrite: frozenset[str] = frozenset()
) -> dict[str, str]:
    """The part of wanted that may be written: only where nothing stands, or where the playbook may replace.

    Never replaces our key: a contact that stands for two borrowers keeps the key it has.
    """
    return {
        name: value
        for name, value in wanted.items()
        if value
        and (
            not present.get(name)
            or (name in overwrite and name != KEY and not _same_value(value, present[name]))
        )
    }


def without_email(properties: Mapping[str, str], borrower: ContactRecord) -> dict[str, str]:
    """The same properties for a borrower who shares an inbox: HubSpot holds one contact per email."""
    rest = {name: value for name, value in properties.items() if name != "email"}
    shared = properties.get("email") or (borrower.emails[0] if borrower.emails else "")
    return rest | {SHARED_EMAIL: shared} if shared else rest


def national_digits(phone: str) -> str:
    """The last ten digits of a number as anybody may have typed it, "" when there are fewer."""
    digits = _NOT_DIGITS.sub("", phone)
    return digits[-_NATIONAL_DIGITS:] if len(digits) >= _NATIONAL_DIGITS else ""


_REASONS = ("our key", "the same email and first name", "the same phone, first and last name")


def _rank(borrower: ContactRecord, candidate: Record) -> int | None:
    key = candidate.properties.get(KEY, "")
    if key:
        return 0 if key == borrower.key else None
    if _shares_email(borrower, candidate) and _first_name_agrees(borrower, candidate):
        return 1
    if _shares_phone(borrower, candidate) and _full_name_agrees(borrower, candidate):
        return 2
    return None


def _shares_email(borrower: ContactRecord, candidate: Record) -> bool:
    theirs = [candidate.properties.get("email", "")]
    theirs += candidate.properties.get("hs_additional_emails", "").split(";")
    return not {e.strip().casefold() for e in theirs if e.strip()}.isdisjoint(
        e.casefold() for e in borrower.emails
    )


def _shares_phone(borrower: ContactRecord, candidate: Record) -> bool:
    theirs = {national_digits(candidate.properties.get(name, "")) for name in ("phone", "mobilephone")} - {""}
    return not theirs.isdisjoint(national_digits(phone) for phone in borrower.phones)


def _first_name_agrees(borrower: ContactRecord, candidate: Record) -> bool:
    theirs, ours = _folded(candidate.properties.get("firstname", "")), _first_names(borrower)
    return not theirs or not ours or any(_one_begins_the_other(theirs, name) for name in ours)


def _full_name_agrees(borrower: ContactRecord, candidate: Record) -> bool:
    first, last = (_folded(candidate.properties.get(name, "")) for name in ("firstname", "lastname"))
    ours = _folded(borrower.fields.get("lastname", ""))
    return (
        bool(first and last)
        and last == ours
        and bool(_first_names(borrower))
        and _first_name_agrees(borrower, candidate)
    )


def _first_names(borrower: ContactRecord) -> list[tuple[str, ...]]:
    names = borrower.names or (borrower.fields.get("firstname", ""),)
    return [folded for name in names if (folded := _folded(name))]


def _one_begins_the_other(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Mary and Mary Ann agree; Jean Paul and Jean Marie do not."""
    return all(x == y for x, y in zip(a, b, strict=False))


def _folded(name: str) -> tuple[str, ...]:
    """The words of a name without case, accents and punctuation."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return tuple(re.findall(r"\w+", plain.casefold()))


def _same_value(ours: str, theirs: str) -> bool:
    """Whether two spellings say the same: HubSpot rewrites numbers, times and the case of emails."""
    if ours.strip().casefold() == theirs.strip().casefold():
        return "@" in ours or ours.strip() == theirs.strip()
    try:
        return Decimal(ours) == Decimal(theirs)
    except InvalidOperation:
        return _moment(ours) is not None and _moment(ours) == _moment(theirs)


def _moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
