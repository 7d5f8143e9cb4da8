"""What the pages about intake paths show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from jobs.desk.would_write import WrittenBundle, would_write
from jobs.ledger import accounts, path_changes
from jobs.ledger.tables import inquiry, submission
from jobs.paths.current import paths
from jobs.paths.going_live import COMMAND_LINE
from jobs.paths.readiness import NEXT, Readiness, readiness
from jobs.services import Services
from jobs.settings.model import PathSettings, PathState

_LATELY = timedelta(days=7)
MOST_COUNTED = 10_000
_RECENT = 10


@dataclass(frozen=True, slots=True)
class PathLine:
    """One path of the list: what arrived in the last 7 days, how much of it waits, when the last came."""

    path: PathSettings
    last_at: datetime | None
    lately: int
    aside: int


@dataclass(frozen=True, slots=True)
class RecentSubmission:
    """One of the last; inquiry_id is what it became, "" when nothing yet."""

    id: str
    received_at: datetime
    state: str
    reason_code: str
    inquiry_id: str


@dataclass(frozen=True, slots=True)
class PathPage:
    """Everything about one path; moves are the states it may be put into from here."""

    ready: Readiness
    moves: tuple[PathState, ...]
    recent: tuple[RecentSubmission, ...]
    shadowed: tuple[WrittenBundle, ...]
    changed_at: datetime | None
    changed_by: str


def list_paths(services: Services) -> tuple[PathLine, ...]:
    """Every configured path."""
    since = services.now() - _LATELY
    with services.ledger.read() as connection:
        return tuple(_line(connection, path, since) for path in paths(services).values())


def path_page(services: Services, name: str) -> PathPage | None:
    """One path; None when there is none of that name."""
    if name not in paths(services):
        return None
    ready = readiness(services, name)
    with services.ledger.read() as connection:
        recent = _recent(connection, name)
        change = path_changes.all_changes(connection, services.sealer).get(name)
        names = {**accounts.names(connection), COMMAND_LINE: "the command line"} if change else {}
    return PathPage(
        ready=ready,
        moves=NEXT[ready.path.state],
        recent=recent,
        shadowed=would_write(services, name),
        changed_at=change.changed_at if change else None,
        changed_by=names.get(change.changed_by, "a former account") if change else "",
    )


def _line(connection: Connection, path: PathSettings, since: datetime) -> PathLine:
    table = submission.c
    last = connection.execute(select(func.max(table.received_at)).where(table.path == path.name)).scalar()
    some = (
        select(table.state)
        .where(table.path == path.name, table.received_at > since, table.state != "split")
        .limit(MOST_COUNTED)
        .subquery()
    )
    rows = connection.execute(select(some.c.state, func.count()).group_by(some.c.state))
    counts = {str(state): int(count) for state, count in rows}
    return PathLine(path, last, sum(counts.values()), counts.get("quarantined", 0))


def _recent(connection: Connection, name: str) -> tuple[RecentSubmission, ...]:
    table = submission.c
    rows = connection.execute(
        select(table.id, table.received_at, table.state, table.reason_code, inquiry.c.id.label("became"))
        .outerjoin(inquiry, inquiry.c.submission_id == table.id)
        .where(table.path == name)
        .order_by(table.received_at.desc())
        .limit(_RECENT)
    )
    return tuple(
        RecentSubmission(row.id, row.received_at, row.state, row.reason_code, row.became or "")
        for row in rows
    )
