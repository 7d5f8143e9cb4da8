"""HighLevel's answers as bytes: errors, refusals, and ordered faults."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

from connectors.sandbox.answers import Answer, Headers, json_answer
from connectors.sandbox.faults import FaultRule
from connectors.sandbox.highlevel.access import EXPIRED, MISSING_SCOPE
from connectors.sandbox.highlevel.errors import ApiError
from connectors.sandbox.highlevel.limits import Limits
from connectors.sandbox.lies import neighbouring_id, retry_after

DAILY = "daily"  # the policy of a `rate_limit` fault that stands for the day's limit


def trace_id() -> str:
    """A fresh id, as HighLevel puts one into its answers."""
    return str(uuid4())


def error_answer(error: ApiError, headers: Headers | None = None) -> Answer:
    """HighLevel's error body."""
    return json_answer(error.status, error.body(trace_id()), headers)


def too_many() -> ApiError:
    """429. Its body is not documented."""
    return ApiError(429, "Too Many Requests")


class HighLevelLooks:
    """How ordered faults look at HighLevel (see stage.FaultLooks)."""

    def __init__(self, limits: Limits, lock: AbstractContextManager[Any]) -> None:
        self._limits = limits
        self._lock = lock

    def status(self, rule: FaultRule) -> Answer:
        """HighLevel's error body under any status."""
        message = "Internal Server Error" if rule.status >= 500 else "There was a problem with the request."
        return error_answer(ApiError(rule.status, message), retry_after(rule))

    def rate_limited(self, rule: FaultRule) -> Answer:
        """429 whose headers say that the interval's calls (policy daily: the day's) are used up."""
        left = {"daily_left": 0} if rule.policy.lower() == DAILY else {"burst_left": 0}
        with self._lock:
            headers = self._limits.headers(**left)
        return error_answer(too_many(), [*retry_after(rule), *headers])

    def unauthorized(self, rule: FaultRule) -> Answer:
        """401; a scope that was not granted is a 401 as well, told apart by its message."""
        words = {"expired": EXPIRED, "scope": MISSING_SCOPE}
        return error_answer(ApiError(401, words.get(rule.content, "Invalid Private Integration token")))

    def other_id(self, known: str) -> str:
        """The id beside it."""
        return neighbouring_id(known)
