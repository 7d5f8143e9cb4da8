"""/sobjects: one record at a time, describes, and what changed lately."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.salesforce.derived import read
from connectors.sandbox.salesforce.errors import ApiError, method_not_allowed, not_found
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.objects import SObject, brief, full, record_type_info
from connectors.sandbox.salesforce.records import Row
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.timestamps import moment
from connectors.sandbox.salesforce.upserts import find_by_key, key_field, upsert
from connectors.sandbox.salesforce.views import View
from connectors.sandbox.salesforce.web.calls import Call, Reply
from connectors.sandbox.salesforce.writes import create, delete, live_row, update


def sobjects(org: OrgState, call: Call) -> Reply:
    """Every path that begins with sobjects."""
    rest = call.path[1:]
    if not rest:
        return _global_describe(org, call)
    kind = org.schema.kind(rest[0])
    if len(rest) == 1:
        return _collection(org, call, kind)
    if len(rest) == 2:
        if rest[1] == "describe":
            return _describe(org, call, kind)
        if rest[1] in ("updated", "deleted"):
            return _changes(org, call, kind, deleted=rest[1] == "deleted")
        return _by_id(org, call, kind, rest[1])
    if len(rest) == 3:
        return _by_key(org, call, kind, rest[1], rest[2])
    raise not_found()


def created(record_id: str, *, upserted: bool | None = None) -> JsonObject:
    """The body that answers a create or (upserted: whether it made the record) an upsert."""
    body: JsonObject = {"id": record_id, "success": True, "errors": []}
    return body if upserted is None else {**body, "created": upserted}


def record_json(call: Call, view: View, row: Row, names: list[str]) -> JsonObject:
    """A record with the named fields, or all that the caller sees. Raises: ApiError (400)."""
    url = f"{call.caller.base}/sobjects/{view.kind.name}/{row['Id']}"
    shown: JsonObject = {"attributes": {"type": view.kind.name, "url": url}}
    fields = list(view.fields.values())
    if names:
        fields = []
        for name in names:
            field = view.find(name)
            if field is None:
                message = f"No such column '{name}' on entity '{view.kind.name}'"
                raise ApiError(400, "INVALID_FIELD", message)
            fields.append(field)
        shown["Id"] = row["Id"]
    shown.update((field.name, read(row, field)) for field in fields)
    return shown


def _global_describe(org: OrgState, call: Call) -> Reply:
    if call.method != "GET":
        raise method_not_allowed(call.method, "GET,HEAD")
    lines = [brief(kind, call.caller.base) for _, kind in sorted(org.schema.objects.items())]
    return Reply(200, {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": lines})


def _collection(org: OrgState, call: Call, kind: SObject) -> Reply:
    if call.method == "POST":
        return Reply(201, created(create(org, call.caller, kind, call.json())))
    if call.method == "GET":
        return Reply(200, {"objectDescribe": brief(kind, call.caller.base), "recentItems": []})
    raise method_not_allowed(call.method, "GET,HEAD,POST")


def _describe(org: OrgState, call: Call, kind: SObject) -> Reply:
    base = call.caller.base
    view = org.views.of(call.caller.user_id, kind)
    rows = [row for row in org.tables["RecordType"].rows() if row["SobjectType"] == kind.name]
    types = [record_type_info(kind, row, base, chosen=row is rows[0]) for row in rows]
    children = org.schema.children(kind.name)
    return Reply(200, full(kind, view.fields.values(), children, types, base))


def _by_id(org: OrgState, call: Call, kind: SObject, text: str) -> Reply:
    record_id = full_id(text)
    if record_id is None or not kind.prefix or not record_id.startswith(kind.prefix):
        if record_id is None:
            raise not_found("Provided external ID field does not exist or is not accessible: " + text)
        message = f"{kind.label} ID: id value of incorrect type: {text}"
        raise ApiError(400, "MALFORMED_ID", message, ["Id"])
    return _one(org, call, kind, record_id)


def _one(org: OrgState, call: Call, kind: SObject, record_id: str) -> Reply:
    if call.method == "GET":
        names = [name for name in call.query.get("fields", "").split(",") if name]
        view = org.views.of(call.caller.user_id, kind)
        return Reply(200, record_json(call, view, live_row(org, kind, record_id), names))
    if call.method == "PATCH":
        _check_unmodified(org, call, kind, record_id)
        update(org, call.caller, kind, record_id, call.json())
        return Reply(204)
    if call.method == "DELETE":
        delete(org, call.caller, kind, record_id)
        return Reply(204)
    raise method_not_allowed(call.method, "DELETE,GET,HEAD,PATCH")


def _check_unmodified(org: OrgState, call: Call, kind: SObject, record_id: str) -> None:
    """Optimistic locking: refuse when the record changed after the moment that the caller knows."""
    since = call.headers.get("if-unmodified-since")
    if since is None:
        return
    try:
        known = moment(parsedate_to_datetime(since).isoformat())
    except ValueError:
        return
    if live_row(org, kind, record_id)["LastModifiedDate"] > known:
        raise ApiError(412, "PRECONDITION_FAILED", "The record has been modified since the given date")


def _by_key(org: OrgState, call: Call, kind: SObject, name: str, value: str) -> Reply:
    field = key_field(org, call.caller, kind, name)
    if call.method == "PATCH" and field.name != "Id":
        done = upsert(org, call.caller, kind, field, value, call.json(), update_only=call.flag("updateOnly"))
        if not done.created and call.caller.version < 46:
            return Reply(204)
        return Reply(201 if done.created else 200, created(done.id, upserted=done.created))
    found = find_by_key(org, call.caller, kind, field, value)
    if found is None:
        raise not_found()
    return _one(org, call, kind, found)


def _changes(org: OrgState, call: Call, kind: SObject, *, deleted: bool) -> Reply:
    """/updated and /deleted: ids within a span, and how far the answer reaches."""
    try:
        start, end = (moment(call.query[name].replace(" ", "+")) for name in ("start", "end"))
    except (KeyError, ValueError):
        raise ApiError(400, "INVALID_REPLICATION_DATE", "start and end must be dates and times") from None
    table = org.tables[kind.name]
    rows = table.bin if deleted else table.live
    found = [rows[one] for one in table.changed_since(start) if one in rows]
    inside = [row for row in found if row["SystemModstamp"] < end]
    covered = {"latestDateCovered": min(end, org.now)}
    if not deleted:
        return Reply(200, {"ids": [row["Id"] for row in inside], **covered})
    gone = [{"id": row["Id"], "deletedDate": row["SystemModstamp"]} for row in inside]
    earliest = org.tables["Organization"].live[org.organization_id]["CreatedDate"]
    return Reply(200, {"deletedRecords": gone, "earliestDateAvailable": earliest, **covered})
