"""How ordered faults look at Salesforce."""

from __future__ import annotations

from connectors.sandbox.answers import Answer, html_answer
from connectors.sandbox.faults import FaultRule
from connectors.sandbox.lies import retry_after
from connectors.sandbox.salesforce.errors import ApiError, limit_exceeded, session_invalid
from connectors.sandbox.salesforce.ids import full_id, neighbour
from connectors.sandbox.salesforce.web.entrance import plain_error

_MAINTENANCE = b"""<html><head><title>Down for maintenance</title></head><body>
<h1>We are down for maintenance.</h1><p>We'll be back shortly.</p></body></html>"""
_CODES = {
    400: "UNABLE_TO_LOCK_ROW",
    403: "INSUFFICIENT_ACCESS",
    404: "NOT_FOUND",
    409: "CONFLICT",
    420: "UNKNOWN_EXCEPTION",
    500: "UNKNOWN_EXCEPTION",
}
_MESSAGES = {
    "UNABLE_TO_LOCK_ROW": "unable to obtain exclusive access to this record or 1 records: 0035j000000000",
    "NOT_FOUND": "The requested resource does not exist",
    "INSUFFICIENT_ACCESS": "insufficient access rights on object id",
    "QUERY_TIMEOUT": "Your query request was running for too long.",
}
_UNEXPECTED = (
    "An unexpected error occurred. Please include this ErrorId if you contact support: 123456789-1 (1)"
)


class SalesforceLooks:
    """rule.policy names an errorCode (UNABLE_TO_LOCK_ROW, ...) or, for a rate limit, which limit it is."""

    def status(self, rule: FaultRule) -> Answer:
        """A list with one error; 502, 503 and 504 are web pages, as a real org's are."""
        if rule.status in (502, 503, 504) and not rule.policy:
            return html_answer(rule.status, _MAINTENANCE, retry_after(rule))
        code = rule.policy or _CODES.get(rule.status, "UNKNOWN_EXCEPTION")
        answer = plain_error(ApiError(rule.status, code, _MESSAGES.get(code, _UNEXPECTED)))
        return Answer(answer.status, [*answer.headers, *retry_after(rule)], answer.body)

    def rate_limited(self, rule: FaultRule) -> Answer:
        """403: TotalRequests (the day's), or by policy ConcurrentPerOrgLongTxn."""
        answer = plain_error(limit_exceeded(rule.policy or "TotalRequests"))
        return Answer(answer.status, [*answer.headers, *retry_after(rule)], answer.body)

    def unauthorized(self, rule: FaultRule) -> Answer:
        """401 INVALID_SESSION_ID, or for scope: 403, the API is not open to this user."""
        if rule.content == "scope":
            message = "The REST API is not enabled for this Organization."
            return plain_error(ApiError(403, "API_DISABLED_FOR_ORG", message))
        return plain_error(session_invalid())

    def other_id(self, known: str) -> str:
        """The id of the record made next: same object, right checksum."""
        return neighbour(full_id(known) or "") or known
