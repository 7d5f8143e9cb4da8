"""HighLevel's two rate limits, per app and location, on the sandbox's own clock."""

from __future__ import annotations

from collections.abc import Callable

from connectors.sandbox.answers import Headers
from connectors.sandbox.highlevel.options import SandboxOptions
from connectors.sandbox.rolling_window import RollingWindow

BURST_SECONDS = 10.0
DAY_SECONDS = 86_400


class Limits:
    """Counts calls per 10 seconds and per UTC day. Hold the state's lock."""

    def __init__(self, clock: Callable[[], float], options: Callable[[], SandboxOptions]) -> None:
        self._clock = clock
        self._options = options
        self.reset()

    def reset(self) -> None:
        """Forget every call."""
        self._burst = RollingWindow(BURST_SECONDS)
        self._day = 0
        self._used_today = 0

    def _today(self) -> int:
        """Calls counted today."""
        day = int(self._clock() // DAY_SECONDS)
        if day != self._day:
            self._day, self._used_today = day, 0
        return self._used_today

    def take(self) -> bool:
        """Count one call, unless a limit is used up."""
        options = self._options()
        used = self._today()
        if options.limits and options.daily_limit is not None and used >= options.daily_limit:
            return False
        if not self._burst.take(self._clock(), options.burst_limit if options.limits else None):
            return False
        self._used_today += 1
        return True

    def headers(self, *, burst_left: int | None = None, daily_left: int | None = None) -> Headers:
        """What every answer says about the limits; the arguments pretend other figures for a fault."""
        options = self._options()
        burst, daily = options.burst_limit or 0, options.daily_limit or 0
        if burst_left is None:
            burst_left = max(burst - self._burst.count(self._clock()), 0)
        if daily_left is None:
            daily_left = max(daily - self._today(), 0)
        return [
            ("X-RateLimit-Limit-Daily", str(daily)),
            ("X-RateLimit-Daily-Remaining", str(daily_left)),
            ("X-RateLimit-Interval-Milliseconds", str(int(BURST_SECONDS * 1000))),
            ("X-RateLimit-Max", str(burst)),
            ("X-RateLimit-Remaining", str(burst_left)),
        ]
