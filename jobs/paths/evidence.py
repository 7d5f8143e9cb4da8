"""What the ledger knows of an intake path's real submissions: how many, what they became, what was sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from jobs.crm.checks import Checked, last_check
from jobs.ledger import crms
from jobs.ledger.crms import CrmState
from jobs.ledger.tables import delivery, follow_up, inquiry, submission
from jobs.paths.current import paths
from jobs.paths.rehearsal import Rehearsed, rehearse
from jobs.services import Services
from jobs.settings.model import PathSettings

LATELY = timedelta(days=30)
MOST_COUNTED = 10_000
_LAST_DECIDED = 100


@dataclass(frozen=True, slots=True)
class CrmEvidence:
    """One CRM of the path: its state, what it answered last, whether the playbook writes there."""

    name: str
    state: CrmState
    mapped: bool
    checked: Checked | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The path and everything its readiness is judged by.

    arrived counts the last 30 days by state; rehearsed are the last submissions as they would be decided
    now. The rest is about the last inquiries that were decided: owners and tasks by how often, deliveries by
    state.
    """

    path: PathSettings
    last_at: datetime | None
    arrived: Mapping[str, int]
    rehearsed: Sequence[Rehearsed]
    crms: Sequence[CrmEvidence]
    owners: Mapping[str, int] = field(default_factory=dict)
    tasks: Mapping[tuple[str, str], int] = field(default_factory=dict)  # (channel, purpose)
    deliveries: Mapping[str, int] = field(default_factory=dict)
    shadowed: int = 0  # of the decided ones, how many while the path was in shadow

    @property
    def total(self) -> int:
        """How many came in the last 30 days, not counted beyond MOST_COUNTED."""
        return sum(self.arrived.values())

    @property
    def decided(self) -> int:
        """How many of the last became inquiries."""
        return sum(self.owners.values())


def evidence(services: Services, name: str) -> Evidence:
    """What is known of a path. Raises KeyError for an unknown one."""
    path = paths(services)[name]
    rehearsed = rehearse(services, name)
    with services.ledger.read() as connection:
        found = _decided(connection, name)
        ids = [row.id for row in found]
        return Evidence(
            path=path,
            last_at=_last(connection, name),
            arrived=_arrived(connection, name, services.now() - LATELY),
            rehearsed=rehearsed,
            crms=tuple(_crm(services, connection, one) for one in path.crm),
            owners=Counter(row.owner_name or row.owner for row in found),
            tasks=_tasks(connection, ids),
            deliveries=_deliveries(connection, ids),
            shadowed=sum(row.shadow for row in found),
        )


def _last(connection: Connection, path: str) -> datetime | None:
    query = select(func.max(submission.c.received_at)).where(submission.c.path == path)
    found: datetime | None = connection.execute(query).scalar()
    return found


def _arrived(connection: Connection, path: str, since: datetime) -> dict[str, int]:
    table = submission.c
    some = (
        select(table.state)
        .where(table.path == path, table.received_at > since, table.state != "split")
        .limit(MOST_COUNTED)
        .subquery()
    )
    rows = connection.execute(select(some.c.state, func.count()).group_by(some.c.state))
    return {str(state): int(count) for state, count in rows}


def _decided(connection: Connection, path: str) -> Sequence[Any]:
    """The inquiries that the path's last submissions became; found by the index of submissions."""
    last = (
        select(submission.c.id)
        .where(submission.c.path == path, submission.c.state == "processed")
        .order_by(submission.c.received_at.desc())
        .limit(_LAST_DECIDED)
        .subquery()
    )
    query = select(inquiry.c.id, inquiry.c.owner, inquiry.c.owner_name, inquiry.c.shadow)
    return connection.execute(query.where(inquiry.c.submission_id.in_(select(last.c.id)))).all()


def _tasks(connection: Connection, ids: Sequence[str]) -> dict[tuple[str, str], int]:
    table = follow_up.c
    rows = connection.execute(
        select(table.channel, table.purpose, func.count())
        .where(table.inquiry_id.in_(ids))
        .group_by(table.channel, table.purpose)
    )
    return {(channel, purpose): int(count) for channel, purpose, count in rows}


def _deliveries(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    table = delivery.c
    rows = connection.execute(
        select(table.state, func.count()).where(table.inquiry_id.in_(ids)).group_by(table.state)
    )
    return {str(state): int(count) for state, count in rows}


def _crm(services: Services, connection: Connection, name: str) -> CrmEvidence:
    settings = services.settings.crms.get(name)
    mapped = settings is not None and settings.mapping in services.playbook.crm
    return CrmEvidence(name, crms.state(connection, name), mapped, last_check(services, name))
