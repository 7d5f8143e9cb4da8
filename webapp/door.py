"""The public door: POST /in/<key> stores what arrived and answers; everything else happens later."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from connectors.intake.base import IntakeError, RawRequest, Reply
from connectors.intake.document import MAX_BODY
from connectors.intake.registry import ADAPTERS
from jobs.intake.accepting import NotAccepted, accept
from jobs.ledger.engine import LedgerUnavailable
from jobs.paths.current import path_of_key
from jobs.services import Services
from jobs.settings.model import PathSettings
from webapp.rate_limits import limits, sender_address

blueprint = Blueprint("door", __name__)

_RETRY_SECONDS = "30"


def services() -> Services:
    """The services this application was made with."""
    found: Services = current_app.extensions["firstpath"]
    return found


@blueprint.get("/in/<path:key>")
def asked(key: str) -> ResponseReturnValue:
    """Some vendors ask before they send whether this is the address they were given."""
    path = path_of_key(services(), key)
    answer = ADAPTERS[path.kind].handshake(raw_request(path), path.secret) if path else None
    if answer is None:
        return refusal(405, "method_not_allowed", "Send submissions to this address with POST.")
    return _as_response(answer)


@blueprint.post("/in/<path:key>")
def arrive(key: str) -> ResponseReturnValue:
    """Who is it, what is it, store it: 200 with the submission's id once it is durable."""
    path = path_of_key(services(), key)
    if path is None:
        return _unknown_key()
    adapter = ADAPTERS[path.kind]
    wait = limits().submissions.wait(path.name, services().now().timestamp())
    if wait:
        return _too_many(wait, adapter.busy_status)
    sent = raw_request(path, adapter.max_body)
    answer = adapter.handshake(sent, path.secret)
    if answer is not None:
        return _as_response(answer)
    accepted = accept(services(), path, sent)
    in_its_manner = adapter.reply(sent, accepted.id)
    if in_its_manner is not None:
        return _as_response(in_its_manner)
    # As jsonify() would, at half its cost: no id has a character that JSON escapes.
    return Response(f'{{"id":"{accepted.id}","status":"accepted"}}\n', content_type="application/json")


def _as_response(answer: Reply) -> Response:
    return Response(
        answer.body, answer.status, headers=dict(answer.headers), content_type=answer.content_type
    )


def _unknown_key() -> Response:
    """Guessing keys is slowed down; whoever has a key is not, also from the same address."""
    wait = limits().unknown_keys.wait(sender_address(), services().now().timestamp())
    if wait:
        return _too_many(wait)
    # Never 404: several senders switch a webhook off for good when they see one.
    return refusal(401, "unknown_key", "This intake address is not known or was replaced by a new one.")


def _too_many(wait: int, status: int = 429) -> Response:
    sentence = "Too many requests in one minute; this one was not kept. Please send it again later."
    answer = refusal(status, "too_many_requests", sentence)
    answer.headers["Retry-After"] = str(wait)
    return answer


def raw_request(path: PathSettings, max_body: int = MAX_BODY) -> RawRequest:
    """The request as it came, for this path. Raises RequestEntityTooLarge."""
    request.max_content_length = max_body + 1
    if (request.content_length or 0) > max_body:
        raise RequestEntityTooLarge
    # One byte more than allowed is read, so that a body without a length is found out too.
    body = request.stream.read(max_body + 1)
    if len(body) > max_body:
        raise RequestEntityTooLarge
    asked_for = request.query_string.decode("latin-1")
    address = path.address or services().settings.server.public_url + request.path
    return RawRequest(
        content_type=request.headers.get("Content-Type", ""),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
        query=tuple(request.args.items(multi=True)) if asked_for else (),
        remote_addr=request.remote_addr or "",
        received_at=services().now(),
        method=request.method,
        url=f"{address}?{asked_for}" if asked_for else address,
    )


def refusal(status: int, code: str, sentence: str, **more: str) -> Response:
    """A rejection as JSON: a stable code, one sentence that echoes nothing of the input."""
    answer = jsonify(error={"code": code, "message": sentence}, **more)
    answer.status_code = status
    return answer


@blueprint.errorhandler(IntakeError)
def not_taken(error: IntakeError) -> ResponseReturnValue:
    """The submission cannot be taken; when it was kept for a person, its id says so."""
    kept = {"id": error.id} if isinstance(error, NotAccepted) else {}
    return refusal(error.status, error.code, str(error), **kept)


@blueprint.errorhandler(LedgerUnavailable)
def cannot_store(_error: LedgerUnavailable) -> ResponseReturnValue:
    """Nothing was stored: the sender should try again."""
    sentence = "It cannot be stored at the moment; nothing was kept. Please send it again."
    answer = refusal(503, "storage_unavailable", sentence)
    answer.headers["Retry-After"] = _RETRY_SECONDS
    return answer


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """More than this way in takes."""
    return refusal(413, "too_large", "The submission is larger than this way in takes.")


@blueprint.errorhandler(HTTPException)
def not_http(error: HTTPException) -> ResponseReturnValue:
    """Anything else Flask refuses, in the same shape."""
    code = error.code or 500
    return refusal(code, error.name.lower().replace(" ", "_"), error.description or error.name)
