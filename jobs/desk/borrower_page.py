"""The page of a borrower: facts with who said them, household, inquiries, reviews, merges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from jobs.desk.consent import shown_record
from jobs.desk.review_pages import ReviewLine, lines_of, who_said
from jobs.desk.sides import Side, side_of
from jobs.desk.viewer import Viewer
from jobs.ledger import accounts, merges, reviews
from jobs.ledger.codec import from_json
from jobs.ledger.tables import inquiry
from jobs.services import Services
from mapping.consent.agreed import CHANNELS
from mapping.inquiry import Inquiry
from mapping.people.survivorship import Fact, facts_of

#: What nobody reads: a hash.
_HIDDEN = ("birth_hash",)
_MOST = 200


@dataclass(frozen=True, slots=True)
class MergeLine:
    """One merge in a borrower's history."""

    id: str
    at: datetime
    by: str
    absorbed_id: str
    undone_at: datetime | None
    inquiries: int


@dataclass(frozen=True, slots=True)
class BorrowerPage:
    """One borrower. consent is by channel: yes, no, stopped (they asked to be left alone) or not_asked."""

    side: Side
    facts: tuple[Fact, ...]
    consent: dict[str, str]
    owner: str
    reviews: tuple[ReviewLine, ...]
    merges: tuple[MergeLine, ...]

    @property
    def conflicts(self) -> int:
        """How many facts have competing values."""
        return sum(1 for fact in self.facts if fact.others)


def borrower_page(services: Services, viewer: Viewer, borrower_id: str) -> BorrowerPage | None:
    """The borrower with this id, or whom that one was merged into; None when this viewer may not see them."""
    with services.ledger.read() as connection:
        now = reviews.survivors(connection, (borrower_id,))[borrower_id]
        side = side_of(services, connection, now, viewer)
        if side is None or (viewer.owner_email and not side.inquiries):
            return None
        names = accounts.names(connection)
        found = merges.about(connection, services.sealer, (now,))
        about = reviews.about(connection, (now, *reviews.absorbed_by(connection, now)))
        return BorrowerPage(
            side=side,
            facts=tuple(fact for fact in _facts(services, side) if fact.name not in _HIDDEN),
            consent=_consent(services, connection, now),
            owner=next((one.owner_name for one in side.inquiries if one.owner_name), ""),
            reviews=lines_of(services, connection, about),
            merges=tuple(_line(one, names) for one in found if one.survivor_id == now),
        )


def _facts(services: Services, side: Side) -> Sequence[Fact]:
    return facts_of(side.profile.said, services.playbook.survivorship)


def _consent(services: Services, connection: Connection, borrower_id: str) -> dict[str, str]:
    """What holds for each channel: a no of any inquiry, unless a person lifted it; else a yes of any."""
    words = {"opted_out": "stopped", "refused": "no"}
    closed = shown_record(services, connection, borrower_id).closed
    query = select(inquiry.c.id, inquiry.c.details).where(inquiry.c.borrower_id == borrower_id).limit(_MOST)
    said = [
        from_json(services.sealer.open_json(row.details, f"inquiry.details:{row.id}"), Inquiry).consent
        for row in connection.execute(query)
    ]
    agreed = {channel for channel in CHANNELS for one in said if getattr(one, channel)}
    asked = {one: "yes" if one in agreed else "not_asked" for one in CHANNELS}
    return {**asked, **{one: words[how] for one, how in closed.items()}}


def _line(one: merges.Merge, names: dict[str, str]) -> MergeLine:
    inquiries = len(one.before["gone"]["inquiries"])
    return MergeLine(one.id, one.at, who_said(one.by, names), one.absorbed_id, one.undone_at, inquiries)
