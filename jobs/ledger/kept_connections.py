"""SQLite connections kept between transactions: a pool's check-out costs as much as a small transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine


class KeptConnections:
    """As many as there ever were transactions at once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._idle: list[Connection] = []  # taking from a list and giving back is one step for all threads

    @contextmanager
    def transaction(self, words: str) -> Iterator[Connection]:
        """A transaction begun in these words. Raises the driver's own OperationalError when it cannot."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._engine.connect()
        try:
            with connection.begin():
                # Past SQLAlchemy, whose machinery for one statement costs more than many a transaction does.
                connection.connection.driver_connection.execute(words)  # type: ignore[union-attr]
                yield connection
        except BaseException:
            connection.close()  # in whatever state it is
            raise
        self._idle.append(connection)

    def close(self) -> None:
        """Close those that are not in use."""
        while self._idle:
            self._idle.pop().close()
