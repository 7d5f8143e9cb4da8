"""The list of inquiries: newest first, a page at a time, by where they stand in the CRM."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Select, select

from jobs.desk.viewer import Viewer
from jobs.ledger.codec import from_json
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import delivery, inquiry
from jobs.services import Services
from mapping.inquiry import Inquiry

PAGE = 25

Filter = Literal["all", "waiting", "in_crm", "failed"]
FILTERS: dict[Filter, str] = {
    "all": "All",
    "waiting": "Not yet in the CRM",
    "in_crm": "In the CRM",
    "failed": "Failed",
}
_STATES: dict[str, tuple[str, ...]] = {
    "waiting": ("due", "leased"),
    "in_crm": ("delivered",),
    "failed": ("dead",),
}


@dataclass(frozen=True, slots=True)
class ListedInquiry:
    """One line of the list. crm_state is failed, retrying, waiting, in_crm, shadow or none."""

    id: str
    received_at: datetime
    name: str
    known_borrower: bool
    type: str
    state: str  # of the property
    owner_name: str
    stage: str
    next_follow_up_at: datetime | None
    crm_state: str


@dataclass(frozen=True, slots=True)
class InquiryPage:
    """One page; older is the cursor of the next one ("" = this is the last)."""

    items: tuple[ListedInquiry, ...]
    older: str


def list_inquiries(
    services: Services, viewer: Viewer, which: Filter, before: str = "", *, size: int = PAGE
) -> InquiryPage:
    """The page of inquiries older than the one with the id before ("" = from the newest).

    The order is that of the ids (ULIDs): when they became inquiries, so that a replayed one is on top.
    """
    query = _one_state(viewer, _STATES[which]) if which in _STATES else _everything(viewer)
    column = query.selected_columns[0]
    if before:
        query = query.where(column < before)
    with services.ledger.read() as connection:
        ids = [row[0] for row in connection.execute(query.order_by(column.desc()).limit(size + 1))]
        items = _listed(connection, services.sealer, ids[:size])
    return InquiryPage(items, ids[size - 1] if len(ids) > size else "")


def _everything(viewer: Viewer) -> Select[Any]:
    return select(inquiry.c.id).where(viewer.may_see())


def _one_state(viewer: Viewer, states: tuple[str, ...]) -> Select[Any]:
    """Driven by the deliveries: those in trouble are few among many inquiries."""
    query = select(delivery.c.inquiry_id).where(delivery.c.state.in_(states)).distinct()
    if viewer.owner_email:
        query = query.join(inquiry, inquiry.c.id == delivery.c.inquiry_id).where(viewer.may_see())
    return query


def _listed(connection: Connection, sealer: Sealer, ids: Sequence[str]) -> tuple[ListedInquiry, ...]:
    if not ids:
        return ()
    rows = connection.execute(select(inquiry).where(inquiry.c.id.in_(ids)).order_by(inquiry.c.id.desc()))
    states = crm_states(connection, ids)
    return tuple(_line(row, sealer, states.get(row.id, "none")) for row in rows)


def _line(row: Any, sealer: Sealer, crm_state: str) -> ListedInquiry:
    details = from_json(sealer.open_json(row.details, f"inquiry.details:{row.id}"), Inquiry)
    return ListedInquiry(
        id=row.id,
        received_at=row.received_at,
        name=details.borrower.full_name or details.borrower.company or "Name not given",
        known_borrower=row.known_borrower,
        type=row.type,
        state=details.property.state,
        owner_name=row.owner_name or row.owner,
        stage=row.stage,
        next_follow_up_at=row.next_follow_up_at,
        crm_state=crm_state,
    )


def crm_states(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Where each inquiry stands in its CRMs; the worst of several counts."""
    table = delivery.c
    rows = connection.execute(
        select(table.inquiry_id, table.state, table.error_code).where(table.inquiry_id.in_(ids))
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.inquiry_id, []).append(crm_state(row.state, row.error_code))
    return {inquiry_id: worst(states) for inquiry_id, states in found.items()}


def crm_state(state: str, error_code: str) -> str:
    """A delivery's state in the desk's words."""
    if state in {"due", "leased"}:
        return "retrying" if error_code else "waiting"
    return {"dead": "failed", "delivered": "in_crm"}.get(state, state)


def worst(states: Iterable[str]) -> str:
    """The state that needs a person most."""
    order = ("failed", "retrying", "waiting", "shadow", "in_crm")
    return min(states, key=lambda state: order.index(state) if state in order else len(order))
