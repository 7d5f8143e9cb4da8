"""Tags of one contact, of many at once, and the sub-account's catalogue."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.answers import trace_id
from connectors.sandbox.highlevel.contact_writes import change_tags
from connectors.sandbox.highlevel.errors import ApiError
from connectors.sandbox.highlevel.shapes import Shape, checked
from connectors.sandbox.highlevel.tags import folded
from connectors.sandbox.highlevel.web.request import json_value, state, succeeded

blueprint = Blueprint("tags", __name__)
_TAGS = Shape({"tags": "texts"}, ("tags",))
_NAME = Shape({"name": "text"}, ("name",))
_MANY = {"contacts": "texts", "tags": "texts", "locationId": "text", "removeAllTags": "truth"}
_BULK = Shape(_MANY, ("contacts", "tags", "locationId"))


@blueprint.post("/contacts/<contact_id>/tags")
def add_tags(contact_id: str) -> ResponseReturnValue:
    """201, all tags and the new ones."""
    state().contacts.get(contact_id)
    wanted = folded(checked(json_value(), _TAGS)["tags"])
    tags, added = change_tags(state(), contact_id, add=wanted, remove=[])
    return {"tags": tags, "tagsAdded": added, "traceId": trace_id()}, 201


@blueprint.delete("/contacts/<contact_id>/tags")
def remove_tags(contact_id: str) -> ResponseReturnValue:
    """The tags that are left and those that went."""
    state().contacts.get(contact_id)
    wanted = folded(checked(json_value(), _TAGS)["tags"])
    tags, gone = change_tags(state(), contact_id, add=[], remove=wanted)
    return {"tags": tags, "tagsRemoved": gone, "traceId": trace_id()}


@blueprint.post("/contacts/bulk/tags/update/<any(add, remove):action>")
def change_many(action: str) -> ResponseReturnValue:
    """201 and one response per contact; contacts that are not there are counted as errors."""
    wanted = checked(json_value(), _BULK)
    tags = folded(wanted["tags"])
    responses = [
        _change_one(contact_id, action, tags, everything=wanted.get("removeAllTags", False))
        for contact_id in wanted["contacts"]
    ]
    errors = sum(1 for one in responses if one["type"] == "error")
    return {**succeeded(), "errorCount": errors, "responses": responses, "traceId": trace_id()}, 201


def _change_one(contact_id: str, action: str, tags: list[str], *, everything: bool) -> JsonObject:
    crm = state()
    try:
        old = list(crm.contacts.get(contact_id).tags)
    except ApiError as e:
        return {"contactId": contact_id, "message": e.message, "type": "error"}
    add, remove = (tags, []) if action == "add" else ([], old if everything else tags)
    _, moved = change_tags(crm, contact_id, add=add, remove=remove)
    key = "tagsAdded" if action == "add" else "tagsRemoved"
    return {"contactId": contact_id, "message": "updated", "type": "success", "oldTags": old, key: moved}


@blueprint.get("/locations/<location_id>/tags")
def list_tags(location_id: str) -> ResponseReturnValue:
    """The catalogue."""
    return {"tags": state().tags.json(location_id), "traceId": trace_id()}


@blueprint.post("/locations/<location_id>/tags")
def create_tag(location_id: str) -> ResponseReturnValue:
    """The tag; one that is there already stays as it is."""
    (name,) = folded([checked(json_value(), _NAME)["name"]]) or ("",)
    tag = {"id": state().tags.use(name), "name": name, "locationId": location_id}
    return {"tag": tag, "traceId": trace_id()}


@blueprint.delete("/locations/<_location_id>/tags/<tag_id>")
def delete_tag(_location_id: str, tag_id: str) -> ResponseReturnValue:
    """The tag is gone from the catalogue and from every contact."""
    crm = state()
    name = crm.tags.delete(tag_id)
    for contact_id, contact in crm.contacts.live.items():
        if name in contact.tags:
            change_tags(crm, contact_id, add=[], remove=[name])
    return {**succeeded(), "traceId": trace_id()}
