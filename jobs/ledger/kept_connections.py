"""Connections kept between transactions: a pool's check-out costs as much as a small transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Semaphore
from types import TracebackType

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

    def transaction(self, words: str) -> Transaction:
        """A transaction that begins in these words, "" where the driver begins it."""
        return Transaction(self, words)

    @contextmanager
    def idle(self) -> Iterator[Connection]:
        """One outside of any transaction. Raises as take()."""
        connection = self.take()
        try:
            yield connection
        except BaseException:
            self.give_up(connection)
            raise
        self.give_back(connection)

    def take(self) -> Connection:
        """One of the caller's own. Raises DBAPIError if none can be opened, TimeoutError if all are used."""
        if self._slots is not None and not self._slots.acquire(timeout=_PATIENCE_SECONDS):
            raise TimeoutError(f"no connection was free for {_PATIENCE_SECONDS:.0f} s")
        try:
            return self._kept() or self._engine.connect()
        except BaseException:
            self._release()
            raise

    def give_back(self, connection: Connection) -> None:
        """It is outside of any transaction again."""
        self._idle.append((connection, time.monotonic()))
        self._release()

    def give_up(self, connection: Connection) -> None:
        """It is in whatever state."""
        try:
            connection.close()
        finally:
            self._release()

    def close(self) -> None:
        """Close those that are not in use."""
        while self._idle:
            self._idle.pop()[0].close()

    def _kept(self) -> Connection | None:
        try:
            connection, since = self._idle.pop()
        except IndexError:
            return None
        if self._lives is None or self._lives(connection, time.monotonic() - since):
            return connection
        connection.close()
        self.close()  # what ended one has ended the others, too
        return None

    def _release(self) -> None:
        if self._slots is not None:
            self._slots.release()


class Transaction:
    """One transaction. Raises DBAPIError when it cannot begin or commit, and as KeptConnections.take()."""

    # No generator, as contextmanager would have it: that alone is a fifth of what a small transaction costs.
    __slots__ = ("_connection", "_kept", "_words")

    def __init__(self, kept: KeptConnections, words: str) -> None:
        self._kept, self._words = kept, words

    def __enter__(self) -> Connection:
        self._connection = connection = self._kept.take()
        if self._words:
            try:
                # Past SQLAlchemy, whose machinery for one statement costs more than many a transaction does.
                # Its own transaction begins with the first statement that goes through it.
                quick.answers(connection, self._words)
            except BaseException:
                self._kept.give_up(connection)
                raise
        return connection

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        connection = self._connection
        if kind is not None:
            self._kept.give_up(connection)
            return
        try:
            if connection.in_transaction():
                connection.commit()
            else:
                quick.commit(connection)
        except BaseException:
            self._kept.give_up(connection)
            raise
        self._kept.give_back(connection)
