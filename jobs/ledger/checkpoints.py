"""Bringing what SQLite's log holds into the database, beside the writers instead of in one of them.

SQLite itself does it in every so-manyth commit, and that one takes 20 ms where others take less than one.
"""

from __future__ import annotations

import threading
from contextlib import suppress

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from jobs.ledger import quick
from jobs.ledger.kept_connections import KeptConnections
from jobs.ledger.writers_place import Place, taken

#: So many writes of a process are brought over together: some 2,000 pages. The next writer waits for the end
#: of it, some milliseconds: fewer than one of a hundred shall.
WRITES = 200
#: With so many pages in the log (16 MB) a writer does it after all: what is written comes too fast.
MOST_PAGES = 4_000


class Checkpoints:
    """Counts this process's writes; after every WRITES of them a thread empties the log once, and ends."""

    def __init__(self, connections: KeptConnections, place: Place) -> None:
        self._connections = connections
        self._place = place
        self._guard = threading.Lock()
        self._writes = 0
        self._thread: threading.Thread | None = None

    def written(self) -> None:
        """One more write is durable, and its place is free again."""
        with self._guard:
            self._writes += 1
            if self._writes < WRITES or self._thread is not None:
                return
            thread = threading.Thread(target=self._empty, name="checkpoint")
            # No more threads can be had, or the program ends: what was written is safe in the log.
            with suppress(RuntimeError):
                thread.start()
                self._thread, self._writes = thread, 0

    def close(self) -> None:
        """Return when none is under way, and keep no connection."""
        with self._guard:
            thread = self._thread
        if thread is not None:
            thread.join()
        self._connections.close()

    def _empty(self) -> None:
        try:
            # What is wrong with the database the next writer will be told, and whoever waits for it.
            with suppress(SQLAlchemyError), self._connections.idle() as connection:
                _bring_over(connection)
                # What was written meanwhile is little; when all is over, the next writer begins the log anew.
                # Urgent, or one who writes without a pause would let the log grow for ever.
                with taken(self._place, urgent=True):
                    _bring_over(connection)
        finally:
            with self._guard:
                self._thread = None


def _bring_over(connection: Connection) -> None:
    """Passive: it waits for nobody, and what a reader still needs in the log stays there."""
    quick.answers(connection, "PRAGMA wal_checkpoint(PASSIVE)")
