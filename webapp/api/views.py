"""POST /api/v1/inquiries and what becomes of it; every refusal as application/problem+json."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from connectors.intake.base import IntakeError
from connectors.intake.document import read_document
from connectors.intake.registry import ADAPTERS
from jobs.desk.api_status import status_of
from jobs.intake import accept
from jobs.ledger.engine import LedgerUnavailable
from jobs.paths import paths
from jobs.settings.model import PathSettings
from jobs.settings.new_secrets import path_key_fits
from webapp.api.openapi import DOCUMENT
from webapp.api.schema import mistakes
from webapp.door import raw_request, services
from webapp.rate_limits import limits, sender_address

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

_KIND = "api"
_LONGEST_KEY = 200
_RETRY_SECONDS = 30


class Problem(Exception):
    """A refusal: status, a stable code, a sentence, and each mistake with its field."""

    def __init__(
        self, status: int, code: str, sentence: str, *, errors: Any = (), retry_after: int = 0
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.errors = errors
        self.retry_after = retry_after


@blueprint.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """The contract."""
    return jsonify(DOCUMENT)


@blueprint.post("/inquiries")
def post_inquiry() -> ResponseReturnValue:
    """Check it whole, store it, answer: 201 when it is new, 200 when the same was posted before."""
    path = _path_of_token()
    wait = limits().submissions.wait(path.name, services().now().timestamp())
    if wait:
        raise Problem(429, "too_many_requests", "Too many requests in one minute.", retry_after=wait)
    adapter = ADAPTERS[_KIND]
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > _LONGEST_KEY:
        raise Problem(400, "bad_idempotency_key", f"The Idempotency-Key is longer than {_LONGEST_KEY}.")
    sent = raw_request(path, adapter.max_body)
    document = read_document(sent.content_type, sent.body, takes=adapter.takes, max_body=adapter.max_body)
    wrong = mistakes(document.json)
    if wrong:
        raise Problem(422, "invalid", "The inquiry was not taken: correct what errors lists.", errors=wrong)
    # What names the caller's software says nothing about the borrower.
    accepted = accept(services(), path, replace(sent, remote_addr=""))
    answer = jsonify(id=accepted.id, status="received", repeated=accepted.repeated)
    answer.status_code = 200 if accepted.repeated else 201
    answer.headers["Location"] = f"/api/v1/inquiries/{accepted.id}"
    return answer


@blueprint.get("/inquiries/<submission_id>")
def get_inquiry(submission_id: str) -> ResponseReturnValue:
    """What became of an inquiry that this token's path posted."""
    path = _path_of_token()
    found = status_of(services(), path.name, submission_id[:26])
    if found is None:
        raise Problem(404, "not_found", "There is no inquiry of that id for this token.")
    return jsonify(found)


def _path_of_token() -> PathSettings:
    """The path whose key is the bearer token. Guessing is slowed down. Raises Problem."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    known = paths(services()).values() if scheme.lower() == "bearer" and token.strip() else ()
    for path in known:
        if path.kind == _KIND and path_key_fits(token.strip(), path.keys):
            return path
    wait = limits().unknown_keys.wait(sender_address(), services().now().timestamp())
    if wait:
        raise Problem(429, "too_many_requests", "Too many requests in one minute.", retry_after=wait)
    raise Problem(401, "bad_token", "Send the token of an intake path of kind api: Authorization: Bearer …")


@blueprint.errorhandler(Problem)
def problem(error: Problem) -> Response:
    """RFC 9457."""
    answer = jsonify(
        type=f"urn:firstpath:problem:{error.code}",
        title=error.code.replace("_", " "),
        status=error.status,
        detail=str(error),
        **({"errors": list(error.errors)} if error.errors else {}),
    )
    answer.status_code = error.status
    answer.content_type = "application/problem+json"
    if error.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if error.retry_after:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


@blueprint.errorhandler(IntakeError)
def not_taken(error: IntakeError) -> Response:
    """The body cannot be read, or its id was used before."""
    return problem(Problem(error.status, error.code, str(error)))


@blueprint.errorhandler(LedgerUnavailable)
def cannot_store(_error: LedgerUnavailable) -> Response:
    """Nothing was stored."""
    sentence = "It cannot be stored at the moment; nothing was kept. Please send it again."
    return problem(Problem(503, "storage_unavailable", sentence, retry_after=_RETRY_SECONDS))


@blueprint.errorhandler(HTTPException)
def not_http(error: HTTPException) -> Response:
    """Anything else Flask refuses, in the same shape."""
    code = error.name.lower().replace(" ", "_")
    return problem(Problem(error.code or 500, code, error.description or error.name))
