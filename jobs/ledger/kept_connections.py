"""Connections kept between transactions: a pool's check-out costs as much as a small transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Semaphore

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import TimeoutError

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
