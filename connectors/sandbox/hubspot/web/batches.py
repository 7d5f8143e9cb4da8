"""/crm/v3/objects/{kind}/batch: up to 100 records in one call."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from connectors.sandbox.hubspot.batches import BatchAnswer, addressed_inputs, apply_each, inputs_of
from connectors.sandbox.hubspot.body_fields import objects, text, texts
from connectors.sandbox.hubspot.errors import JsonObject, invalid, missing_objects
from connectors.sandbox.hubspot.identity import find_by
from connectors.sandbox.hubspot.presentation import history_json, record_json
from connectors.sandbox.hubspot.records import Record
from connectors.sandbox.hubspot.state import CrmState, Shelf
from connectors.sandbox.hubspot.web.request import flag, json_body, state
from connectors.sandbox.hubspot.writes import archive, create, update

blueprint = Blueprint("batches", __name__, url_prefix="/crm/v3/objects/<kind>/batch")


@blueprint.post("/create")
def create_many(kind: str) -> ResponseReturnValue:
    """201 with all records, or 207 with those that could be made (inputs with trace ids)."""
    crm = state()
    shelf = crm.shelf(kind)

    def write(one: JsonObject) -> JsonObject:
        record = create(crm, shelf, one.get("properties"), objects(one, "associations"))
        return record_json(shelf, record, list(one["properties"]))

    return apply_each(crm, inputs_of(json_body()), write).json(crm.clock(), 201)


@blueprint.post("/read")
def read_many(kind: str) -> ResponseReturnValue:
    """200 with the records, or 207 when some ids are unknown."""
    crm, body = state(), json_body()
    shelf = crm.shelf(kind)
    inputs = addressed_inputs(body)
    history = texts(body, "propertiesWithHistory")
    names = [*texts(body, "properties"), *history]
    answer = BatchAnswer(crm.clock())
    missing = []
    for one in inputs:
        record = _lookup(shelf, text(body, "idProperty"), one["id"], archived=flag("archived"))
        if record is None:
            missing.append(one["id"])
            continue
        entry = record_json(shelf, record, names)
        if history:
            entry["propertiesWithHistory"] = history_json(record, history)
        answer.results.append(entry)
    if missing:
        answer.errors.append(missing_objects(shelf.kind.legacy_name, missing).entry())
    return answer.json(crm.clock(), 200)


def _lookup(shelf: Shelf, id_property: str | None, value: str, *, archived: bool) -> Record | None:
    if archived:
        return shelf.records.archived.get(value)
    found = find_by(shelf, id_property, value)
    return shelf.records.live[found] if found else None


@blueprint.post("/update")
def update_many(kind: str) -> ResponseReturnValue:
    """200 with the changed records, or 207 when some ids are unknown.

    A merged-away id changes the survivor, whose own id stands in the answer, without an error entry.
    """
    crm = state()
    shelf = crm.shelf(kind)
    inputs = addressed_inputs(json_body())
    found = {one["id"]: find_by(shelf, one.get("idProperty"), one["id"]) for one in inputs}

    def write(one: JsonObject) -> JsonObject:
        record = update(crm, shelf, str(found[one["id"]]), one.get("properties"))
        return record_json(shelf, record, list(one["properties"]))

    answer = apply_each(crm, [one for one in inputs if found[one["id"]]], write)
    missing = [record_id for record_id, target in found.items() if not target]
    if missing:
        answer.errors.append(missing_objects(shelf.kind.legacy_name, missing).entry())
    return answer.json(crm.clock(), 200)


@blueprint.post("/upsert")
def upsert_many(kind: str) -> ResponseReturnValue:
    """200 with the records, each saying whether it is new, or 207."""
    crm = state()
    shelf = crm.shelf(kind)
    inputs = addressed_inputs(json_body())
    if len({one.get("idProperty") for one in inputs}) > 1:
        raise invalid("All inputs of an upsert must use the same idProperty.")
    if any(one.get("idProperty") == "email" for one in inputs):
        # Partial upserts are not supported with email as the key (HubSpot's contacts guide).
        inputs = [{k: v for k, v in one.items() if k != "objectWriteTraceId"} for one in inputs]
    answer = apply_each(crm, inputs, lambda one: _upsert(crm, shelf, one))
    return answer.json(crm.clock(), 200)


def _upsert(crm: CrmState, shelf: Shelf, one: JsonObject) -> JsonObject:
    id_property = one.get("idProperty")
    found = find_by(shelf, id_property, one["id"])
    properties = one.get("properties")
    names = list(properties) if isinstance(properties, dict) else []
    if found is not None:
        record = update(crm, shelf, found, properties)
        return {**record_json(shelf, record, names), "new": False}
    if not id_property or id_property == "hs_object_id":
        raise missing_objects(shelf.kind.legacy_name, [one["id"]])
    if isinstance(properties, dict):
        properties = {id_property: one["id"], **properties}
    record = create(crm, shelf, properties)
    return {**record_json(shelf, record, [id_property, *names]), "new": True}


@blueprint.post("/archive")
def archive_many(kind: str) -> ResponseReturnValue:
    """204, also when some ids are unknown."""
    crm = state()
    shelf = crm.shelf(kind)
    for one in addressed_inputs(json_body()):
        archive(crm, shelf, one["id"])
    return "", 204
