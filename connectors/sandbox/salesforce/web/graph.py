"""/composite/graph: many small composites in one call, each all or nothing."""

from __future__ import annotations

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.salesforce.errors import ApiError, method_not_allowed
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.web.calls import Call, Reply
from connectors.sandbox.salesforce.web.composite import together
from connectors.sandbox.salesforce.web.parts import Dispatch, Part, halted, read_parts, shown

MOST_GRAPHS = 75
MOST_NODES = 500
MOST_DEPTH = 15
MOST_KINDS = 15
MOST_FAILED = 14


def graph(org: OrgState, call: Call, dispatch: Dispatch) -> Reply:
    """200 with one result per graph, in order. Raises: ApiError (400) when the whole request is unfit."""
    if call.method != "POST":
        raise method_not_allowed(call.method, "POST")
    graphs = _read(call.object().get("graphs"))
    failed = 0
    answers: list[JsonObject] = []
    for graph_id, parts in graphs:
        if failed > MOST_FAILED:
            replies = [halted() for _ in parts]
        else:
            replies = together(org, parts, call.caller, dispatch)
        fine = all(reply.status < 300 for reply in replies)
        failed += not fine
        inside = [shown(part, reply) for part, reply in zip(parts, replies, strict=True)]
        answers.append(
            {"graphId": graph_id, "graphResponse": {"compositeResponse": inside}, "isSuccessful": fine}
        )
    return Reply(200, {"graphs": answers})


def _read(raw: object) -> list[tuple[str, list[Part]]]:
    if not isinstance(raw, list) or not all(isinstance(one, dict) for one in raw):
        raise ApiError(400, "JSON_PARSER_ERROR", "graphs must be a list of graphs")
    found = [(one.get("graphId"), read_parts(one.get("compositeRequest"))) for one in raw]
    ids = [graph_id for graph_id, _ in found]
    if not all(isinstance(one, str) and one for one in ids) or len(set(ids)) < len(ids):
        raise ApiError(400, "INVALID_INPUT", "Each graph needs a graphId of its own")
    every = [part for _, parts in found for part in parts]
    kinds = {_object_name(part) for part in every}
    _limit(len(found), MOST_GRAPHS, "graphs")
    _limit(len(every), MOST_NODES, "nodes")
    _limit(len(kinds), MOST_KINDS, "different kinds of nodes")
    _limit(max((_depth(parts) for _, parts in found), default=0), MOST_DEPTH, "levels in a graph")
    return [(str(graph_id), parts) for graph_id, parts in found]


def _limit(number: int, most: int, what: str) -> None:
    if number > most:
        message = f"The request can’t contain more than {most} {what}."
        raise ApiError(400, "LIMIT_EXCEEDED", message)


def _object_name(part: Part) -> str:
    """The object in ".../sobjects/Contact/...". Raises: ApiError: graphs hold records only."""
    _, found, rest = part.url.partition("/sobjects/")
    if not found or "/composite/" in part.url:
        raise ApiError(400, "INVALID_INPUT", f"The resource '{part.url}' is not supported in a graph")
    return rest.partition("/")[0]


def _depth(parts: list[Part]) -> int:
    depths: dict[str, int] = {}
    for part in parts:
        depths[part.reference_id] = 1 + max((depths.get(one, 0) for one in part.references()), default=0)
    return max(depths.values(), default=0)
