"""Changing rows in a way that can be taken back: how each stood before is written down as it is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, delete, select, update

from jobs.ledger.columns import Instant
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import SEALED, metadata

Key = Mapping[str, str]
#: One change as JSON: table, key, and the columns before and after (None: there was, or is, no such row).
Step = dict[str, Any]

_PLACES = {(table.name, column): place for table, column, place in SEALED}


@dataclass(slots=True)
class Journal:
    """Changes made in one transaction, in order.

    Steps are plain JSON. What is sealed in rows is open in them, so that they stay readable when keys change;
    they must be kept sealed themselves.
    """

    connection: Connection
    sealer: Sealer
    steps: list[Step] = field(default_factory=list)

    def change(self, table: Table, key: Key, values: Mapping[str, Any]) -> None:
        """Set columns of the row with this key; values of sealed columns are what is to be sealed."""
        row = _row(self.connection, table, key)
        if row is None:
            return
        before = _plain(self.sealer, table, row, values)
        after = {name: _as_json(value) for name, value in values.items()}
        if before == after:
            return
        self.steps.append({"table": table.name, "key": dict(key), "before": before, "after": after})
        _write(self.connection, self.sealer, table, key, after)

    def add(self, table: Table, row: Mapping[str, Any]) -> None:
        """Insert a row without sealed columns."""
        key = {column.name: row[column.name] for column in table.primary_key}
        after = {name: _as_json(value) for name, value in row.items()}
        self.steps.append({"table": table.name, "key": key, "before": None, "after": after})
        self.connection.execute(table.insert(), dict(row))

    def remove(self, table: Table, key: Key) -> None:
        """Delete the row with this key."""
        row = _row(self.connection, table, key)
        if row is None:
            return
        before = _plain(self.sealer, table, row, table.c.keys())
        self.steps.append({"table": table.name, "key": dict(key), "before": before, "after": None})
        self.connection.execute(delete(table).where(_is(table, key)))


def take_back(connection: Connection, sealer: Sealer, steps: Sequence[Step]) -> list[Step]:
    """Put every row back as it stood, the last change first; returns the steps that could not be.

    A row that somebody changed since, or that is gone, is left as it is.
    """
    return [step for step in reversed(steps) if not _taken_back(connection, sealer, step)]


def _taken_back(connection: Connection, sealer: Sealer, step: Step) -> bool:
    table, key, before, after = metadata.tables[step["table"]], step["key"], step["before"], step["after"]
    row = _row(connection, table, key)
    if before is not None and after is None:
        if row is None:
            _insert(connection, sealer, table, key, before)
        return row is None
    if row is None or (after is not None and _plain(sealer, table, row, after) != after):
        return False
    if before is None:
        connection.execute(delete(table).where(_is(table, key)))
    else:
        _write(connection, sealer, table, key, before)
    return True


def _row(connection: Connection, table: Table, key: Key) -> Row[Any] | None:
    return connection.execute(select(table).where(_is(table, key))).first()


def _is(table: Table, key: Key) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in key.items()))


def _plain(sealer: Sealer, table: Table, row: Row[Any], names: Any) -> dict[str, Any]:
    """These columns of a row as JSON, opened where they are sealed."""
    found = {}
    for name in names:
        value = getattr(row, name)
        place = _PLACES.get((table.name, name))
        if place is not None and value is not None:
            value = sealer.open_json(value, f"{table.name}.{name}:{getattr(row, place)}")
        found[name] = _as_json(value)
    return found


def _as_json(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _write(connection: Connection, sealer: Sealer, table: Table, key: Key, values: Mapping[str, Any]) -> None:
    connection.execute(update(table).where(_is(table, key)).values(_stored(sealer, table, key, values)))


def _insert(
    connection: Connection, sealer: Sealer, table: Table, key: Key, values: Mapping[str, Any]
) -> None:
    connection.execute(table.insert(), _stored(sealer, table, key, values))


def _stored(sealer: Sealer, table: Table, key: Key, values: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values as a row holds them."""
    stored: dict[str, Any] = {}
    for name, value in values.items():
        place = _PLACES.get((table.name, name))
        if place is not None and value is not None:
            stored[name] = sealer.seal_json(value, f"{table.name}.{name}:{key[place]}")
        elif value is not None and isinstance(table.c[name].type, Instant):
            stored[name] = datetime.fromisoformat(value)
        else:
            stored[name] = value
    return stored
