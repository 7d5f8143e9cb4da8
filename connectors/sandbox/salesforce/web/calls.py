"""One call of the REST API inside the sandbox, over HTTP or as a part of a composite, and its reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.bodies import UNREADABLE
from connectors.sandbox.salesforce.callers import Caller
from connectors.sandbox.salesforce.errors import ApiError, unreadable

NO_BODY = object()


@dataclass(frozen=True, slots=True)
class Call:
    """path is what follows the version, split at slashes and decoded; header names are in small letters.

    part: it came inside a composite request.
    """

    method: str
    path: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    caller: Caller
    part: bool = False

    def json(self) -> Any:
        """The body. Raises: ApiError (400) when it is missing or no JSON."""
        if self.body is None or self.body is UNREADABLE:
            raise unreadable("Unexpected end of JSON or unexpected character in the request body")
        return self.body

    def object(self) -> JsonObject:
        """The body as a JSON object. Raises: ApiError (400)."""
        found = self.json()
        if not isinstance(found, dict):
            raise unreadable("Unexpected JSON: expected an object")
        return found

    def flag(self, name: str) -> bool:
        """Whether a switch in the query is true."""
        return self.query.get(name, "").lower() == "true"


@dataclass(frozen=True, slots=True)
class Reply:
    """HTTP status and JSON body (NO_BODY: none at all)."""

    status: int
    body: Any = NO_BODY
    headers: Mapping[str, str] = field(default_factory=dict)


def error_reply(error: ApiError) -> Reply:
    """The error as the API shows it: a list of one, or for 300 the list of records."""
    urls = getattr(error, "urls", None)
    return Reply(error.status, urls if urls is not None else [error.row()])
