"""Standing in line for SQLite's one place to write: in this process, then among this machine's.

Committing from several threads or processes at once makes SQLite's busy handler sleep longer and longer, and
worst accepts go from 30 ms to 800 ms.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Protocol

#: How often one who finds another process writing looks again; a transaction takes a few milliseconds.
_LOOK_EVERY_SECONDS = 0.0005


class Place(Protocol):
    """Where writers stand in line."""

    def taken(self, urgent: bool) -> AbstractContextManager[None]:
        """Hold the place during the block."""


class WritersPlace:
    """One writer at a time, whoever is waited for first.

    file is locked while the place is taken, so that processes stand in line, too; None for a database in
    memory. Who gets no turn within patience seconds goes ahead, and SQLite itself decides.
    """

    def __init__(self, file: Path | None, patience: float) -> None:
        self._changed = threading.Condition()
        self._busy = False
        self._urgent = 0
        self._file = file
        self._patience = patience

    @contextmanager
    def taken(self, urgent: bool) -> Iterator[None]:
        """Hold the place during the block."""
        with self._changed:
            self._urgent += urgent
            self._changed.wait_for(lambda: not self._busy and (urgent or not self._urgent))
            self._urgent -= urgent
            self._busy = True
        try:
            with nullcontext() if self._file is None else _first_in_line(self._file, self._patience):
                yield
        finally:
            with self._changed:
                self._busy = False
                self._changed.notify_all()


class NoPlace:
    """PostgreSQL lets writers write."""

    def taken(self, urgent: bool) -> AbstractContextManager[None]:
        """Nothing to wait for."""
        return nullcontext()


@contextmanager
def _first_in_line(file: Path, patience: float) -> Iterator[None]:
    """Hold the file's lock during the block; it goes with the process, however that ends.

    Of a file of its own: closing any descriptor of the database would let go of SQLite's own locks. Who waits
    for it stands in a gate that holds one, so that a process which comes back at once waits behind them.
    """
    try:
        place, gate = _opened(file), _opened(file.with_name(f"{file.name}-gate"))
    except OSError:
        yield  # SQLite will meet the same trouble, and names it
        return
    try:
        deadline = time.monotonic() + patience
        _lock(gate, deadline)
        _lock(place, deadline)
        fcntl.flock(gate, fcntl.LOCK_UN)
        yield
    finally:
        os.close(gate)
        os.close(place)


def _opened(file: Path) -> int:
    return os.open(file, os.O_RDWR | os.O_CREAT, 0o600)


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
