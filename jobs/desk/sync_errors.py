"""What does not get into the CRM, grouped by its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from jobs.desk.crm_panel import MOST_COUNTED, CrmConnection, crm_connections
from jobs.ledger.claims import LANES
from jobs.ledger.codec import from_json
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import delivery, inquiry
from jobs.services import Services
from mapping.inquiry import Inquiry

_SHOWN_PER_GROUP = 10
_OPEN = ("dead", "due", "leased")


@dataclass(frozen=True, slots=True)
class ErrorGroup:
    """Deliveries to one CRM that fail for one reason. dead ones wait for a person, the others try again."""

    crm: str
    code: str
    error: str
    remedy: str
    dead: int
    retrying: int
    first_at: datetime
    items: tuple[FailedDelivery, ...]

    @property
    def count(self) -> int:
        """All of them."""
        return self.dead + self.retrying


@dataclass(frozen=True, slots=True)
class FailedDelivery:
    """One of a group."""

    id: str
    inquiry_id: str
    name: str
    created_at: datetime
    state: str
    attempts: int
    next_attempt_at: datetime


@dataclass(frozen=True, slots=True)
class SyncErrors:
    """The whole page; more says that not every failing delivery was counted."""

    groups: tuple[ErrorGroup, ...]
    connections: tuple[CrmConnection, ...]
    more: bool


def in_group(crm: str, code: str, error: str) -> tuple[ColumnElement[bool], ...]:
    """The condition for the deliveries of one group."""
    table = delivery.c
    return (
        table.crm == crm,
        table.lane.in_(LANES),  # in the index
        table.state.in_(_OPEN),
        table.error_code == code,
        table.error == error,
    )


def sync_errors(services: Services) -> SyncErrors:
    """All groups, the biggest first, and the state of every CRM."""
    with services.ledger.read() as connection:
        rows = connection.execute(_grouped(list(services.settings.crms))).all()
        groups = tuple(_group(connection, services.sealer, row) for row in rows[:50])
        connections = crm_connections(services, connection)
    more = sum(row.dead + row.retrying for row in rows) >= MOST_COUNTED or len(rows) > 50
    return SyncErrors(groups, connections, more)


def _grouped(names: list[str]) -> Select[Any]:
    table = delivery.c
    failing = (
        select(table.crm, table.error_code, table.error, table.remedy, table.state, table.created_at)
        .where(
            table.crm.in_(names),
            table.lane.in_(LANES),
            table.state.in_(_OPEN),
            table.error_code != "",
        )
        .limit(MOST_COUNTED)
        .subquery()
        .c
    )
    dead = func.count().filter(failing.state == "dead")
    retrying = func.count().filter(failing.state != "dead")
    return (
        select(
            failing.crm,
            failing.error_code,
            failing.error,
            func.max(failing.remedy).label("remedy"),
            dead.label("dead"),
            retrying.label("retrying"),
            func.min(failing.created_at).label("first_at"),
        )
        .group_by(failing.crm, failing.error_code, failing.error)
        .order_by(dead.desc(), retrying.desc())
        .limit(51)
    )


def _group(connection: Connection, sealer: Sealer, row: Any) -> ErrorGroup:
    table = delivery.c
    query = (
        select(delivery, inquiry.c.details)
        .join(inquiry, inquiry.c.id == table.inquiry_id)
        .where(*in_group(row.crm, row.error_code, row.error))
        .limit(_SHOWN_PER_GROUP)
    )
    items = tuple(
        FailedDelivery(
            id=one.id,
            inquiry_id=one.inquiry_id,
            name=_name(sealer, one.inquiry_id, one.details),
            created_at=one.created_at,
            state=one.state,
            attempts=one.attempts,
            next_attempt_at=one.next_attempt_at,
        )
        for one in connection.execute(query)
    )
    return ErrorGroup(
        row.crm, row.error_code, row.error, row.remedy, row.dead, row.retrying, row.first_at, items
    )


def _name(sealer: Sealer, inquiry_id: str, details: bytes) -> str:
    known = from_json(sealer.open_json(details, f"inquiry.details:{inquiry_id}"), Inquiry)
    return known.borrower.full_name or "Name not given"
