"""Answers as bytes: built from JSON, from an error, or from a fault instead of the real one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import uuid4

from connectors.sandbox.hubspot.access import unauthorized
from connectors.sandbox.hubspot.errors import ApiError, JsonObject
from connectors.sandbox.hubspot.faults import FaultRule
from connectors.sandbox.hubspot.limits import rate_limit_body

Headers = list[tuple[str, str]]
_HTML = b"<!DOCTYPE html><html><head><title>Please wait</title></head><body><h1>Checking</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Answer:
    """Status code, headers and body of one answer."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes

    @property
    def status_line(self) -> str:
        """Code and phrase; HubSpot's own codes (477, 5xx of its proxy) have no standard phrase."""
        try:
            return f"{self.status} {HTTPStatus(self.status).phrase}"
        except ValueError:
            return f"{self.status} Unknown"


def correlation_id() -> str:
    """A fresh id, as HubSpot puts one into every answer."""
    return str(uuid4())


def json_answer(status: int, body: JsonObject, headers: Headers | None = None) -> Answer:
    """A JSON answer with a correlation id in its headers."""
    payload = json.dumps(body, separators=(",", ":")).encode()
    correlation = str(body.get("correlationId") or correlation_id())
    base = [("Content-Type", "application/json;charset=utf-8"), ("X-HubSpot-Correlation-Id", correlation)]
    return Answer(status, [*base, *(headers or []), ("Content-Length", str(len(payload)))], payload)


def error_answer(error: ApiError, headers: Headers | None = None) -> Answer:
    """HubSpot's error body."""
    return json_answer(error.status, error.body(correlation_id()), headers)


def rate_limited(policy: str, headers: Headers) -> Answer:
    """429."""
    return json_answer(429, rate_limit_body(policy, correlation_id()), headers)


def _retry_after(rule: FaultRule) -> Headers:
    if rule.retry_after is None:
        return []
    value = rule.retry_after
    return [("Retry-After", value if isinstance(value, str) else f"{value:g}")]


def faulty(rule: FaultRule, real: Answer | None) -> Answer | None:
    """What the caller gets instead; real is the true answer when the request was carried out.

    None means: nothing, the socket is reset.
    """
    if rule.kind.startswith("reset"):
        return None
    if rule.kind.startswith("timeout"):
        return _plain(504, b"<html><body><h1>504 Gateway Time-out</h1></body></html>")
    if rule.kind == "rate_limit":
        return rate_limited(rule.policy, _retry_after(rule))
    if rule.kind == "unauthorized":
        return error_answer(unauthorized(expired=rule.content == "expired"))
    if rule.kind == "garbage":
        if real is None:
            return _plain(200, _HTML)
        cut = real.body[: len(real.body) // 2] or b'{"id":'
        return Answer(200, [("Content-Type", "application/json;charset=utf-8")], cut)
    return error_answer(
        ApiError(rule.status, _category(rule.status), "There was a problem with the request."),
        _retry_after(rule),
    )


def _category(status: int) -> str:
    return {400: "VALIDATION_ERROR", 404: "OBJECT_NOT_FOUND", 409: "CONFLICT", 423: "LOCKED"}.get(
        status, "INTERNAL_ERROR" if status >= 500 else "VALIDATION_ERROR"
    )


def _plain(status: int, body: bytes) -> Answer:
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
    return Answer(status, headers, body)
