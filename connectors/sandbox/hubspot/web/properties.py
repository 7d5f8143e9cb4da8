"""/crm/v3/properties: definitions, groups and their batches."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from connectors.sandbox.hubspot.batches import BatchAnswer, inputs_of
from connectors.sandbox.hubspot.body_fields import text, truth
from connectors.sandbox.hubspot.errors import ApiError, JsonObject, missing_scopes
from connectors.sandbox.hubspot.object_types import TASKS
from connectors.sandbox.hubspot.properties import Properties
from connectors.sandbox.hubspot.property_definition import Property
from connectors.sandbox.hubspot.web.request import flag, json_body, state

blueprint = Blueprint("properties", __name__, url_prefix="/crm/v3/properties/<kind>")


def _json(kind: str, prop: Property) -> JsonObject:
    """The definition; deal pipelines and stages are options that follow the pipelines API."""
    body = prop.json()
    crm = state()
    if not prop.built_in or crm.shelf(kind).kind.name != "deals":
        return body
    pipelines = crm.pipelines.list()
    if prop.name == "pipeline":
        rows = [(p.id, p.label) for p in pipelines]
    elif prop.name == "dealstage":
        rows = [(s.id, s.label) for p in pipelines for s in p.stages.values() if not s.archived]
    else:
        return body
    body["options"] = [
        {"label": label, "value": value, "displayOrder": order, "hidden": False}
        for order, (value, label) in enumerate(rows)
    ]
    return body


def _writable(kind: str) -> Properties:
    crm = state()
    shelf = crm.shelf(kind)
    if shelf.kind is TASKS and not crm.options.custom_task_properties:
        raise missing_scopes(["crm.schemas.tasks.write"])
    return shelf.properties


@blueprint.get("")
def list_all(kind: str) -> ResponseReturnValue:
    """Every definition, unpaged."""
    found = state().shelf(kind).properties.defined(archived=flag("archived"))
    return {"results": [_json(kind, prop) for prop in found]}


@blueprint.post("")
def create(kind: str) -> ResponseReturnValue:
    """201; 409 when the name exists."""
    prop = _writable(kind).create(json_body(), state().clock())
    return _json(kind, prop), 201


@blueprint.get("/<name>")
def get(kind: str, name: str) -> ResponseReturnValue:
    """One definition, or 404."""
    return _json(kind, state().shelf(kind).properties.get(name, archived=flag("archived")))


@blueprint.patch("/<name>")
def update(kind: str, name: str) -> ResponseReturnValue:
    """The changed definition; options, when sent, replace the list."""
    return _json(kind, _writable(kind).update(name, json_body(), state().clock()))


@blueprint.delete("/<name>")
def archive(kind: str, name: str) -> ResponseReturnValue:
    """204."""
    _writable(kind).archive(name, state().clock())
    return "", 204


@blueprint.post("/batch/create")
def create_many(kind: str) -> ResponseReturnValue:
    """201, or 207 when some could not be made."""
    crm, properties = state(), _writable(kind)
    answer = BatchAnswer(crm.clock())
    for one in inputs_of(json_body()):
        try:
            answer.results.append(_json(kind, properties.create(one, crm.clock())))
        except ApiError as e:
            answer.errors.append(_named(e, one))
    return answer.json(crm.clock(), 201)


@blueprint.post("/batch/read")
def read_many(kind: str) -> ResponseReturnValue:
    """200, or 207 when some names are unknown."""
    crm, body = state(), json_body()
    answer = BatchAnswer(crm.clock())
    for one in inputs_of(body):
        try:
            prop = crm.shelf(kind).properties.get(text(one, "name"), archived=truth(body, "archived"))
            answer.results.append(_json(kind, prop))
        except ApiError as e:
            answer.errors.append(_named(e, one))
    return answer.json(crm.clock(), 200)


def _named(error: ApiError, one: JsonObject) -> JsonObject:
    entry = error.entry()
    return {**entry, "context": {**entry["context"], "name": [str(one.get("name", ""))]}}


@blueprint.post("/batch/archive")
def archive_many(kind: str) -> ResponseReturnValue:
    """204."""
    for one in inputs_of(json_body()):
        _writable(kind).archive(text(one, "name"), state().clock())
    return "", 204


@blueprint.get("/groups")
def list_groups(kind: str) -> ResponseReturnValue:
    """Every group, unpaged."""
    return {"results": state().shelf(kind).properties.groups.defined()}


@blueprint.post("/groups")
def create_group(kind: str) -> ResponseReturnValue:
    """201; 409 when the name exists."""
    return _writable(kind).groups.create(json_body()), 201


@blueprint.get("/groups/<name>")
def get_group(kind: str, name: str) -> ResponseReturnValue:
    """One group, or 404."""
    return state().shelf(kind).properties.groups.get(name)


@blueprint.patch("/groups/<name>")
def update_group(kind: str, name: str) -> ResponseReturnValue:
    """The changed group."""
    return _writable(kind).groups.update(name, json_body())


@blueprint.delete("/groups/<name>")
def drop_group(kind: str, name: str) -> ResponseReturnValue:
    """204."""
    _writable(kind).drop_group(name)
    return "", 204
