"""/_sandbox: what the account holds, what was asked of it, and how it should behave."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from connectors.sandbox.hubspot.faults import Faults, parse_faults
from connectors.sandbox.hubspot.journal import Journal
from connectors.sandbox.hubspot.seed import load_seed
from connectors.sandbox.hubspot.web.account import limits
from connectors.sandbox.hubspot.web.request import integer, json_body, json_value, state

blueprint = Blueprint("control", __name__, url_prefix="/_sandbox")
FAULTS_KEY, JOURNAL_KEY = "SANDBOX_FAULTS", "SANDBOX_JOURNAL"


def _faults() -> Faults:
    return cast(Faults, current_app.config[FAULTS_KEY])


def _journal() -> Journal:
    return cast(Journal, current_app.config[JOURNAL_KEY])


@blueprint.get("/state")
def whole_state() -> ResponseReturnValue:
    """Every record with properties and associations; ?type=contacts for one kind."""
    return state().snapshot(request.args.get("type"))


@blueprint.get("/counts")
def counts() -> ResponseReturnValue:
    """Live records per kind, and requests answered so far."""
    return {**state().counts(), "requests": _journal().last}


@blueprint.get("/journal")
def journal() -> ResponseReturnValue:
    """Requests after ?since=n, oldest first; `next` is the n to ask with later."""
    entries = _journal().since(integer("since", 0, 10**12))
    return {"entries": entries, "next": entries[-1]["n"] if entries else _journal().last}


@blueprint.get("/faults")
def faults() -> ResponseReturnValue:
    """The rules in force and how often each matched and hit."""
    return {"rules": _faults().json()}


@blueprint.put("/faults")
def set_faults() -> ResponseReturnValue:
    """Replace the rules."""
    _faults().set(*parse_faults(json_value()))
    return {"rules": _faults().json()}


@blueprint.delete("/faults")
def clear_faults() -> ResponseReturnValue:
    """No more faults."""
    _faults().set(())
    return "", 204


@blueprint.get("/options")
def options() -> ResponseReturnValue:
    """How the account behaves."""
    return state().options.json()


@blueprint.put("/options")
def set_options() -> ResponseReturnValue:
    """Change some options; those left out stay."""
    crm = state()
    crm.options = crm.options.changed(json_body())
    return crm.options.json()


@blueprint.post("/seed")
def seed() -> ResponseReturnValue:
    """201 with the ids of what was loaded."""
    return load_seed(state(), json_body()), 201


@blueprint.post("/reset")
def reset() -> ResponseReturnValue:
    """An unused account again; options stay, faults and journal are emptied."""
    state().reset()
    limits().reset()
    _faults().set(())
    _journal().clear()
    return "", 204
