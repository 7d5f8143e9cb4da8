"""The playbook's revisions. What is published is never changed; the last one published is active."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, func, select, update

from jobs.ledger.playbook_tables import playbook_revision as table

State = Literal["draft", "replaced", "published"]


@dataclass(frozen=True, slots=True)
class Revision:
    """One text of the playbook; parent is the revision that was published when it was begun (0 = none)."""

    number: int
    state: State
    parent: int
    name: str
    hash: str
    text: str
    saved_at: datetime
    saved_by: str
    published_at: datetime | None = None
    published_by: str = ""
    message: str = ""


# Statements made once: composing one costs more than running it.
_PUBLISHED = (
    select(table.c.number).where(table.c.state == "published").order_by(table.c.number.desc()).limit(1)
)
_DRAFT = select(table).where(table.c.state == "draft").order_by(table.c.number.desc()).limit(1)


def published_number(connection: Connection) -> int:
    """The number of the active revision; 0 when none was ever published."""
    return connection.execute(_PUBLISHED).scalar() or 0


def get(connection: Connection, number: int) -> Revision | None:
    """One revision."""
    row = connection.execute(select(table).where(table.c.number == number)).first()
    return None if row is None else _opened(row)


def draft(connection: Connection) -> Revision | None:
    """The draft, of which there is one at most."""
    row = connection.execute(_DRAFT).first()
    return None if row is None else _opened(row)


def listed(connection: Connection) -> Sequence[Revision]:
    """All of them, the newest first."""
    return [_opened(row) for row in connection.execute(select(table).order_by(table.c.number.desc()))]


def next_number(connection: Connection) -> int:
    """The number that the next revision gets. The caller holds the lock on the playbook."""
    return (connection.execute(select(func.max(table.c.number))).scalar() or 0) + 1


def add(connection: Connection, new: Revision) -> None:
    """Store a revision; a new draft takes the place of the one before."""
    if new.state == "draft":
        connection.execute(update(table).where(table.c.state == "draft").values(state="replaced"))
    row = {name: getattr(new, name) for name in Revision.__dataclass_fields__}
    connection.execute(table.insert(), {**row, "published_by": new.published_by or None})


def publish(connection: Connection, number: int, *, at: datetime, by: str, message: str) -> None:
    """Make a draft the active revision."""
    values = {"state": "published", "published_at": at, "published_by": by, "message": message}
    connection.execute(update(table).where(table.c.number == number).values(values))


@dataclass(frozen=True, slots=True)
class Asking:
    """The active revision, and up to which inquiry plans were asked to be looked at under it."""

    number: int
    asked_to: str


_ASKING = (
    select(table.c.number, table.c.asked_to, table.c.asked_at, table.c.published_at)
    .where(table.c.state == "published")
    .order_by(table.c.number.desc())
    .limit(1)
)


def to_ask_for(connection: Connection, published_before: datetime) -> Asking | None:
    """The active revision, if it was published before then and plans are still to be looked at under it."""
    row = connection.execute(_ASKING).first()
    if row is None or row.asked_at is not None or row.published_at > published_before:
        return None
    return Asking(row.number, row.asked_to)


def asked(connection: Connection, number: int, inquiry_id: str, at: datetime) -> None:
    """Plans up to this inquiry ("" = all) were asked to be looked at under a revision."""
    values: dict[str, Any] = {"asked_to": inquiry_id} if inquiry_id else {"asked_at": at}
    connection.execute(update(table).where(table.c.number == number).values(**values))


def number_of(connection: Connection, fingerprint: str) -> int:
    """The first revision published with the text of this fingerprint; 0 for a text that was none."""
    query = select(func.min(table.c.number)).where(
        table.c.state == "published", table.c.hash.startswith(fingerprint, autoescape=True)
    )
    return connection.execute(query).scalar() or 0


def _opened(row: Row[Any]) -> Revision:
    values = {name: getattr(row, name) for name in Revision.__dataclass_fields__}
    return Revision(**{**values, "published_by": row.published_by or ""})
