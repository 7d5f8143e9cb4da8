"""/crm/v4/associations/{from}/{to}/batch: many links in one call."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Blueprint
from flask.typing import ResponseReturnValue

from connectors.sandbox.hubspot.batches import BatchAnswer, inputs_of
from connectors.sandbox.hubspot.body_fields import inner, objects, text
from connectors.sandbox.hubspot.errors import ApiError, JsonObject, invalid, missing_objects
from connectors.sandbox.hubspot.linking import Ends, link_default, link_typed, link_types, linked
from connectors.sandbox.hubspot.web.associations import pair_of
from connectors.sandbox.hubspot.web.request import json_body, state

blueprint = Blueprint(
    "association_batches", __name__, url_prefix="/crm/v4/associations/<source>/<target>/batch"
)
MAX_READ, MAX_WRITE = 1_000, 2_000  # inputs per call (HubSpot's associations v4 guide)


def _each(inputs: Iterable[JsonObject], link: Callable[[JsonObject], list[JsonObject]]) -> BatchAnswer:
    answer = BatchAnswer(state().clock())
    for one in inputs:
        try:
            answer.results.extend(link(one))
        except ApiError as e:
            answer.errors.append(e.entry())
    return answer


def _id(end: JsonObject) -> str:
    record_id = text(end, "id")
    if not record_id:
        raise invalid("Every record needs an id.")
    return record_id


def _ends(one: JsonObject) -> Ends:
    return _id(inner(one, "from")), _id(inner(one, "to"))


@blueprint.post("/associate/default")
def associate_default_many(source: str, target: str) -> ResponseReturnValue:
    """200 (207 when some records do not exist)."""
    crm, pair = state(), pair_of(source, target)
    inputs = inputs_of(json_body(), MAX_WRITE)
    return _each(inputs, lambda one: link_default(crm, pair, _ends(one))).json(crm.clock(), 200)


@blueprint.post("/create")
def associate_many(source: str, target: str) -> ResponseReturnValue:
    """201 (207 when some records or types do not exist)."""
    crm, pair = state(), pair_of(source, target)
    inputs = inputs_of(json_body(), MAX_WRITE)
    answer = _each(inputs, lambda one: [link_typed(crm, pair, _ends(one), one.get("types"))])
    return answer.json(crm.clock(), 201)


@blueprint.post("/read")
def read_many(source: str, target: str) -> ResponseReturnValue:
    """200 with the links of each record that has some (207 when some records do not exist)."""
    crm, (near, far) = state(), pair_of(source, target)
    answer = BatchAnswer(crm.clock())
    missing = []
    for one in inputs_of(json_body(), MAX_READ):
        record = crm.shelves[near.name].records.find(_id(one))
        if record is None:
            missing.append(_id(one))
        elif found := linked(crm, (near.name, record.id), far):
            answer.results.append({"from": {"id": record.id}, "to": found})
    if missing:
        answer.errors.append(missing_objects(near.legacy_name, missing).entry())
    return answer.json(crm.clock(), 200)


@blueprint.post("/archive")
def archive_many(source: str, target: str) -> ResponseReturnValue:
    """204; every link between each record and those named is gone."""
    near, far = pair_of(source, target)
    for one in inputs_of(json_body(), MAX_WRITE):
        for end in objects(one, "to"):
            state().associations.unlink((near.name, _id(inner(one, "from"))), (far.name, _id(end)))
    return "", 204


@blueprint.post("/labels/archive")
def archive_labels(source: str, target: str) -> ResponseReturnValue:
    """204; the named types between each pair are gone."""
    pair = pair_of(source, target)
    for one in inputs_of(json_body(), MAX_WRITE):
        links = link_types(state(), pair, one.get("types"))
        near, far = _ends(one)
        state().associations.unlink((pair[0].name, near), (pair[1].name, far), links)
    return "", 204
