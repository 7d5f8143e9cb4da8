"""Standing in line for SQLite's one place to write: in this process, then among this machine's.

Committing from several threads or processes at once makes SQLite's busy handler sleep longer and longer, and
worst accepts go from 30 ms to 800 ms.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

#: How often one who finds another process writing looks again; a transaction takes a few milliseconds.
_LOOK_EVERY_SECONDS = 0.0005


class Place(Protocol):
    """Where writers stand in line."""

    def take(self, urgent: bool) -> None:
        """Wait for one's turn."""

    def leave(self) -> None:
        """Let the next one go. Only by who took it."""

    def close(self) -> None:
        """Keep no file open; taking the place again opens it."""


class WritersPlace:
    """One writer at a time, whoever is waited for first.

    file is locked while the place is taken, so that processes stand in line, too; None for a database in
    memory. Who gets no turn within patience seconds goes ahead, and SQLite itself decides.
    """

    def __init__(self, file: Path | None, patience: float) -> None:
        self._guard = threading.Lock()
        self._changed = threading.Condition(self._guard)
        self._busy = False
        self._urgent = 0
        self._file = file
        self._patience = patience
        self._line: _Line | None = None

    def take(self, urgent: bool) -> None:
        """Wait for one's turn, first among this process's threads."""
        with self._guard:
            self._urgent += urgent
            while self._busy or (self._urgent and not urgent):
                self._changed.wait()
            self._urgent -= urgent
            self._busy = True
        try:
            line = self._line or self._opened()
            if line is not None:
                line.stand(time.monotonic() + self._patience)
        except BaseException:
            self._vacate()
            raise

    def leave(self) -> None:
        """Let the next one go. Only by who took it."""
        try:
            if self._line is not None:
                self._line.leave()
        finally:
            self._vacate()

    def _vacate(self) -> None:
        with self._guard:
            self._busy = False
            self._changed.notify_all()

    def close(self) -> None:
        """Keep no file open: a process copied from this one would hold our place with us."""
        with self._guard:
            if not self._busy:
                self._line = None

    def _opened(self) -> _Line | None:
        """The line of processes; None where there is none, or none can be had."""
        if self._file is not None:
            try:
                self._line = _Line(self._file)
            except OSError:
                return None  # SQLite will meet the same trouble, and names it
        return self._line


class NoPlace:
    """PostgreSQL lets writers write."""

    def take(self, urgent: bool) -> None:
        """Nothing to wait for."""

    def leave(self) -> None:
        """Nothing was taken."""

    def close(self) -> None:
        """Nothing was opened."""


@contextmanager
def taken(place: Place, *, urgent: bool) -> Iterator[None]:
    """Hold the place during the block."""
    place.take(urgent)
    try:
        yield
    finally:
        place.leave()


class _Line:
    """The processes of this machine, one after the other; the lock goes with the process, however that ends.

    On files of its own: closing any descriptor of the database would let go of SQLite's own locks. Who waits
    stands in a gate that holds one, so that a process which comes back at once waits behind them.
    """

    def __init__(self, file: Path) -> None:
        self._place = _opened(self, file)
        self._gate = _opened(self, file.with_name(f"{file.name}-gate"))

    def stand(self, deadline: float) -> None:
        """Return at the head of the line, or at the deadline."""
        _lock(self._gate, deadline)
        _lock(self._place, deadline)
        fcntl.flock(self._gate, fcntl.LOCK_UN)

    def leave(self) -> None:
        """Let the next one go."""
        fcntl.flock(self._place, fcntl.LOCK_UN)


def _opened(owner: _Line, file: Path) -> int:
    """A descriptor that is closed when nobody has its owner any more."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    weakref.finalize(owner, os.close, descriptor).atexit = False  # threads may still be writing then
    return descriptor


def _lock(descriptor: int, deadline: float) -> None:
    """Return when the lock is ours, or at the deadline without it."""
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return
            time.sleep(_LOOK_EVERY_SECONDS)
        else:
            return
