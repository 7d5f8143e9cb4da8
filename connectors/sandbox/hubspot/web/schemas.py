"""The description of a kind of record, as far as the connector reads it: what it must have."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from connectors.sandbox.hubspot.object_types import object_type
from connectors.sandbox.hubspot.web.request import state

blueprint = Blueprint("schemas", __name__, url_prefix="/crm-object-schemas/v3/schemas")


@blueprint.get("/<kind>")
def schema(kind: str) -> ResponseReturnValue:
    """Name and required properties: HubSpot's own and those that the account demands."""
    found = object_type(kind)
    demanded = state().options.demanded(found.name)
    return {
        "id": found.type_id,
        "objectTypeId": found.type_id,
        "name": found.singular,
        "requiredProperties": sorted({*found.required, *demanded}),
        "archived": False,
    }
