"""/tooling: queries over definitions, and custom fields."""

from __future__ import annotations

from connectors.sandbox.salesforce.custom_fields import define, drop, redefine
from connectors.sandbox.salesforce.definitions import ToolingWorld, check_tooling, custom_field_row
from connectors.sandbox.salesforce.errors import ApiError, method_not_allowed, not_found
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.soql.run import Query
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.web.calls import Call, Reply
from connectors.sandbox.salesforce.web.queries import answer, soql


def tooling(org: OrgState, call: Call) -> Reply:
    """Every path that begins with tooling."""
    rest = call.path[1:]
    if rest[:1] == ("query",) and len(rest) == 1:
        return _query(org, call)
    if rest[:2] == ("sobjects", "CustomField") and len(rest) <= 3:
        return _custom_field(org, call, rest[2] if len(rest) == 3 else "")
    raise not_found()


def _query(org: OrgState, call: Call) -> Reply:
    if call.method != "GET":
        raise method_not_allowed(call.method, "GET,HEAD")
    world = ToolingWorld(org, call.caller)
    query = Query(world, soql(call), org.schema.children, tooling=True)
    body = answer(org, call, query.result(check_tooling))
    return Reply(200, {"size": len(body["records"]), "queryLocator": None, "entityTypeName": None, **body})


def _custom_field(org: OrgState, call: Call, text: str) -> Reply:
    if not org.options.may_customize:
        raise ApiError(403, "INSUFFICIENT_ACCESS", "insufficient access rights on object id", [])
    if not text:
        if call.method != "POST":
            raise method_not_allowed(call.method, "POST")
        body = call.object()
        made = define(org, body.get("FullName"), body.get("Metadata"))
        return Reply(201, {"id": made, "success": True, "errors": [], "warnings": [], "infos": []})
    record_id = full_id(text) or ""
    if record_id not in org.definitions:
        raise not_found()
    return _one(org, call, record_id)


def _one(org: OrgState, call: Call, record_id: str) -> Reply:
    if call.method == "GET":
        url = f"{call.caller.base}/tooling/sobjects/CustomField/{record_id}"
        shown = {"attributes": {"type": "CustomField", "url": url}}
        return Reply(200, {**shown, **custom_field_row(org, org.definitions[record_id])})
    if call.method == "PATCH":
        redefine(org, record_id, call.object().get("Metadata"))
        return Reply(204)
    if call.method == "DELETE":
        drop(org, record_id)
        return Reply(204)
    raise method_not_allowed(call.method, "DELETE,GET,HEAD,PATCH")
