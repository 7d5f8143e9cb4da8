"""/_sandbox paths of this vendor alone: people at work, sessions, locked rows, custom objects and users."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from connectors.sandbox.control import control_object
from connectors.sandbox.salesforce.person import act
from connectors.sandbox.salesforce.state import OrgState

blueprint = Blueprint("salesforce_control", __name__, url_prefix="/_sandbox")
STATE_KEY = "SANDBOX_SALESFORCE_ORG"


def _org() -> OrgState:
    return cast(OrgState, current_app.config[STATE_KEY])


@blueprint.post("/person")
def person() -> ResponseReturnValue:
    """Let a person do something: {"do": "edit", "id": "003...", "fields": {...}, "by": "maya@..."}."""
    return act(_org(), control_object())


@blueprint.delete("/sessions")
def end_sessions() -> ResponseReturnValue:
    """End every session: the next call of each token is answered INVALID_SESSION_ID."""
    _org().expire_sessions()
    return "", 204


@blueprint.put("/locks")
def set_locks() -> ResponseReturnValue:
    """Lock rows: {record id: how many writes are refused, null for all}. Replaces earlier locks."""
    org = _org()
    org.locked = {str(record_id): times for record_id, times in control_object().items()}
    return {"locked": org.locked}
