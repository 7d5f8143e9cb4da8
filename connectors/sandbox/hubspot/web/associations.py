"""/crm/v4/objects/…/associations: links of one record, and the labels that links can carry."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from connectors.sandbox.hubspot.batches import BatchAnswer
from connectors.sandbox.hubspot.body_fields import text
from connectors.sandbox.hubspot.errors import ApiError, JsonObject, invalid
from connectors.sandbox.hubspot.linking import Pair, link_default, link_typed, linked, live_key
from connectors.sandbox.hubspot.object_types import object_type
from connectors.sandbox.hubspot.web.request import integer, json_body, json_value, next_page, state

blueprint = Blueprint("associations", __name__, url_prefix="/crm/v4")
MAX_PAGE = 500  # HubSpot's associations v4 guide
ONE = "/objects/<source>/<source_id>/associations/<target>"
LABELS = "/associations/<source>/<target>/labels"


def pair_of(source: str, target: str) -> Pair:
    """The two kinds that a path names. Raises: ApiError (400)."""
    return object_type(source), object_type(target)


@blueprint.put("/objects/<source>/<source_id>/associations/default/<target>/<target_id>")
def associate_default(source: str, source_id: str, target: str, target_id: str) -> ResponseReturnValue:
    """200; the unlabeled link, safe to repeat."""
    crm = state()
    answer = BatchAnswer(crm.clock())
    answer.results = link_default(crm, pair_of(source, target), (source_id, target_id))
    return answer.json(crm.clock(), 200)


@blueprint.put(f"{ONE}/<target_id>")
def associate(source: str, source_id: str, target: str, target_id: str) -> ResponseReturnValue:
    """201; links of the named types."""
    return link_typed(state(), pair_of(source, target), (source_id, target_id), json_value()), 201


@blueprint.delete(f"{ONE}/<target_id>")
def dissociate(source: str, source_id: str, target: str, target_id: str) -> ResponseReturnValue:
    """204; every link between the two is gone."""
    near, far = pair_of(source, target)
    state().associations.unlink((near.name, source_id), (far.name, target_id))
    return "", 204


@blueprint.get(ONE)
def list_linked(source: str, source_id: str, target: str) -> ResponseReturnValue:
    """Records linked to one, 500 a page."""
    near, far = pair_of(source, target)
    found = linked(state(), live_key(state(), near, source_id), far)
    after, limit = integer("after", 0, 10**9), integer("limit", MAX_PAGE, MAX_PAGE)
    answer: JsonObject = {"results": found[after : after + limit]}
    if after + limit < len(found):
        answer["paging"] = next_page(str(after + limit))
    return answer


@blueprint.get(LABELS)
def labels(source: str, target: str) -> ResponseReturnValue:
    """Every type a link between the two kinds can have."""
    types = state().associations.types(*pair_of(source, target))
    return {"results": [link.with_label() for link in types]}


@blueprint.post(LABELS)
def add_label(source: str, target: str) -> ResponseReturnValue:
    """200 with the types of the new label, one per direction."""
    if not state().options.association_labels:
        raise ApiError(403, "FORBIDDEN", "The account's subscription does not include association labels.")
    body = json_body()
    label = text(body, "label")
    if not label or not text(body, "name"):
        raise invalid("An association label needs a name and a label.")
    inverse = text(body, "inverseLabel")
    made = state().associations.add_label(*pair_of(source, target), label, inverse)
    return {"results": [link.with_label() for link in made]}
