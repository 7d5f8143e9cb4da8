"""HubSpot's three rate limits, on the sandbox's own clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectors.sandbox.hubspot.errors import JsonObject
from connectors.sandbox.hubspot.options import SandboxOptions
from connectors.sandbox.rolling_window import RollingWindow

BURST_SECONDS = 10.0
MESSAGES = {
    "DAILY": "You have reached your daily limit.",
    "TEN_SECONDLY_ROLLING": "You have reached your ten_secondly_rolling limit.",
    "SECONDLY": "You have reached your secondly limit.",
}


def rate_limit_body(policy: str, correlation_id: str) -> JsonObject:
    """The JSON of a 429; it has errorType where other errors have category."""
    return {
        "status": "error",
        "message": MESSAGES.get(policy, f"You have reached your {policy.lower()} limit."),
        "errorType": "RATE_LIMIT",
        "correlationId": correlation_id,
        "policyName": policy,
        "requestId": correlation_id,
    }


class Limits:
    """Counts calls per second (search), per 10 seconds and per day. Hold the state's lock."""

    def __init__(self, clock: Callable[[], float], options: Callable[[], SandboxOptions]) -> None:
        self._clock = clock
        self._options = options
        self.reset()

    def reset(self) -> None:
        """Forget every call."""
        self._search = RollingWindow(1.0)
        self._burst = RollingWindow(BURST_SECONDS)
        self._day_ends = 0.0
        self._used_today = 0

    def today(self) -> tuple[int, float]:
        """Calls counted today, and the account's next midnight in epoch seconds."""
        now = self._clock()
        if now >= self._day_ends:
            zone = ZoneInfo(self._options().time_zone)
            tomorrow = datetime.fromtimestamp(now, UTC).astimezone(zone).date() + timedelta(days=1)
            self._day_ends = datetime.combine(tomorrow, time(), zone).timestamp()
            self._used_today = 0
        return self._used_today, self._day_ends

    def take(self, *, search: bool) -> str:
        """Count one call; "" when it may go on, else the name of the policy that stops it.

        Searches have their own limit and stay out of the 10-second one.
        """
        options, now = self._options(), self._clock()
        used, _ = self.today()
        on = options.limits
        if on and options.daily_limit is not None and used >= options.daily_limit:
            return "DAILY"
        if search and not self._search.take(now, options.search_limit if on else None):
            return "SECONDLY"
        if not search and not self._burst.take(now, options.burst_limit if on else None):
            return "TEN_SECONDLY_ROLLING"
        self._used_today += 1
        return ""

    def headers(self) -> list[tuple[str, str]]:
        """What every answer but a search's says about the limits."""
        options = self._options()
        burst, daily = options.burst_limit or 0, options.daily_limit or 0
        second = max(burst // 10, 1)
        left = max(burst - self._burst.count(self._clock()), 0)
        return [
            ("X-HubSpot-RateLimit-Max", str(burst)),
            ("X-HubSpot-RateLimit-Remaining", str(left)),
            ("X-HubSpot-RateLimit-Interval-Milliseconds", "10000"),
            ("X-HubSpot-RateLimit-Daily", str(daily)),
            ("X-HubSpot-RateLimit-Daily-Remaining", str(max(daily - self.today()[0], 0))),
            ("X-HubSpot-RateLimit-Secondly", str(second)),
            ("X-HubSpot-RateLimit-Secondly-Remaining", str(min(second, left))),
        ]
