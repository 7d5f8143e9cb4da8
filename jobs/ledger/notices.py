"""Alerts for people, and the record of who did what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from jobs.ledger.tables import alert, audit_event

_OPEN_ALERT = (
    select(alert.c.id)
    .where(
        alert.c.kind == bindparam("k"), alert.c.object_id == bindparam("o"), alert.c.acknowledged_at.is_(None)
    )
    .limit(1)
)


def raise_alert(
    connection: Connection, *, id: str, at: datetime, kind: str, object_id: str, message: str
) -> None:
    """Tell the desk, once per kind and object until somebody has acknowledged it."""
    if connection.execute(_OPEN_ALERT, {"k": kind, "o": object_id}).first() is None:
        connection.execute(
            alert.insert(), {"id": id, "at": at, "kind": kind, "object_id": object_id, "message": message}
        )


def raise_once(
    connection: Connection, *, id: str, at: datetime, kind: str, object_id: str, message: str
) -> None:
    """Tell the desk this sentence about the object if it was never told, acknowledged or not."""
    told = select(alert.c.id).where(
        alert.c.kind == kind, alert.c.object_id == object_id, alert.c.message == message
    )
    if connection.execute(told.limit(1)).first() is None:
        connection.execute(
            alert.insert(), {"id": id, "at": at, "kind": kind, "object_id": object_id, "message": message}
        )


def acknowledge(connection: Connection, *, kind: str, object_id: str, by: str, at: datetime) -> None:
    """Close the open alerts about an object."""
    connection.execute(
        update(alert)
        .where(alert.c.kind == kind, alert.c.object_id == object_id, alert.c.acknowledged_at.is_(None))
        .values(acknowledged_at=at, acknowledged_by=by)
    )


def record(
    connection: Connection,
    *,
    id: str,
    at: datetime,
    actor: str,
    action: str,
    object_kind: str,
    object_id: str,
    detail: str = "",
) -> None:
    """Append to the audit trail; detail carries no personal data."""
    event = {
        "id": id,
        "at": at,
        "actor": actor,
        "action": action,
        "object_kind": object_kind,
        "object_id": object_id,
        "detail": detail,
    }
    record_all(connection, [event])


def record_all(connection: Connection, events: Sequence[Mapping[str, object]]) -> None:
    """Append several events to the audit trail."""
    connection.execute(audit_event.insert(), [dict(event) for event in events])
