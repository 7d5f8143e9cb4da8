"""Statements handed to the driver as text: SQLAlchemy's way there costs more than the database's answer.

For what is asked in every decision. What is bound is converted as usual, what comes back is not: only
columns that hold texts, numbers and bytes may be asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Executable, Row, bindparam
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
    converters: Mapping[str, Callable[[Any], Any]]

    def bound(self, values: Mapping[str, object]) -> Any:
        """As the driver takes them."""
        every = {**self.own, **values}
        for name, convert in self.converters.items():
            every[name] = convert(every[name])
        return every if self.names is None else tuple(every[name] for name in self.names)


@lru_cache(maxsize=256)
def _written(statement: Executable, dialect: Dialect) -> _Written:
    assert isinstance(statement, ClauseElement)  # noqa: S101 (every statement is one)
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)  # noqa: S101
    own = {name: value for name, value in compiled.params.items() if value is not None}
    found = {
        name: value.type.dialect_impl(dialect).bind_processor(dialect)
        for name, value in compiled.binds.items()
    }
    converters = {name: convert for name, convert in found.items() if convert is not None}
    return _Written(str(compiled), compiled.positiontup, own, converters)


def numbered(values: Iterable[str]) -> dict[str, str]:
    """Values for a statement that was made for so many of them: value0, value1, ..."""
    return {f"value{index}": value for index, value in enumerate(values)}


def slots(number: int) -> list[Any]:
    """Where those values go in it."""
    return [bindparam(f"value{index}") for index in range(number)]
