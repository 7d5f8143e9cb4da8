"""Statements handed to the driver as text: SQLAlchemy's way there costs more than the database's answer.

For what is asked in every decision. Only texts, numbers and bytes may be bound: nothing is converted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Executable, Row
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement


def rows(connection: Connection, statement: Executable, values: Mapping[str, object]) -> Sequence[Row[Any]]:
    """Every row of the answer."""
    written = _written(statement, connection.dialect)
    return connection.exec_driver_sql(written.text, written.bound(values)).fetchall()


def run(connection: Connection, statement: Executable, each: Sequence[Mapping[str, object]]) -> None:
    """The statement once for each set of values."""
    written = _written(statement, connection.dialect)
    connection.exec_driver_sql(written.text, [written.bound(values) for values in each])


@dataclass(frozen=True, slots=True)
class _Written:
    """A statement's text; names are those of its values in their order, where the driver wants an order."""

    text: str
    names: Sequence[str] | None
    own: Mapping[str, object]  # values that the statement brings itself

    def bound(self, values: Mapping[str, object]) -> Any:
        """As the driver takes them."""
        every = {**self.own, **values}
        return every if self.names is None else tuple(every[name] for name in self.names)


@lru_cache(maxsize=256)
def _written(statement: Executable, dialect: Dialect) -> _Written:
    assert isinstance(statement, ClauseElement)  # noqa: S101 (every statement is one)
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)  # noqa: S101
    own = {name: value for name, value in compiled.params.items() if value is not None}
    return _Written(str(compiled), compiled.positiontup, own)
