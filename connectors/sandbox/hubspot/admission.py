"""What stands before every call: is the caller let in, and is there any of the limit left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.sandbox.answers import Answer
from connectors.sandbox.hubspot.access import check_access
from connectors.sandbox.hubspot.answers import CORRELATION, correlation_id, error_answer, rate_limited
from connectors.sandbox.hubspot.errors import ApiError
from connectors.sandbox.hubspot.limits import Limits
from connectors.sandbox.hubspot.state import CrmState

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class Admission:
    """Checks calls and counts them. Hold the state's lock."""

    def __init__(self, crm: CrmState, limits: Limits) -> None:
        self._crm = crm
        self._limits = limits

    def refusal(self, environ: WSGIEnvironment) -> Answer | None:
        """401, 403 or 429, or None when the call may go on."""
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        try:
            check_access(self._crm, method, path, environ.get("HTTP_AUTHORIZATION", ""))
        except ApiError as e:
            return error_answer(e)
        policy = self._limits.take(search=_is_search(path))
        return rate_limited(policy, []) if policy else None

    def stamped(self, path: str, answer: Answer) -> Answer:
        """The answer with the headers that tell the correlation id and (not on searches) the limits."""
        headers = list(answer.headers)
        if not any(name == CORRELATION for name, _ in headers):
            headers.append((CORRELATION, correlation_id()))
        if not _is_search(path):
            headers.extend(self._limits.headers())
        return Answer(answer.status, headers, answer.body)

    def reset(self) -> None:
        """Forget every counted call."""
        self._limits.reset()


def _is_search(path: str) -> bool:
    return path.endswith("/search")
