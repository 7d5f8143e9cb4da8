"""One door to HighLevel: token, version, allowance, counting, JSON, and failures by name."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import local
from typing import Any, Protocol, runtime_checkable

from connectors.crm.allowance import Allowance
from connectors.crm.base import CrmError, Uncertain
from connectors.crm.highlevel.errors import Failed, StaleToken, from_answer
from connectors.crm.highlevel.limits import learn
from connectors.crm.highlevel.wire import Reply, Wire

# HighLevel versions its API by family of paths (reference of its OpenAPI files).
_OLDER_FAMILIES = ("/conversations", "/calendars")
_OLDER_VERSION = "2021-04-15"
_TEXT_SHOWN = 2_000


@runtime_checkable
class Renewable(Protocol):
    """A token provider that can be told that a token was refused, and then gives another."""

    def __call__(self) -> str:
        """The present access token."""

    def refused(self, access: str) -> None:
        """HighLevel did not take this token: the next call renews it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer: header names in lower case, the body a JSON object."""

    status: int
    headers: Mapping[str, str]
    body: dict[str, Any]


class Transport:
    """HighLevel's API of one account. Nothing is repeated but reads and calls with a token that ran out."""

    def __init__(self, wire: Wire, token: Callable[[], str], version: str, allowance: Allowance) -> None:
        self._wire = wire
        self._token = token
        self._version = version
        self._allowance = allowance
        self._calls = local()

    @property
    def calls(self) -> int:
        """Requests sent so far by the calling thread."""
        return getattr(self._calls, "count", 0)

    def call(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: Any = None
    ) -> Answer:
        """Send one request and read its answer as JSON.

        A token that ran out is renewed once, where it can be. Raises a CrmError; a 2xx that is not what
        HighLevel documents is Uncertain, because the request may have been carried out.
        """
        access = self._token().strip()
        try:
            return self._send(access, method, path, query, body)
        except StaleToken:
            if not isinstance(self._token, Renewable):
                raise
            self._token.refused(access)
        return self._send(self._token().strip(), method, path, query, body)

    def read(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: Any = None
    ) -> Answer:
        """call() for a request that changes nothing: when HighLevel stumbles over it, it is asked once more.

        An attempt after an unknown outcome is mostly reading, and must get through a bad hour.
        """
        try:
            return self.call(method, path, query=query, body=body)
        except Failed:
            return self.call(method, path, query=query, body=body)

    def _send(
        self, access: str, method: str, path: str, query: Mapping[str, str] | None, body: Any
    ) -> Answer:
        self._allowance.wait()
        self._calls.count = self.calls + 1
        headers = {"Authorization": f"Bearer {access}", "Version": self._version_of(path)}
        reply = self._wire.send(method, path, headers, query=query, body=body)
        learn(self._allowance, reply.headers)
        return read_answer(reply)

    def _version_of(self, path: str) -> str:
        return _OLDER_VERSION if path.startswith(_OLDER_FAMILIES) else self._version

    def close(self) -> None:
        """Close the pooled connections."""
        self._wire.close()


def read_answer(reply: Reply) -> Answer:
    """The JSON object of a good answer. Raises the CrmError of any other."""
    body = _json(reply.body)
    if not 200 <= reply.status < 300:
        text = reply.body[:_TEXT_SHOWN].decode("utf-8", errors="replace") if body is None else ""
        raise from_answer(reply.status, reply.headers, body if isinstance(body, dict) else {}, text)
    problem: CrmError | None = None
    if reply.status not in (200, 201):
        problem = Uncertain(f"HighLevel answered in a way it does not document (status {reply.status}).")
    elif not isinstance(body, dict):
        problem = Uncertain("HighLevel's address answered something that is not a JSON object.")
    if problem is not None:
        raise problem
    return Answer(reply.status, reply.headers, body)


def _json(content: bytes) -> Any:
    """The body as JSON, None when it is none; a proxy may answer HTML, or nothing."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
