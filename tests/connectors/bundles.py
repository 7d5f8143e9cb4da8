"""Invented borrowers and what their inquiries become, under the tests' own field names (account.Words)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from connectors.crm.base import Receipt, RecordKind, Work
from mapping.crm.bundle import Bundle, ContactRecord, DealRecord, TaskRecord

PIPELINE = "Mortgage inquiries"
STAGES = ("New inquiry", "Contacted", "Collecting documents", "Funded", "Lost")
OWNER = "maya.chen@brokerage.example.com"
OTHER_OWNER = "luis.ortega@brokerage.example.com"
Links = Mapping[tuple[RecordKind, str], str]


def borrower(number: int = 1, first: str = "Ana", last: str = "Quill", **changes: object) -> ContactRecord:
    """Borrower BN with an email, a phone and an owner."""
    email, phone = f"{first.lower()}{number}@example.com", f"+1416555{number:04d}"
    record = ContactRecord(
        key=f"B{number}",
        fields={"first_name": first, "last_name": last, "email": email, "phone": phone, "city": "Guelph"},
        emails=(email,),
        phones=(phone,),
        names=(first,),
        last_name=last,
        owner_email=OWNER,
    )
    return replace(record, **changes)  # type: ignore[arg-type]


def having(contact: ContactRecord, **fields: str) -> ContactRecord:
    """The same borrower with some fields answered otherwise."""
    return replace(contact, fields=contact.fields | fields)


def inquiry(*contacts: ContactRecord, number: int = 1, **changes: object) -> Bundle:
    """Inquiry IN of these borrowers (borrower BN if none is given) with one follow-up, FN."""
    due = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    fields = {"amount": "450000", "need": "purchase", "value": "600000"}
    bundle = Bundle(
        key=f"D{number}",
        contacts=contacts or (borrower(number),),
        deal=DealRecord(f"I{number}", "Purchase in Guelph", PIPELINE, STAGES[0], fields, OWNER),
        tasks=(
            TaskRecord(f"F{number}", "Call the borrower", "About the purchase.", due, "call", "HIGH", OWNER),
        ),
    )
    return replace(bundle, **changes)  # type: ignore[arg-type]


def couple(number: int = 1) -> Bundle:
    """Inquiry IN of Ana, borrower BN, and Ben, borrower B(100 + N)."""
    return inquiry(borrower(number), borrower(100 + number, "Ben"), number=number)


def work(*bundles: Bundle, links: Links | None = None, look_first: bool = False) -> list[Work]:
    """Pieces of work as the ledger would hand them over."""
    return [Work(bundle, links or {}, look_first) for bundle in bundles]


def links_in(receipts: Iterable[Receipt]) -> dict[tuple[RecordKind, str], str]:
    """What the ledger remembers from receipts."""
    return {(o.kind, o.key): o.remote_id for r in receipts for o in r.outcomes if o.remote_id}
