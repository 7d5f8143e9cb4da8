"""A HubSpot contact as a person: which of its properties tell people apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from connectors.crm import people
from connectors.crm.base import Found
from connectors.crm.hubspot.records import KEY, Record
from connectors.crm.people import Person
from mapping.crm.bundle import ContactRecord

SHARED_EMAIL = "firstpath_shared_email"
IDENTITY = frozenset(
    {KEY, "email", "hs_additional_emails", "firstname", "lastname", "phone", "mobilephone", SHARED_EMAIL}
)


def best_match(borrower: ContactRecord, candidates: Iterable[Record]) -> Found | None:
    """The contact among distinct candidates that is this borrower, or None."""
    records = {record.id: record for record in candidates}
    match = people.best_match(borrower, map(person, records.values()))
    if match is None:
        return None
    return Found(match.id, records[match.id].properties, match.why, match.others)


def same_person(borrower: ContactRecord, existing: Record) -> bool:
    """Whether the contact that holds the borrower's email is the borrower, not a spouse sharing the inbox."""
    return people.same_person(borrower, person(existing))


def person(record: Record) -> Person:
    """Who this contact is."""
    text = record.properties
    return Person(
        id=record.id,
        key=text.get(KEY, ""),
        emails=(text.get("email", ""), *text.get("hs_additional_emails", "").split(";")),
        phones=(text.get("phone", ""), text.get("mobilephone", "")),
        first_name=text.get("firstname", ""),
        last_name=text.get("lastname", ""),
    )


def several(used: str, others: Sequence[str]) -> str:
    """What a person should look at when others match as well as the contact that was used ("" = nobody)."""
    if not others:
        return ""
    return (
        f"{len(others) + 1} contacts in HubSpot match this borrower; {used} was used. "
        f"Merge it with {', '.join(others)} in HubSpot if they are one person."
    )


def without_email(properties: Mapping[str, str], borrower: ContactRecord) -> dict[str, str]:
    """The same properties for a borrower who shares an inbox: HubSpot holds one contact per email."""
    rest = {name: value for name, value in properties.items() if name != "email"}
    shared = properties.get("email") or (borrower.emails[0] if borrower.emails else "")
    return rest | {SHARED_EMAIL: shared} if shared else rest
