"""Work gives way to visitors: while somebody waits for an answer, the threads of this process hold back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

#: How long one piece of work may be held back while visitors are answered.
PATIENCE_SECONDS = 0.05


class GivingWay:
    """Counts who is being answered. Python runs one thread at a time, so every other one costs them time."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._answering = 0

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Somebody waits for an answer during the block."""
        with self._changed:
            self._answering += 1
        try:
            yield
        finally:
            with self._changed:
                self._answering -= 1
                if not self._answering:
                    self._changed.notify_all()

    def give_way(self, at_most: float) -> None:
        """Return when nobody waits, or after at_most seconds: work is slowed down, never stopped."""
        with self._changed:
            self._changed.wait_for(lambda: not self._answering, at_most)
