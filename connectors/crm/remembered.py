"""What an account has by name, read when it is first needed and kept for a while."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

_T = TypeVar("_T")
_KEPT_SECONDS = 900.0


class Remembered(Generic[_T]):
    """A value loaded on first need and kept for 15 minutes; loaded by one thread at a time.

    clock gives seconds, from any start; one that is set back makes the value load again.
    """

    def __init__(self, load: Callable[[], _T], clock: Callable[[], float]) -> None:
        self._load, self._clock, self._lock = load, clock, Lock()
        self._kept: tuple[float, _T] | None = None

    def forget(self) -> None:
        """Load again on next need."""
        with self._lock:
            self._kept = None

    def get(self, *, fresh: bool = False) -> _T:
        """The value. Raises what loading raises."""
        with self._lock:
            now = self._clock()
            if fresh or self._kept is None or not 0 <= now - self._kept[0] <= _KEPT_SECONDS:
                self._kept = (now, self._load())
            return self._kept[1]
