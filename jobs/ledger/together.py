"""Group commit: what several threads want to store at the same moment shares one transaction."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from sqlalchemy import Connection

Result = TypeVar("Result")
Work = Callable[[Connection], Any]


class Unshared(Exception):
    """Errors of this kind concern the database, not one piece of work: trying each alone would not help."""


class _Waiting:
    """One thread's work. Being called means: it is done, or lead the next round."""

    def __init__(self, work: Work) -> None:
        self.work = work
        # Let go by whoever calls: an Event is made of such locks, and costs ten times as much.
        self._silence = threading.Lock()
        self._silence.acquire()
        self.done = False
        self.result: Any = None
        self.error: Exception | None = None

    def call(self) -> None:
        """Wake up who waits, or will. Once, and again only after that."""
        self._silence.release()

    def wait(self) -> None:
        """Return when called."""
        self._silence.acquire()


class Together:
    """One of the threads that wait does the work of all, commits once, and wakes them up."""

    def __init__(self, transaction: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._transaction = transaction
        self._guard = threading.Lock()
        self._queue: list[_Waiting] = []
        self._led = False

    def run(self, work: Callable[[Connection], Result]) -> Result:
        """work(connection), durable when this returns. Raises what working or committing raised."""
        mine = _Waiting(work)
        with self._guard:
            self._queue.append(mine)
            leads, self._led = not self._led, True
        if not leads:
            mine.wait()
        if not mine.done:
            self._lead()
        if mine.error is not None:
            raise mine.error
        result: Result = mine.result
        return result

    def _lead(self) -> None:
        """One round for all who wait now; then the first of those who came meanwhile leads."""
        with self._guard:
            everybody, self._queue = self._queue, []
        try:
            self._commit(everybody)
        finally:
            for one in everybody:
                one.done = True
                one.call()
            with self._guard:
                self._led = bool(self._queue)
                if self._queue:
                    self._queue[0].call()

    def _commit(self, everybody: list[_Waiting]) -> None:
        try:
            with self._transaction() as connection:
                for one in everybody:
                    one.result = one.work(connection)
        except Exception as error:
            if len(everybody) == 1 or isinstance(error, Unshared):
                for one in everybody:
                    one.error = error
                return
            # One of them is the reason: each for itself.
            for one in everybody:
                self._commit([one])
