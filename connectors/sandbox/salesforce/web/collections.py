"""/composite/sobjects: up to 200 records in one call, each with a result of its own."""

from __future__ import annotations

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.salesforce.errors import ApiError, method_not_allowed, not_found
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.web.calls import Call, Reply
from connectors.sandbox.salesforce.web.collection_body import (
    all_or_none,
    check_number,
    own_id,
    read_records,
    type_of,
    value_of,
    without,
)
from connectors.sandbox.salesforce.web.collection_results import Work, carried_out
from connectors.sandbox.salesforce.web.collection_upserts import upserts
from connectors.sandbox.salesforce.web.records import created, record_json
from connectors.sandbox.salesforce.writes import create, delete, update


def collections(org: OrgState, call: Call) -> Reply:
    """Every path that begins with composite/sobjects."""
    rest = call.path[2:]
    if len(rest) == 2 and call.method == "PATCH":
        return upserts(org, call, rest[0], rest[1])
    if len(rest) == 1 and call.method in ("GET", "POST"):
        return _retrieve(org, call, rest[0])
    if rest:
        raise not_found()
    if call.method == "DELETE":
        return _deletes(org, call)
    if call.method not in ("POST", "PATCH"):
        raise method_not_allowed(call.method, "DELETE,PATCH,POST")
    records = read_records(call)
    make = _create if call.method == "POST" else _update
    return carried_out(org, [make(org, call, one) for one in records], all_or_none=all_or_none(call))


def _create(org: OrgState, call: Call, record: JsonObject) -> Work:
    kind = org.schema.kind(type_of(record))
    return lambda: created(create(org, call.caller, kind, record))


def _update(org: OrgState, call: Call, record: JsonObject) -> Work:
    kind = org.schema.kind(type_of(record))
    fields, given = without(record, "Id"), value_of(record, "Id")

    def work() -> JsonObject:
        record_id = own_id(kind, given)
        update(org, call.caller, kind, record_id, fields)
        return created(record_id)

    return work


def _deletes(org: OrgState, call: Call) -> Reply:
    ids = [one for one in call.query.get("ids", "").split(",") if one]
    check_number(len(ids))

    def work(text: str) -> Work:
        def do() -> JsonObject:
            record_id = full_id(text)
            kind = org.schema.of_id(text)
            if record_id is None or kind is None:
                raise ApiError(400, "MALFORMED_ID", f"malformed id {text}", [])
            delete(org, call.caller, kind, record_id)
            return created(record_id)

        return do

    return carried_out(org, [work(one) for one in ids], all_or_none=call.flag("allOrNone"))


def _retrieve(org: OrgState, call: Call, name: str) -> Reply:
    """The records of these ids in order, null for one that is not there."""
    kind = org.schema.kind(name)
    if call.method == "POST":
        body = call.object()
        ids, fields = body.get("ids") or [], body.get("fields") or []
    else:
        ids, fields = (call.query.get(one, "").split(",") for one in ("ids", "fields"))
    view = org.views.of(call.caller.user_id, kind)
    rows = [org.tables[kind.name].find(full_id(str(one)) or "") for one in ids]
    names = [str(one) for one in fields]
    return Reply(200, [row and record_json(call, view, row, names) for row in rows])
