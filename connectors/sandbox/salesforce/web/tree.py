"""/composite/tree: new records with their children in one call, all or none."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.salesforce.errors import ApiError, method_not_allowed
from connectors.sandbox.salesforce.objects import SObject
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.web.calls import Call, Reply
from connectors.sandbox.salesforce.writes import create

MOST_RECORDS = 200


class _Failed(Exception):
    """Leaves the transaction of a tree with an error; results are one per record that failed."""

    def __init__(self, results: list[JsonObject]) -> None:
        super().__init__()
        self.results = results


def tree(org: OrgState, call: Call) -> Reply:
    """201 with an id per reference id, or 400 with the errors and nothing created."""
    if call.method != "POST":
        raise method_not_allowed(call.method, "POST")
    kind = org.schema.kind(call.path[2])
    records = call.object().get("records")
    if not isinstance(records, list):
        raise ApiError(400, "JSON_PARSER_ERROR", "records must be a list of records")
    results: list[JsonObject] = []
    try:
        with org.transaction():
            for record in records:
                _plant(org, call, kind, record, {}, results)
            if len(results) > MOST_RECORDS:
                message = (
                    f"record limit reached. cannot submit more than {MOST_RECORDS} records into this call"
                )
                raise ApiError(400, "EXCEEDED_ID_LIMIT", message)
    except _Failed as failure:
        return Reply(400, {"hasErrors": True, "results": failure.results})
    return Reply(201, {"hasErrors": False, "results": results})


def _plant(
    org: OrgState, call: Call, kind: SObject, record: Any, parent: JsonObject, results: list[JsonObject]
) -> None:
    relations = {r.name: r for r in org.schema.children(kind.name) if r.name}
    fields = {name: value for name, value in record.items() if name not in relations}
    reference_id = (record.get("attributes") or {}).get("referenceId")
    try:
        record_id = create(org, call.caller, kind, {**fields, **parent})
    except ApiError as error:
        raise _Failed([{"referenceId": reference_id, "errors": [error.item()]}]) from error
    results.append({"referenceId": reference_id, "id": record_id})
    for name, relation in relations.items():
        for child in (record.get(name) or {}).get("records", []):
            child_kind = org.schema.objects[relation.child]
            _plant(org, call, child_kind, child, {relation.field: record_id}, results)
