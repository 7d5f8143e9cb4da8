"""An inquiry as it stands in the ledger."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, select

from jobs.ledger import borrowers, suppressions
from jobs.ledger.borrowers import Borrower
from jobs.ledger.codec import from_json
from jobs.ledger.tables import inquiry as inquiry_table
from jobs.services import Services
from mapping.consent.agreed import taken_back
from mapping.crm.compile import BorrowerFacts
from mapping.inquiry import Inquiry, Stage
from mapping.ownership.owner import OwnerDecision


@dataclass(frozen=True, slots=True)
class KnownInquiry:
    """An inquiry as it stands in the ledger."""

    id: str
    details: Inquiry
    borrower: Borrower
    stage: Stage
    owner: OwnerDecision
    shadow: bool
    next_follow_up_at: datetime | None
    priority: int | None = None


def load(
    connection: Connection, services: Services, inquiry_id: str, *, as_stored: bool = False
) -> KnownInquiry:
    """The inquiry, opened.

    Its consent is closed where the borrower has left a channel by now, also by an inquiry that was somebody
    else's before a merge; as_stored: as it was written down.
    """
    row = connection.execute(select(inquiry_table).where(inquiry_table.c.id == inquiry_id)).one()
    details = from_json(services.sealer.open_json(row.details, f"inquiry.details:{inquiry_id}"), Inquiry)
    if not as_stored and (left := suppressions.of_people(connection, [row.borrower_id])):
        closed = sorted(channel for _, channel in left)
        details = replace(details, consent=taken_back(details.consent, closed))
    who = borrowers.get(connection, services.sealer, row.borrower_id)
    kept = "The owner of the inquiry stays." if row.owner else "Nobody owns the inquiry yet."
    owner = OwnerDecision(row.owner, row.owner_name, "sticky", (kept,), (), "")
    return KnownInquiry(
        row.id,
        details,
        who,
        Stage(row.stage),
        owner,
        row.shadow,
        row.next_follow_up_at,
        row.priority,
    )


def facts_of(known: KnownInquiry) -> BorrowerFacts:
    """The borrower as this inquiry has them."""
    profile = known.borrower.profile
    return BorrowerFacts(
        id=known.borrower.id,
        party=known.details.borrower,
        emails=profile.emails,
        phones=profile.phones,
        first_names=profile.first_names,
        shared_email=False,
        formerly=profile.formerly,
    )
