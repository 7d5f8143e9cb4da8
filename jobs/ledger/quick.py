"""Statements handed to the driver itself: SQLAlchemy's way there costs more than the database's answer.

For what is asked in every decision. What is bound is converted as usual, what comes back is not: plain
tuples, so only columns that hold texts, numbers and bytes may be asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, NoReturn

from sqlalchemy import Connection, Dialect, Executable, Insert, bindparam, literal_column
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement, ColumnElement

#: Up to so many rows go to PostgreSQL in one insert; psycopg's executemany takes twice as long for a few.
_ROWS_AT_ONCE = 16


def rows(
    connection: Connection, statement: Executable, values: Mapping[str, object]
) -> list[tuple[Any, ...]]:
    """Every row of the answer. Raises DBAPIError as SQLAlchemy does."""
    written = _written(statement, connection.dialect)
    return answers(connection, written.text, written.bound(values))


def answers(connection: Connection, text: str, values: object = ()) -> list[tuple[Any, ...]]:
    """Every row of the answer to a statement in the database's own words. Raises as rows()."""
    cursor = _driver(connection).cursor()
    try:
        cursor.execute(text, values)
        return list(cursor.fetchall())
    except Exception as error:
        _raise(connection, cursor, error)


def run(connection: Connection, statement: Executable, each: Sequence[Mapping[str, object]]) -> None:
    """The statement once for each set of values. Raises DBAPIError as SQLAlchemy does."""
    dialect = connection.dialect
    if isinstance(statement, Insert) and 1 < len(each) <= _ROWS_AT_ONCE and dialect.name == "postgresql":
        statement = _of_rows(statement, tuple(each[0]), len(each))
        each = [{f"{name}_{row}": one[name] for row, one in enumerate(each) for name in one}]
    written = _written(statement, dialect)
    cursor = _driver(connection).cursor()
    try:
        if len(each) == 1:
            cursor.execute(written.text, written.bound(each[0]))
        else:
            cursor.executemany(written.text, [written.bound(values) for values in each])
    except Exception as error:
        _raise(connection, cursor, error)


@lru_cache(maxsize=256)
def _of_rows(statement: Insert, names: Sequence[str], number: int) -> Insert:
    """An insert of so many rows, where each statement is a journey to the server."""
    return statement.values([{name: bindparam(f"{name}_{row}") for name in names} for row in range(number)])


def commit(connection: Connection) -> None:
    """End the transaction that the driver is in, SQLAlchemy's own not being begun. Raises as rows()."""
    driver = _driver(connection)
    try:
        driver.commit()
    except Exception as error:
        _raise(connection, driver, error)


def _driver(connection: Connection) -> Any:
    """The driver's own connection, inside the transaction that the other one has begun."""
    return connection.connection.dbapi_connection


def _raise(connection: Connection, cursor: Any, error: Exception) -> NoReturn:
    """As what SQLAlchemy makes of it, with neither the statement nor its values."""
    dialect = connection.dialect
    base = dialect.loaded_dbapi.Error
    if not isinstance(error, base):
        raise error
    lost = dialect.is_disconnect(error, _driver(connection), cursor)
    if lost:
        connection.invalidate(error)
    raise DBAPIError.instance(
        None, None, error, base, hide_parameters=True, connection_invalidated=lost, dialect=dialect
    ) from error


@dataclass(frozen=True, slots=True)
class _Written:
    """A statement's text; pick takes its values as the driver wants them, in an order or by their names."""

    text: str
    pick: Callable[[Mapping[str, object]], Any]
    own: Mapping[str, object]  # values that the statement brings itself
    converters: Mapping[str, Callable[[Any], Any]]

    def bound(self, values: Mapping[str, object]) -> Any:
        """As the driver takes them."""
        return self.pick(self._complete(values) if self.own or self.converters else values)

    def _complete(self, values: Mapping[str, object]) -> Mapping[str, object]:
        every = {**self.own, **values}
        for name, convert in self.converters.items():
            every[name] = convert(every[name])
        return every


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
    return _Written(str(compiled), _picker(compiled.positiontup), own, converters)


def _picker(names: Sequence[str] | None) -> Callable[[Mapping[str, object]], Any]:
    """What takes the values of these names in their order; without names, all of them with theirs."""
    if names is None:
        return dict
    if len(names) < 2:
        return lambda values: [values[name] for name in names]
    return itemgetter(*names)


def numbered(values: Collection[str]) -> dict[str, str]:
    """Values for a statement that was made for so many of them: value0, value1, ..."""
    return dict(zip(_names(len(values)), values, strict=True))


def slots(number: int) -> list[Any]:
    """Where those values go in it."""
    return [bindparam(name) for name in _names(number)]


@lru_cache(maxsize=256)
def _names(number: int) -> Sequence[str]:
    return [f"value{index}" for index in range(number)]


def at_most(number: int) -> ColumnElement[int]:
    """A limit as part of the text: one that is bound makes SQLite plan the statement anew each time."""
    return literal_column(str(number))
