"""What does not get into the CRM, grouped by its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from jobs.ledger import crms
from jobs.ledger.codec import from_json
from jobs.ledger.crms import CrmState
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import delivery, inquiry
from jobs.services import Services
from mapping.inquiry import Inquiry

#: Beyond this many the page says "at least": counting more would only make it slow.
MOST_COUNTED = 10_000
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
class CrmConnection:
    """A CRM and whether it can be written to; waiting is how many deliveries wait for it (bounded)."""

    name: str
    kind: str
    state: CrmState
    waiting: int


@dataclass(frozen=True, slots=True)
class SyncErrors:
    """The whole page; more says that not every failing delivery was counted."""

    groups: tuple[ErrorGroup, ...]
    connections: tuple[CrmConnection, ...]
    more: bool


def in_group(crm: str, code: str, error: str) -> tuple[ColumnElement[bool], ...]:
    """The condition for the deliveries of one group."""
    table = delivery.c
    return (table.crm == crm, table.state.in_(_OPEN), table.error_code == code, table.error == error)


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
        .where(table.crm.in_(names), table.state.in_(_OPEN), table.error_code != "")
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


def crm_connections(services: Services, connection: Connection) -> tuple[CrmConnection, ...]:
    """Every configured CRM."""
    return tuple(
        CrmConnection(name, crm.kind, crms.state(connection, name), _waiting(connection, name))
        for name, crm in services.settings.crms.items()
    )


def _waiting(connection: Connection, crm: str) -> int:
    table = delivery.c
    some = select(table.id).where(table.crm == crm, table.state.in_(("due", "leased"))).limit(MOST_COUNTED)
    return int(connection.execute(select(func.count()).select_from(some.subquery())).scalar_one())
