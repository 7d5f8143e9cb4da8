"""/crm/v3/objects: one record at a time, lists, search, merge and erasure."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from connectors.sandbox.hubspot.body_fields import objects, text, texts
from connectors.sandbox.hubspot.errors import JsonObject, not_found
from connectors.sandbox.hubspot.identity import find_by
from connectors.sandbox.hubspot.merge import erase, merge
from connectors.sandbox.hubspot.presentation import associations_json, history_json, record_json
from connectors.sandbox.hubspot.records import Record
from connectors.sandbox.hubspot.search import parse_query, run
from connectors.sandbox.hubspot.state import Shelf
from connectors.sandbox.hubspot.web.request import flag, integer, json_body, next_page, state, words
from connectors.sandbox.hubspot.writes import archive, create, update

blueprint = Blueprint("objects", __name__, url_prefix="/crm/v3/objects/<kind>")


def _full(shelf: Shelf, record: Record) -> JsonObject:
    """A record with whatever the query asks for."""
    history = words("propertiesWithHistory")
    body = record_json(shelf, record, [*words("properties"), *history])
    if history:
        body["propertiesWithHistory"] = history_json(record, history)
    if asked := words("associations"):
        body["associations"] = associations_json(state(), shelf, record, asked)
    return body


@blueprint.post("")
def create_one(kind: str) -> ResponseReturnValue:
    """201 and the new record."""
    crm, body = state(), json_body()
    shelf = crm.shelf(kind)
    with crm.transaction():
        record = create(crm, shelf, body.get("properties"), objects(body, "associations"))
    return record_json(shelf, record, list(body["properties"])), 201


@blueprint.get("")
def list_page(kind: str) -> ResponseReturnValue:
    """Live (or archived) records in the order of their ids, 10 by default, 100 at most."""
    shelf = state().shelf(kind)
    after, limit = integer("after", 0, 10**15), integer("limit", 10, 100)
    records, following = shelf.records.page(after, limit, archived=flag("archived"))
    body: JsonObject = {"results": [_full(shelf, record) for record in records]}
    if following:
        body["paging"] = next_page(following)
    return body


@blueprint.get("/<object_id>")
def get_one(kind: str, object_id: str) -> ResponseReturnValue:
    """The record, by id or by a unique property; a merged-away id gives the survivor."""
    shelf = state().shelf(kind)
    if flag("archived"):
        record = shelf.records.archived.get(object_id)
    else:
        found = find_by(shelf, request.args.get("idProperty"), object_id)
        record = shelf.records.live[found] if found else None
    if record is None:
        raise not_found()
    return _full(shelf, record)


@blueprint.patch("/<object_id>")
def update_one(kind: str, object_id: str) -> ResponseReturnValue:
    """The changed record."""
    crm, body = state(), json_body()
    shelf = crm.shelf(kind)
    found = find_by(shelf, request.args.get("idProperty"), object_id)
    if found is None:
        raise not_found()
    with crm.transaction():
        record = update(crm, shelf, found, body.get("properties"))
    return record_json(shelf, record, list(body["properties"]))


@blueprint.delete("/<object_id>")
def archive_one(kind: str, object_id: str) -> ResponseReturnValue:
    """204; the record is archived."""
    crm = state()
    archive(crm, crm.shelf(kind), object_id)
    return "", 204


@blueprint.post("/search")
def search(kind: str) -> ResponseReturnValue:
    """Matching records that the index has seen."""
    crm, body = state(), json_body()
    shelf = crm.shelf(kind)
    query = parse_query(body, request.content_length or 0, shelf.properties)
    found = run(
        query,
        shelf.index,
        shelf.kind.searchable,
        lambda word, record_id: crm.associations.of((crm.shelf(word).kind.name, record_id), shelf.kind.name),
    )
    end = query.after + query.limit
    names = texts(body, "properties")
    page = [shelf.records.live[one] for one in found[query.after : end]]
    answer: JsonObject = {"total": len(found), "results": [record_json(shelf, one, names) for one in page]}
    if end < len(found):
        answer["paging"] = next_page(str(end))
    return answer


@blueprint.post("/merge")
def merge_two(kind: str) -> ResponseReturnValue:
    """The survivor, under a new id."""
    crm, body = state(), json_body()
    shelf = crm.shelf(kind)
    primary, other = text(body, "primaryObjectId"), text(body, "objectIdToMerge")
    return record_json(shelf, merge(crm, shelf, primary, other))


@blueprint.post("/gdpr-delete")
def gdpr_delete(kind: str) -> ResponseReturnValue:
    """204; the contact is gone for good."""
    crm, body = state(), json_body()
    if crm.shelf(kind).kind.name != "contacts":
        raise not_found("resource not found")
    erase(crm, crm.shelf(kind), text(body, "objectId"), text(body, "idProperty"))
    return "", 204
