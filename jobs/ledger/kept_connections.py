"""SQLite connections kept between transactions: a pool's check-out costs as much as a small transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from jobs.ledger import quick


class KeptConnections:
    """As many as there ever were in use at once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._idle: list[Connection] = []  # taking from a list and giving back is one step for all threads

    @contextmanager
    def transaction(self, words: str) -> Iterator[Connection]:
        """A transaction begun in these words. Raises DBAPIError when it cannot begin or commit."""
        connection = self._taken()
        try:
            # Past SQLAlchemy, whose machinery for one statement costs more than many a transaction does; its
            # own transaction begins with the first statement that goes through it.
            quick.answers(connection, words)
            yield connection
            if connection.in_transaction():
                connection.commit()
            else:
                quick.answers(connection, "COMMIT")
        except BaseException:
            connection.close()  # in whatever state it is
            raise
        self._idle.append(connection)

    @contextmanager
    def idle(self) -> Iterator[Connection]:
        """One outside of any transaction."""
        connection = self._taken()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)

    def close(self) -> None:
        """Close those that are not in use."""
        while self._idle:
            self._idle.pop().close()

    def _taken(self) -> Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return self._engine.connect()
