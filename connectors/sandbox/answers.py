"""One HTTP answer as bytes, and how to make one of JSON or of HTML."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response

JsonObject = dict[str, Any]
Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """Status code, headers and body of one answer.

    broken_off: the connection ends after the body although the headers promise more of it.
    """

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    broken_off: bool = False

    @property
    def status_line(self) -> str:
        """Code and phrase; a vendor's own codes (477, 5xx of its proxy) have no standard phrase."""
        try:
            return f"{self.status} {HTTPStatus(self.status).phrase}"
        except ValueError:
            return f"{self.status} Unknown"

    def response(self) -> Response:
        """The same for Flask."""
        return Response(self.body, self.status, list(self.headers))

    def with_body(self, body: bytes) -> Answer:
        """The same answer with another body and the length that fits it."""
        kept = [(name, value) for name, value in self.headers if name.lower() != "content-length"]
        return Answer(self.status, [*kept, ("Content-Length", str(len(body)))], body)


def json_answer(status: int, body: object, headers: Headers | None = None) -> Answer:
    """A JSON answer."""
    payload = json.dumps(body, separators=(",", ":")).encode()
    return typed_answer(status, "application/json;charset=utf-8", payload, headers)


def html_answer(status: int, page: bytes, headers: Headers | None = None) -> Answer:
    """An answer that is a web page, as proxies and firewalls give."""
    return typed_answer(status, "text/html; charset=utf-8", page, headers)


def typed_answer(status: int, content_type: str, body: bytes, headers: Headers | None = None) -> Answer:
    """An answer of any content type."""
    base = [("Content-Type", content_type), *(headers or []), ("Content-Length", str(len(body)))]
    return Answer(status, base, body)
