"""Counting calls within the last seconds, on a clock that is handed in."""

from __future__ import annotations

from collections import deque


class RollingWindow:
    """Calls within the last `seconds`. The limits library cannot be used: it reads the wall clock itself."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._calls: deque[float] = deque()

    def count(self, now: float) -> int:
        """Calls still inside the window."""
        while self._calls and self._calls[0] <= now - self._seconds:
            self._calls.popleft()
        return len(self._calls)

    def take(self, now: float, most: int | None) -> bool:
        """Count a call, unless `most` are counted already (None: no limit, and nothing is counted)."""
        if most is None:
            return True
        if self.count(now) >= most:
            return False
        self._calls.append(now)
        return True
