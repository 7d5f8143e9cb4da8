"""/communication-preferences/v4: an address that wants no more email."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from connectors.sandbox.hubspot.errors import ApiError
from connectors.sandbox.hubspot.web.request import state
from connectors.sandbox.hubspot.writes import update
from connectors.sandbox.timestamps import iso

blueprint = Blueprint("subscriptions", __name__, url_prefix="/communication-preferences/v4")


@blueprint.post("/statuses/<email>/unsubscribe-all")
def unsubscribe_all(email: str) -> ResponseReturnValue:
    """The address is unsubscribed, and the contact that has it shows so; there may be none."""
    if request.args.get("channel") != "EMAIL":
        raise ApiError(400, "VALIDATION_ERROR", "channel must be EMAIL")
    if "@" not in email:
        raise ApiError(400, "VALIDATION_ERROR", "subscriberIdString is no email address")
    crm = state()
    shelf = crm.shelf("contacts")
    holder = shelf.records.holder("email", email.lower())
    if holder is not None:
        with crm.transaction():
            update(crm, shelf, holder, {"hs_email_optout": "true"})
    row = {"subscriberIdString": email, "channel": "EMAIL", "status": "UNSUBSCRIBED",
           "wideStatusType": "PORTAL_WIDE", "timestamp": iso(crm.clock())}  # fmt: skip
    return {"status": "COMPLETE", "results": [row], "startedAt": iso(crm.clock()),
            "completedAt": iso(crm.clock())}  # fmt: skip
