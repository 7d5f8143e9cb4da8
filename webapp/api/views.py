"""POST /api/v1/inquiries and what becomes of them; every refusal as application/problem+json."""

from __future__ import annotations

import re
from dataclasses import replace

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema
from werkzeug.exceptions import HTTPException

from connectors.intake.base import IntakeError, JsonValue
from connectors.intake.compressed import unpacked
from connectors.intake.document import read_document
from connectors.intake.registry import ADAPTERS
from jobs.desk.api_status import status_of
from jobs.intake.accepting import accept
from jobs.ledger.engine import LedgerUnavailable
from jobs.paths.api_tokens import path_of_token
from jobs.settings.model import PathSettings
from webapp.api import follow_up
from webapp.api.openapi import DOCUMENT
from webapp.api.problems import Problem, as_response
from webapp.api.schema import InquiryPosted, OptOutPosted, mistakes
from webapp.door import raw_request, services
from webapp.rate_limits import MovingWindow, limits, sender_address

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

_KIND = "api"
_KEY = re.compile(r"[!-~]{1,200}")
_RETRY_SECONDS = 30


@blueprint.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """The contract."""
    return jsonify(DOCUMENT)


@blueprint.post("/inquiries")
def post_inquiry() -> ResponseReturnValue:
    """Check it whole, store it, answer 201; the same posted again gets the same answer."""
    return _take(InquiryPosted, "inquiry")


@blueprint.post("/opt-outs")
def post_opt_out() -> ResponseReturnValue:
    """The same for somebody who wants to be left alone."""
    return _take(OptOutPosted, "opt-out")


def _take(schema: type[Schema], what: str) -> ResponseReturnValue:
    path = _path_of_token(limits().submissions)
    adapter = ADAPTERS[_KIND]
    sent = unpacked(raw_request(path, adapter.max_body), adapter.max_body)
    document = read_document(sent.content_type, sent.body, takes=adapter.takes, max_body=adapter.max_body)
    wrong = mistakes(document.json, services().settings.brokerage.country, schema)
    if wrong:
        raise Problem(422, "invalid", f"The {what} was not taken: correct what errors lists.", errors=wrong)
    # What names the caller's software says nothing about the borrower.
    accepted = accept(services(), path, replace(sent, remote_addr=""), name=_name(document.json))
    answer = jsonify(id=accepted.id, status="received")
    answer.status_code = 201
    answer.headers["Location"] = f"/api/v1/inquiries/{accepted.id}"
    if accepted.repeated:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer


@blueprint.get("/inquiries/<submission_id>")
def get_inquiry(submission_id: str) -> ResponseReturnValue:
    """What became of an inquiry that this token's path posted."""
    path = _path_of_token(limits().api_reads)
    found = status_of(services(), path.name, submission_id[:26])
    if found is None:
        raise Problem(404, "not_found", "There is no inquiry of that id for this token.")
    return jsonify(found)


@blueprint.post("/inquiries/<submission_id>/follow-up")
def post_follow_up(submission_id: str) -> ResponseReturnValue:
    """Stop, pause or resume the follow-up of an inquiry that this token's path posted."""
    path = _path_of_token(limits().submissions)
    adapter = ADAPTERS[_KIND]
    sent = unpacked(raw_request(path, adapter.max_body), adapter.max_body)
    document = read_document(sent.content_type, sent.body, takes=adapter.takes, max_body=adapter.max_body)
    follow_up.said(services(), path.name, submission_id[:26], document.json)
    return jsonify(status_of(services(), path.name, submission_id[:26]))


def _path_of_token(window: MovingWindow) -> PathSettings:
    """The path of kind api whose token or key the bearer has, counted in this window. Raises Problem."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    path = path_of_token(services(), token.strip()) if scheme.lower() == "bearer" else None
    if path is not None and path.kind == _KIND:
        _slow_down(window, path.name)
        return path
    # Guessing is slowed down; whoever has a token is not, also from the same address.
    _slow_down(limits().unknown_keys, sender_address())
    raise Problem(401, "bad_token", "Send the token of an intake path of kind api: Authorization: Bearer …")


def _slow_down(window: MovingWindow, sender: str) -> None:
    wait = window.wait(sender, services().now().timestamp())
    if wait:
        raise Problem(429, "too_many_requests", "Too many requests in one minute.", retry_after=wait)


def _name(body: JsonValue) -> str:
    """The name under which the same inquiry is known when it is posted again; "" for none. Raises Problem."""
    key = request.headers.get("Idempotency-Key")
    if key is not None:
        if not _KEY.fullmatch(key):
            raise Problem(
                400, "bad_idempotency_key", "An Idempotency-Key is 1 to 200 visible ASCII characters."
            )
        return f"key:{key}"
    external = body.get("external_id") if isinstance(body, dict) else None
    return f"external:{external}" if isinstance(external, str) and external.strip() else ""


@blueprint.errorhandler(Problem)
def problem(error: Problem) -> Response:
    """RFC 9457."""
    return as_response(error)


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
