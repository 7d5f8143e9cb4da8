"""/locations, /users, /workflows: the sub-account, its fields, its people, its automation."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from connectors.sandbox.highlevel.answers import trace_id
from connectors.sandbox.highlevel.attachment_writes import search_tasks
from connectors.sandbox.highlevel.custom_fields import MODELS
from connectors.sandbox.highlevel.errors import ApiError, invalid
from connectors.sandbox.highlevel.web.request import json_value, query, state, succeeded, whole

blueprint = Blueprint("locations", __name__)
_USER_SEARCH = ("companyId", "query", "skip", "limit", "locationId", "type", "role", "ids", "sort")
USERS_USUAL = 25


@blueprint.get("/locations/<location_id>")
def get_location(location_id: str) -> ResponseReturnValue:
    """The sub-account; the order of its duplicate preference is not told."""
    options = state().options
    location = {
        "id": location_id,
        "companyId": options.company_id,
        "name": "Sandbox Mortgages",
        "email": "office@brokerage.example.com",
        "country": options.country,
        "timezone": options.time_zone,
        "settings": {
            "allowDuplicateContact": options.allow_duplicate_contact,
            "allowDuplicateOpportunity": options.allow_duplicate_opportunity,
            "allowFacebookNameMerge": False,
            "disableContactTimezone": False,
        },
    }
    return {"location": location, "traceId": trace_id()}


@blueprint.get("/locations/<location_id>/customFields")
def list_fields(location_id: str) -> ResponseReturnValue:
    """The fields of contacts, unless ?model= asks for opportunity or all."""
    model = query(("model",)).get("model", "contact")
    if model not in (*MODELS, "all"):
        raise invalid("model must be one of the following values: contact, opportunity, all")
    found = [field.json(location_id) for field in state().fields.list(model)]
    return {"customFields": found, "traceId": trace_id()}


@blueprint.post("/locations/<location_id>/customFields")
def create_field(location_id: str) -> ResponseReturnValue:
    """201 and the new field."""
    field = state().fields.create(json_value())
    return {"customField": field.json(location_id), "traceId": trace_id()}, 201


@blueprint.get("/locations/<location_id>/customFields/<field_id>")
def get_field(location_id: str, field_id: str) -> ResponseReturnValue:
    """One field."""
    return {"customField": state().fields.get(field_id).json(location_id), "traceId": trace_id()}


@blueprint.put("/locations/<location_id>/customFields/<field_id>")
def change_field(location_id: str, field_id: str) -> ResponseReturnValue:
    """The changed field."""
    field = state().fields.update(field_id, json_value())
    return {"customField": field.json(location_id), "traceId": trace_id()}


@blueprint.delete("/locations/<_location_id>/customFields/<field_id>")
def delete_field(_location_id: str, field_id: str) -> ResponseReturnValue:
    """The field is gone, and its values with it."""
    crm = state()
    crm.fields.delete(field_id)
    for contact in crm.contacts.live.values():
        contact.custom.pop(field_id, None)
    for opportunity in crm.opportunities.live.values():
        opportunity.custom.pop(field_id, None)
    return {**succeeded(), "traceId": trace_id()}


@blueprint.post("/locations/<_location_id>/tasks/search")
def search_all_tasks(_location_id: str) -> ResponseReturnValue:
    """Tasks of every contact."""
    return {"tasks": search_tasks(state(), json_value()), "traceId": trace_id()}


@blueprint.get("/users/", strict_slashes=False)
def list_users() -> ResponseReturnValue:
    """Everybody of the sub-account; deprecated, still answering."""
    query(("locationId",), ("locationId",))
    return {"users": [user.json() for user in state().users.list()], "traceId": trace_id()}


@blueprint.get("/users/search")
def search_users() -> ResponseReturnValue:
    """People of the company, 25 a page."""
    values = query((*_USER_SEARCH, "sortDirection", "enabled2waySync"), ("companyId",))
    if values["companyId"] != state().options.company_id:
        raise ApiError(403, "The token does not have access to this company.")
    found = [user.json() for user in state().users.list(values.get("query", ""))]
    skip, limit = whole(values, "skip", 0), whole(values, "limit", USERS_USUAL)
    return {"users": found[skip : skip + limit], "count": len(found), "traceId": trace_id()}


@blueprint.get("/users/<user_id>")
def get_user(user_id: str) -> ResponseReturnValue:
    """One user, not wrapped."""
    return {**state().users.get(user_id).json(), "traceId": trace_id()}


@blueprint.get("/workflows/", strict_slashes=False)
def list_workflows() -> ResponseReturnValue:
    """The workflows that people built there."""
    location = query(("locationId",), ("locationId",))["locationId"]
    return {"workflows": [one.json(location) for one in state().workflows.list()], "traceId": trace_id()}
