"""What stands before every call: the length of the address, the session, the daily allowance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.sandbox.answers import Answer, html_answer
from connectors.sandbox.salesforce.errors import limit_exceeded, session_invalid
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.usage import Usage
from connectors.sandbox.salesforce.web.entrance import DATA_PATH, TOKEN_PATH, USER_KEY, plain_error

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MOST_URI = 16_384  # bytes, of the address alone and of address and headers together
_TOO_LONG = b"<html><head><title>414 URI Too Long</title></head><body><h1>URI Too Long</h1></body></html>"
_TOO_MUCH = b"<html><body><h1>431 Request Header Fields Too Large</h1></body></html>"


class Admission:
    """Checks calls and counts them. Hold the org's lock."""

    def __init__(self, org: OrgState, usage: Usage) -> None:
        self._org = org
        self._usage = usage

    def refusal(self, environ: WSGIEnvironment) -> Answer | None:
        """414, 431, 401 or 403, or None when the call may go on."""
        path = environ["PATH_INFO"]
        length = len(environ.get("REQUEST_URI") or path)
        if length > MOST_URI:
            return html_answer(414, _TOO_LONG)
        if length + _header_bytes(environ) > MOST_URI:
            return html_answer(431, _TOO_MUCH)
        if path == TOKEN_PATH or path.rstrip("/") == DATA_PATH:
            return None
        kind, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        user_id = self._org.sessions.user_of(token) if kind in ("Bearer", "OAuth") else None
        if user_id is None:
            return plain_error(session_invalid())
        environ[USER_KEY] = user_id
        if path.startswith(DATA_PATH) and not self._usage.take():
            return plain_error(limit_exceeded())
        return None

    def stamped(self, path: str, answer: Answer) -> Answer:
        """The answer with what it says of the allowance."""
        if not path.startswith(DATA_PATH):
            return answer
        return Answer(answer.status, [*answer.headers, self._usage.header()], answer.body, answer.broken_off)

    def reset(self) -> None:
        """Forget every counted call."""
        self._usage.reset()


def _header_bytes(environ: WSGIEnvironment) -> int:
    return sum(len(name) + len(value) for name, value in environ.items() if name.startswith("HTTP_"))
