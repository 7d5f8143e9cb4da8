"""Connections kept between transactions: a pool's check-out costs as much as a small transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Semaphore

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import TimeoutError

from jobs.ledger import quick

#: Whether a connection that nobody used for so many seconds may be used again.
Lives = Callable[[Connection, float], bool]
_PATIENCE_SECONDS = 30.0


class KeptConnections:
    """As many as there ever were in use at once; whoever comes when most are, waits."""

    def __init__(self, engine: Engine, most: int | None = None, lives: Lives | None = None) -> None:
        self._engine = engine
        self._slots = None if most is None else Semaphore(most)
        self._lives = lives
        # Each with the moment it was given back. Taking from a list, or adding, is one step for all threads.
        self._idle: list[tuple[Connection, float]] = []

    @contextmanager
    def transaction(self, words: str) -> Iterator[Connection]:
        """A transaction begun in these words, "" where the driver does that. Raises DBAPIError when it cannot
        begin or commit, TimeoutError when there is no connection to be had."""
        with self.idle() as connection:
            # Past SQLAlchemy, whose machinery for one statement costs more than many a transaction does; its
            # own transaction begins with the first statement that goes through it.
            if words:
                quick.answers(connection, words)
            yield connection
            if connection.in_transaction():
                connection.commit()
            else:
                quick.commit(connection)

    @contextmanager
    def idle(self) -> Iterator[Connection]:
        """One outside of any transaction. Raises as transaction()."""
        if self._slots is not None and not self._slots.acquire(timeout=_PATIENCE_SECONDS):
            raise TimeoutError(f"no connection was free for {_PATIENCE_SECONDS:.0f} s")
        try:
            connection = self._taken()
            try:
                yield connection
            except BaseException:
                connection.close()  # in whatever state it is
                raise
            self._idle.append((connection, time.monotonic()))
        finally:
            if self._slots is not None:
                self._slots.release()

    def close(self) -> None:
        """Close those that are not in use."""
        while self._idle:
            self._idle.pop()[0].close()

    def _taken(self) -> Connection:
        try:
            connection, since = self._idle.pop()
        except IndexError:
            return self._engine.connect()
        if self._lives is None or self._lives(connection, time.monotonic() - since):
            return connection
        connection.close()
        self.close()  # what ended one has ended the others, too
        return self._engine.connect()
