"""What was changed about intake paths at the desk: their state and what the sender's words mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from jobs.ledger.seal import Sealer
from jobs.ledger.tables import path_change


@dataclass(frozen=True, slots=True)
class PathChange:
    """configured_state is what the settings file said when state was chosen; fields add to the file's."""

    configured_state: str
    state: str
    fields: Mapping[str, str]
    changed_at: datetime
    changed_by: str


def all_changes(connection: Connection, sealer: Sealer) -> dict[str, PathChange]:
    """Every changed path's change, by the path's name."""
    return {
        row.path: PathChange(
            row.configured_state,
            row.state,
            sealer.open_json(row.fields, f"path_change.fields:{row.path}"),
            row.changed_at,
            row.changed_by,
        )
        for row in connection.execute(select(path_change))
    }


def save(connection: Connection, sealer: Sealer, path: str, change: PathChange) -> None:
    """Write a path's change over an earlier one. The caller holds the lock on the path's name."""
    values = {
        "configured_state": change.configured_state,
        "state": change.state,
        "fields": sealer.seal_json(dict(change.fields), f"path_change.fields:{path}"),
        "changed_at": change.changed_at,
        "changed_by": change.changed_by,
    }
    done = connection.execute(update(path_change).where(path_change.c.path == path).values(values))
    if not done.rowcount:
        connection.execute(path_change.insert(), {"path": path, **values})
