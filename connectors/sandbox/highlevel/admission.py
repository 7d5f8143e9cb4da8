"""What stands before every call: the firewall, is the caller let in, and is there any of the limit left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.sandbox.answers import Answer, html_answer
from connectors.sandbox.bodies import BODY_KEY
from connectors.sandbox.highlevel.access import OPEN_PATHS, check_access
from connectors.sandbox.highlevel.answers import error_answer, too_many
from connectors.sandbox.highlevel.errors import ApiError
from connectors.sandbox.highlevel.limits import Limits
from connectors.sandbox.highlevel.state import LocationState

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_BANNED_AGENT = "python-urllib"
_FIREWALL = b"<!DOCTYPE html><html><head><title>Denied</title></head><body>error code: 1010</body></html>"


class Admission:
    """Checks calls and counts them. Hold the state's lock."""

    def __init__(self, state: LocationState, limits: Limits) -> None:
        self._state = state
        self._limits = limits

    def refusal(self, environ: WSGIEnvironment) -> Answer | None:
        """401, 403 or 429, or None when the call may go on."""
        if environ.get("HTTP_USER_AGENT", "").lower().startswith(_BANNED_AGENT):
            return html_answer(403, _FIREWALL)
        path = environ["PATH_INFO"]
        try:
            headers = (environ.get("HTTP_AUTHORIZATION", ""), environ.get("HTTP_VERSION", ""))
            query = environ.get("QUERY_STRING", "")
            check_access(self._state, environ["REQUEST_METHOD"], path, query, headers, environ[BODY_KEY])
        except ApiError as e:
            return error_answer(e)
        if path in OPEN_PATHS or self._limits.take():
            return None
        return error_answer(too_many())

    def stamped(self, path: str, answer: Answer) -> Answer:
        """The answer with the five headers that tell the limits."""
        if path in OPEN_PATHS:
            return answer
        return Answer(answer.status, [*answer.headers, *self._limits.headers()], answer.body)

    def reset(self) -> None:
        """Forget every counted call."""
        self._limits.reset()
