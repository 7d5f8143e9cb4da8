"""The ways in and the CRMs, with what came through them lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from jobs.desk.crm_panel import CrmConnection, crm_connections
from jobs.ledger import inboxes
from jobs.ledger.inboxes import InboxState
from jobs.ledger.tables import submission
from jobs.paths.current import paths as paths_now
from jobs.services import Services
from jobs.settings.model import PathSettings

_LATELY = timedelta(days=7)
MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class PathLine:
    """One intake path; url is where a hosted form is ("" for others), lately counts 7 days (bounded).

    inbox is how its mailbox is, None when it has none.
    """

    path: PathSettings
    url: str
    last_at: datetime | None
    lately: int
    inbox: InboxState | None = None


@dataclass(frozen=True, slots=True)
class Connections:
    """Both ends."""

    paths: tuple[PathLine, ...]
    crms: tuple[CrmConnection, ...]


def connections(services: Services) -> Connections:
    """Every configured path and CRM."""
    base = services.settings.server.public_url
    with services.ledger.read() as connection:
        paths = tuple(
            PathLine(
                path=path,
                url=f"{base}/f/{path.name}" if path.kind == "hosted_form" else "",
                last_at=_last(connection, path.name),
                lately=_lately(connection, path.name, services.now() - _LATELY),
                inbox=inboxes.state(connection, path.name) if path.inbox else None,
            )
            for path in paths_now(services).values()
        )
        return Connections(paths, crm_connections(services, connection))


def _last(connection: Connection, path: str) -> datetime | None:
    found: datetime | None = connection.execute(
        select(func.max(submission.c.received_at)).where(submission.c.path == path)
    ).scalar()
    return found


def _lately(connection: Connection, path: str, since: datetime) -> int:
    table = submission.c
    some = select(table.id).where(table.path == path, table.received_at > since).limit(MOST_COUNTED)
    return int(connection.execute(select(func.count()).select_from(some.subquery())).scalar_one())
