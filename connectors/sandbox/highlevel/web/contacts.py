"""/contacts: one at a time, upsert, the two searches and the old list."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.answers import trace_id
from connectors.sandbox.highlevel.contact_search import search
from connectors.sandbox.highlevel.contact_writes import contact_json, create, delete, update, upsert
from connectors.sandbox.highlevel.duplicates import search_duplicate
from connectors.sandbox.highlevel.filters import moment_ms
from connectors.sandbox.highlevel.web.request import json_value, query, state, succeeded, whole

blueprint = Blueprint("contacts", __name__, url_prefix="/contacts")
LIST_USUAL, LIST_MOST = 20, 100


@blueprint.post("/", strict_slashes=False)
def create_one() -> ResponseReturnValue:
    """201 and the new contact; 400 for a duplicate."""
    contact = create(state(), json_value())
    return {"contact": contact_json(state(), contact), "traceId": trace_id()}, 201


@blueprint.post("/upsert")
def upsert_one() -> ResponseReturnValue:
    """The contact, and whether it is new."""
    contact, new = upsert(state(), json_value())
    return {"new": new, "contact": contact_json(state(), contact), "traceId": trace_id()}


@blueprint.get("/<contact_id>")
def get_one(contact_id: str) -> ResponseReturnValue:
    """The contact."""
    query(())
    return {"contact": contact_json(state(), state().contacts.get(contact_id)), "traceId": trace_id()}


@blueprint.put("/<contact_id>")
def update_one(contact_id: str) -> ResponseReturnValue:
    """The changed contact."""
    contact = update(state(), contact_id, json_value())
    return {**succeeded(), "contact": contact_json(state(), contact), "traceId": trace_id()}


@blueprint.delete("/<contact_id>")
def delete_one(contact_id: str) -> ResponseReturnValue:
    """The contact is gone, with all that hung on it."""
    delete(state(), contact_id)
    return {**succeeded(), "traceId": trace_id()}


@blueprint.get("/search/duplicate")
def find_duplicate() -> ResponseReturnValue:
    """Who holds this email or number already, without the search's delay; null for nobody."""
    values = query(("locationId", "email", "number"), ("locationId",))
    found = search_duplicate(state(), values.get("email", ""), values.get("number", ""))
    return {"contact": contact_json(state(), found) if found else None, "traceId": trace_id()}


@blueprint.post("/search")
def search_page() -> ResponseReturnValue:
    """Contacts that the index has seen."""
    found = search(state(), json_value())
    return {"contacts": found.rows, "total": found.total, "traceId": trace_id()}


@blueprint.get("/", strict_slashes=False)
def list_page() -> ResponseReturnValue:
    """The old list, the newest first: startAfterId goes on after a contact."""
    values = query(("locationId", "startAfterId", "startAfter", "query", "limit"), ("locationId",))
    limit = min(whole(values, "limit", LIST_USUAL), LIST_MOST)
    body: JsonObject = {
        "locationId": values["locationId"],
        "pageLimit": limit,
        "query": values.get("query", ""),
        "sort": [{"field": "dateAdded", "direction": "desc"}],
    }
    if after := values.get("startAfterId"):
        body["searchAfter"] = [whole_ms(values.get("startAfter")), after]
    found = search(state(), body)
    rows = [{name: value for name, value in row.items() if name != "searchAfter"} for row in found.rows]
    meta: JsonObject = {"total": found.total, "currentPage": 1}
    if rows:
        meta.update(startAfterId=rows[-1]["id"], startAfter=moment_ms(rows[-1]["dateAdded"]))
    return {"contacts": rows, "count": found.total, "meta": meta, "traceId": trace_id()}


def whole_ms(text: str | None) -> int:
    """Epoch milliseconds in a query, 0 when they are left out or no number."""
    return int(text) if text and text.isascii() and text.isdigit() else 0
