"""/composite: up to 25 calls in one, which may refer to each other and may stand or fall together."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.salesforce.callers import Caller
from connectors.sandbox.salesforce.errors import ApiError, method_not_allowed
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.web.calls import NO_BODY, Call, Reply, error_reply
from connectors.sandbox.salesforce.web.parts import Dispatch, Part, halted, read_parts, run, shown

MOST_PARTS = 25
MOST_QUERIES = 5
_RESOURCES = ("sobjects", "query", "queryall", "composite")


class RolledBack(Exception):
    """Leaves a transaction whose parts have failed together; replies are what each part answers."""

    def __init__(self, replies: list[Reply]) -> None:
        super().__init__()
        self.replies = replies


def composite(org: OrgState, call: Call, dispatch: Dispatch) -> Reply:
    """The answer is always 200; what happened stands in the parts."""
    if call.method != "POST":
        raise method_not_allowed(call.method, "POST")
    body = call.object()
    raw = body.get("compositeRequest")
    if refusal := _too_much(raw):
        return refusal
    parts = read_parts(raw)
    if body.get("allOrNone") is True:
        replies = together(org, parts, call.caller, dispatch)
    else:
        replies = _one_by_one(org, parts, call.caller, dispatch)
    answers = [shown(part, reply) for part, reply in zip(parts, replies, strict=True)]
    return Reply(200, {"compositeResponse": answers})


def _too_much(raw: object) -> Reply | None:
    """Salesforce answers 200 with one part that has no reference id."""
    if not isinstance(raw, list):
        return None
    message = ""
    if len(raw) > MOST_PARTS:
        message = f"The request can’t contain more than {MOST_PARTS} operations."
    urls = [str(one.get("url", "")) for one in raw if isinstance(one, dict)]
    heavy = sum("/query" in url or "/composite/sobjects" in url for url in urls)
    if heavy > MOST_QUERIES:
        message = (
            f"The request can’t contain more than {MOST_QUERIES} query or sObject Collections operations."
        )
    if not message:
        return None
    part = {"body": [{"errorCode": "LIMIT_EXCEEDED", "message": message}], "httpHeaders": {}}
    return Reply(200, {"compositeResponse": [{**part, "httpStatusCode": 400, "referenceId": None}]})


def _one_by_one(org: OrgState, parts: list[Part], caller: Caller, dispatch: Dispatch) -> list[Reply]:
    results: dict[str, Any] = {}
    return [_attempt(org, part, caller, dispatch, results) for part in parts]


def together(org: OrgState, parts: list[Part], caller: Caller, dispatch: Dispatch) -> list[Reply]:
    """All parts or none of them: one failure takes everything back, and halts the others."""
    try:
        with org.transaction():
            return _until_failure(org, parts, caller, dispatch)
    except RolledBack as failure:
        return failure.replies


def _until_failure(org: OrgState, parts: list[Part], caller: Caller, dispatch: Dispatch) -> list[Reply]:
    results: dict[str, Any] = {}
    replies: list[Reply] = []
    for part in parts:
        reply = _attempt(org, part, caller, dispatch, results)
        if reply.status >= 300:
            # A collection keeps its report of success although it was rolled back, as Salesforce warns.
            before = [
                one if "/composite/sobjects" in done.url else halted()
                for done, one in zip(parts, replies, strict=False)
            ]
            after = [halted() for _ in parts[len(replies) + 1 :]]
            raise RolledBack([*before, reply, *after])
        replies.append(reply)
    return replies


def _attempt(org: OrgState, part: Part, caller: Caller, dispatch: Dispatch, results: dict[str, Any]) -> Reply:
    """One part in a transaction of its own; its body is kept for later references."""
    try:
        with org.transaction():
            reply = run(part, caller, dispatch, results)
    except ApiError as error:
        reply = error_reply(error)
    if reply.status < 300 and reply.body is not NO_BODY:
        results[part.reference_id] = reply.body
    return reply


def check_resource(call: Call) -> None:
    """Refuse what cannot be part of a composite. Raises: ApiError (400)."""
    first = call.path[0].lower()
    nested = first == "composite" and call.path[1:2] != ("sobjects",)
    if first not in _RESOURCES or nested:
        message = f"The resource '{'/'.join(call.path)}' is not supported in a composite request"
        raise ApiError(400, "INVALID_INPUT", message)
