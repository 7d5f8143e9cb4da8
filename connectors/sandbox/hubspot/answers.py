"""HubSpot's answers as bytes: JSON with a correlation id, errors, refusals, and ordered faults."""

from __future__ import annotations

from uuid import uuid4

from connectors.sandbox import answers
from connectors.sandbox.answers import Answer, Headers, JsonObject
from connectors.sandbox.faults import FaultRule
from connectors.sandbox.hubspot.access import unauthorized
from connectors.sandbox.hubspot.errors import ApiError, missing_scopes
from connectors.sandbox.hubspot.limits import rate_limit_body
from connectors.sandbox.lies import neighbouring_id, retry_after

CORRELATION = "X-HubSpot-Correlation-Id"
_USUAL_POLICY = "TEN_SECONDLY_ROLLING"
_CATEGORIES = {400: "VALIDATION_ERROR", 404: "OBJECT_NOT_FOUND", 409: "CONFLICT", 423: "LOCKED"}


def correlation_id() -> str:
    """A fresh id, as HubSpot puts one into every answer."""
    return str(uuid4())


def json_answer(status: int, body: JsonObject, headers: Headers | None = None) -> Answer:
    """A JSON answer with a correlation id in its headers."""
    correlation = str(body.get("correlationId") or correlation_id())
    return answers.json_answer(status, body, [(CORRELATION, correlation), *(headers or [])])


def error_answer(error: ApiError, headers: Headers | None = None) -> Answer:
    """HubSpot's error body."""
    return json_answer(error.status, error.body(correlation_id()), headers)


def rate_limited(policy: str, headers: Headers) -> Answer:
    """429."""
    return json_answer(429, rate_limit_body(policy, correlation_id()), headers)


class HubSpotLooks:
    """How ordered faults look at HubSpot (see stage.FaultLooks)."""

    def status(self, rule: FaultRule) -> Answer:
        """HubSpot's error body under any status."""
        usual = "INTERNAL_ERROR" if rule.status >= 500 else "VALIDATION_ERROR"
        category = _CATEGORIES.get(rule.status, usual)
        error = ApiError(rule.status, category, "There was a problem with the request.")
        return error_answer(error, retry_after(rule))

    def rate_limited(self, rule: FaultRule) -> Answer:
        """429 with the policy's name."""
        return rate_limited(rule.policy or _USUAL_POLICY, retry_after(rule))

    def unauthorized(self, rule: FaultRule) -> Answer:
        """401; a scope that was not granted is a 403."""
        if rule.content == "scope":
            return error_answer(missing_scopes(["crm.objects.contacts.write"]))
        return error_answer(unauthorized(expired=rule.content == "expired"))

    def other_id(self, known: str) -> str:
        """The number beside it."""
        return neighbouring_id(known)
