"""The WSGI application of the paths under /services, short so that calls cost little; the rest is Flask's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from connectors.sandbox.answers import Answer, json_answer
from connectors.sandbox.bodies import BODY_KEY
from connectors.sandbox.salesforce.callers import caller_of
from connectors.sandbox.salesforce.errors import ApiError, not_found
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.web.calls import NO_BODY, Call, Reply, error_reply
from connectors.sandbox.salesforce.web.oauth import token, userinfo
from connectors.sandbox.salesforce.web.resources import root, versions

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

USER_KEY = "sandbox.salesforce.user"  # where admission leaves the id of the user whose token it saw
TOKEN_PATH = "/services/oauth2/token"  # noqa: S105 - a path
DATA_PATH = "/services/data"
_HEADERS = {
    "HTTP_SFORCE_AUTO_ASSIGN": "sforce-auto-assign",
    "HTTP_SFORCE_DUPLICATE_RULE_HEADER": "sforce-duplicate-rule-header",
    "HTTP_SFORCE_QUERY_OPTIONS": "sforce-query-options",
    "HTTP_IF_UNMODIFIED_SINCE": "if-unmodified-since",
}


class Entrance:
    """Answers /services and /id itself and leaves every other path to `other`."""

    def __init__(self, org: OrgState, router: Callable[[Call], Reply], other: WSGIApplication) -> None:
        self._org = org
        self._router = router
        self._other = other

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not path.startswith(("/services/", "/id/")):
            return self._other(environ, start_response)
        try:
            answer = answer_of(self._reply(environ, path))
        except ApiError as error:
            answer = answer_of(error_reply(error))
        start_response(answer.status_line, list(answer.headers))
        return [answer.body]

    def _reply(self, environ: WSGIEnvironment, path: str) -> Reply:
        host = f"http://{environ.get('HTTP_HOST', '127.0.0.1')}"
        if path == TOKEN_PATH:
            if environ["REQUEST_METHOD"] != "POST":
                return Reply(400, {"error": "invalid_request", "error_description": "must use HTTP POST"})
            return token(self._org, environ[BODY_KEY], environ.get("HTTP_AUTHORIZATION", ""), host)
        if path.rstrip("/") == DATA_PATH:
            return Reply(200, versions())
        user_id: str = environ[USER_KEY]
        if path == "/services/oauth2/userinfo" or path.startswith("/id/"):
            return userinfo(self._org, user_id, host)
        return self._data(environ, user_id, host)

    def _data(self, environ: WSGIEnvironment, user_id: str, host: str) -> Reply:
        # The address as it was sent: a decoded path would take %2F inside a key for a slash.
        raw = str(environ.get("REQUEST_URI") or environ["PATH_INFO"]).partition("?")[0]
        segments = [unquote(one) for one in raw.removeprefix(DATA_PATH).strip("/").split("/")]
        version = _version(segments[0])
        headers = {name: environ[key] for key, name in _HEADERS.items() if key in environ}
        caller = caller_of(user_id, version, headers)
        asked = environ.get("QUERY_STRING", "")
        query = dict(parse_qsl(asked, keep_blank_values=True)) if asked else {}
        body = environ[BODY_KEY]
        _check_content_type(environ, body)
        call = Call(environ["REQUEST_METHOD"], tuple(segments[1:]), query, headers, body, caller)
        if not call.path:
            return root(self._org, call, host)
        return self._router(call)


def _version(text: str) -> float:
    try:
        return float(text.removeprefix("v")) if text.startswith("v") else -1.0
    except ValueError:
        raise not_found() from None


def _check_content_type(environ: WSGIEnvironment, body: Any) -> None:
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if body is not None and kind != "application/json":
        message = f"Content-Type header specified in HTTP request is not supported: {kind}"
        raise ApiError(415, "UNSUPPORTED_MEDIA_TYPE", message)


def answer_of(reply: Reply) -> Answer:
    """The reply as HTTP."""
    if reply.body is NO_BODY:
        return Answer(reply.status, list(reply.headers.items()), b"")
    return json_answer(reply.status, reply.body, list(reply.headers.items()))


def plain_error(error: ApiError) -> Answer:
    """An error outside the application: admission and ordered faults."""
    return answer_of(error_reply(error))
