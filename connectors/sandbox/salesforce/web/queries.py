"""/query and /queryAll: SOQL, page by page."""

from __future__ import annotations

import secrets

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.salesforce.errors import ApiError, method_not_allowed
from connectors.sandbox.salesforce.soql.run import Query, Result
from connectors.sandbox.salesforce.soql.world import DataWorld
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.web.calls import Call, Reply

PAGE = 2_000
_LEAST_PAGE = 200
_MOST_CURSORS = 100


def query(org: OrgState, call: Call) -> Reply:
    """A query, or with a locator its next page."""
    if call.method != "GET":
        raise method_not_allowed(call.method, "GET,HEAD")
    if len(call.path) == 2:
        return Reply(200, _page(org, call, call.path[1]))
    text = soql(call)
    everything = call.path[0].lower() == "queryall"
    world = DataWorld(org, call.caller)
    result = Query(world, text, org.schema.children, everything=everything).result()
    return Reply(200, answer(org, call, result))


def soql(call: Call) -> str:
    """The statement in the address. Raises: ApiError (400)."""
    text = call.query.get("q", "")
    if not text:
        raise ApiError(400, "MALFORMED_QUERY", "The query parameter q is missing")
    return text


def answer(org: OrgState, call: Call, result: Result) -> JsonObject:
    """The first page of a result."""
    if result.counted is not None:
        return {"totalSize": result.counted, "done": True, "records": []}
    size = _page_size(call)
    if len(result.records) <= size:
        return {"totalSize": len(result.records), "done": True, "records": result.records}
    while len(org.cursors) >= _MOST_CURSORS:
        org.cursors.pop(next(iter(org.cursors)))
    name = f"01g5j{secrets.token_hex(5)}"
    org.cursors[name] = result.records
    return _slice(call, name, result.records, 0, size)


def _page_size(call: Call) -> int:
    wish = call.headers.get("sforce-query-options", "").replace(" ", "").lower()
    number = wish.removeprefix("batchsize=")
    return min(max(int(number), _LEAST_PAGE), PAGE) if number.isdigit() else PAGE


def _page(org: OrgState, call: Call, locator: str) -> JsonObject:
    name, _, start = locator.rpartition("-")
    records = org.cursors.get(name)
    if records is None or not start.isdigit():
        raise ApiError(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
    return _slice(call, name, records, int(start), _page_size(call))


def _slice(call: Call, name: str, records: list[JsonObject], start: int, size: int) -> JsonObject:
    end = start + size
    page: JsonObject = {"totalSize": len(records), "done": end >= len(records), "records": records[start:end]}
    if end < len(records):
        page["nextRecordsUrl"] = f"{call.caller.base}/{call.path[0]}/{name}-{end}"
    return page
