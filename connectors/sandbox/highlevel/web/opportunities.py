"""/opportunities: one at a time, search, pipelines."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel import followers
from connectors.sandbox.highlevel.answers import trace_id
from connectors.sandbox.highlevel.opportunity import Opportunity
from connectors.sandbox.highlevel.opportunity_find import find
from connectors.sandbox.highlevel.opportunity_search import PARAMETERS, Found, search
from connectors.sandbox.highlevel.opportunity_writes import create, delete, set_status, update, upsert
from connectors.sandbox.highlevel.web.request import json_value, query, state, succeeded

blueprint = Blueprint("opportunities", __name__, url_prefix="/opportunities")


def _json(one: Opportunity) -> JsonObject:
    crm = state()
    return one.json(crm.contacts.get(one.contact_id), crm.options.location_id)


@blueprint.get("/pipelines")
def list_pipelines() -> ResponseReturnValue:
    """Pipelines with their stages."""
    location = query(("locationId",), ("locationId",))["locationId"]
    return {"pipelines": [one.json(location) for one in state().pipelines.list()], "traceId": trace_id()}


@blueprint.get("/lost-reason")
def list_lost_reasons() -> ResponseReturnValue:
    """Nobody has made any."""
    query(("locationId", "name", "deleted", "query", "skip", "limit", "getCount"), ("locationId",))
    return {"lostReasons": [], "total": 0, "traceId": trace_id()}


@blueprint.get("/search")
def search_page() -> ResponseReturnValue:
    """Opportunities that the index has seen, the newest first."""
    found = search(state(), query(PARAMETERS, ("location_id",)))
    return {"opportunities": found.rows, "meta": _meta(found), "aggregations": {}, "traceId": trace_id()}


def _meta(found: Found) -> JsonObject:
    meta: JsonObject = {"total": found.total, "currentPage": found.page, "nextPage": None, "prevPage": None}
    meta.update(nextPageUrl=None, startAfter=None, startAfterId=None)
    if found.page > 1:
        meta["prevPage"] = found.page - 1
    if found.following:
        after_id, after = found.following
        link = f"{request.base_url}?startAfter={after}&startAfterId={after_id}"
        location = state().options.location_id
        meta.update(nextPage=found.page + 1, startAfter=after, startAfterId=after_id)
        meta["nextPageUrl"] = f"{link}&location_id={location}"
    return meta


@blueprint.post("/search")
def find_page() -> ResponseReturnValue:
    """The same with filters in a body; its contract is hardly documented."""
    rows, total = find(state(), json_value())
    return {"opportunities": rows, "total": total, "aggregations": {}, "traceId": trace_id()}


@blueprint.post("/", strict_slashes=False)
def create_one() -> ResponseReturnValue:
    """201 and the new opportunity; 400 with the one that is there already."""
    return {"opportunity": _json(create(state(), json_value())), "traceId": trace_id()}, 201


@blueprint.post("/upsert")
def upsert_one() -> ResponseReturnValue:
    """The opportunity, and whether it is new."""
    one, new = upsert(state(), json_value())
    return {"opportunity": _json(one), "new": new, "traceId": trace_id()}


@blueprint.get("/<opportunity_id>")
def get_one(opportunity_id: str) -> ResponseReturnValue:
    """One opportunity, without its notes."""
    return {"opportunity": _json(state().opportunities.get(opportunity_id)), "traceId": trace_id()}


@blueprint.put("/<opportunity_id>")
def update_one(opportunity_id: str) -> ResponseReturnValue:
    """The changed opportunity."""
    return {"opportunity": _json(update(state(), opportunity_id, json_value())), "traceId": trace_id()}


@blueprint.put("/<opportunity_id>/status")
def update_status(opportunity_id: str) -> ResponseReturnValue:
    """Status only."""
    set_status(state(), opportunity_id, json_value())
    return {**succeeded(), "traceId": trace_id()}


@blueprint.delete("/<opportunity_id>")
def delete_one(opportunity_id: str) -> ResponseReturnValue:
    """The opportunity is gone."""
    delete(state(), opportunity_id)
    return {**succeeded(), "traceId": trace_id()}


@blueprint.post("/<opportunity_id>/followers")
def add_followers(opportunity_id: str) -> ResponseReturnValue:
    """201 and the followers."""
    held = state().opportunities.get(opportunity_id).followers
    return {**followers.add(held, json_value()), "traceId": trace_id()}, 201


@blueprint.delete("/<opportunity_id>/followers")
def remove_followers(opportunity_id: str) -> ResponseReturnValue:
    """The followers who are left."""
    everybody = query(("isRemoveAllFollowers",)).get("isRemoveAllFollowers") == "true"
    held = state().opportunities.get(opportunity_id).followers
    return {**followers.remove(held, json_value(), everybody=everybody), "traceId": trace_id()}
