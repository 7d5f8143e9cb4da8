"""The daily allowance: API calls in any 24 hours, counted by the minute."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

DAY_LIMIT = 15_000  # what the header and /limits count against when the sandbox has no limit
_DAY = 86_400
_MINUTE = 60


class Usage:
    """Counts calls. most gives the limit now, None for none; counting goes on without one."""

    def __init__(self, clock: Callable[[], float], most: Callable[[], int | None]) -> None:
        self._clock = clock
        self._most = most
        self._minutes: deque[list[int]] = deque()  # [minute, calls]
        self._sum = 0

    def today(self) -> int:
        """Calls in the last 24 hours, to the minute."""
        oldest = (self._clock() - _DAY) // _MINUTE
        while self._minutes and self._minutes[0][0] <= oldest:
            self._sum -= self._minutes.popleft()[1]
        return self._sum

    def take(self) -> bool:
        """Count a call, unless the allowance is used up."""
        most = self._most()
        if most is not None and self.today() >= most:
            return False
        minute = int(self._clock() // _MINUTE)
        if self._minutes and self._minutes[-1][0] == minute:
            self._minutes[-1][1] += 1
        else:
            self._minutes.append([minute, 1])
        self._sum += 1
        return True

    def header(self) -> tuple[str, str]:
        """What every answer says about the allowance."""
        return ("Sforce-Limit-Info", f"api-usage={self.today()}/{self._most() or DAY_LIMIT}")

    def reset(self) -> None:
        """Forget every counted call."""
        self._minutes.clear()
        self._sum = 0
