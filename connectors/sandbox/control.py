"""/_sandbox: what the account holds, what was asked of it, and how it should behave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Blueprint, Flask, current_app, request
from flask.typing import ResponseReturnValue

from connectors.sandbox.answers import JsonObject, html_answer, json_answer
from connectors.sandbox.bodies import BODY_KEY, UNREADABLE
from connectors.sandbox.fault_document import parse_faults
from connectors.sandbox.faults import Faults
from connectors.sandbox.journal import Journal
from connectors.sandbox.lie_bodies import LOGIN_PAGE
from connectors.sandbox.options import OptionsError
from connectors.sandbox.stage import Account, Stage

blueprint = Blueprint("control", __name__, url_prefix="/_sandbox")
_KEY = "SANDBOX_CONTROLS"


@dataclass(frozen=True, slots=True)
class Controls:
    """What can be looked at and turned."""

    stage: Stage[Account]
    faults: Faults
    journal: Journal

    def reset(self) -> None:
        """An unused account again: no records, faults, journal or counted calls. Options stay."""
        with self.stage.account.lock:
            self.stage.account.reset()
            self.stage.admission.reset()
        self.faults.set(())
        self.journal.clear()


def add_control(app: Flask, controls: Controls) -> None:
    """Serve /_sandbox/ beside the vendor's own paths."""
    app.config[_KEY] = controls
    app.register_blueprint(blueprint)
    app.register_error_handler(
        OptionsError, lambda e: json_answer(400, {"status": "error", "message": str(e)}).response()
    )


def _controls() -> Controls:
    return cast(Controls, current_app.config[_KEY])


def control_value() -> object:
    """The body of a control request as JSON. Raises: OptionsError."""
    value = request.environ.get(BODY_KEY, UNREADABLE)
    if value is UNREADABLE or value is None:
        raise OptionsError("The body must be JSON.")
    return value


def control_object() -> JsonObject:
    """The body of a control request as a JSON object. Raises: OptionsError."""
    value = control_value()
    if not isinstance(value, dict):
        raise OptionsError("The body must be a JSON object.")
    return value


@blueprint.get("/state")
def whole_state() -> ResponseReturnValue:
    """Every record with its values and links; ?type=contacts for one kind."""
    return _controls().stage.account.snapshot(request.args.get("type"))


@blueprint.get("/counts")
def counts() -> ResponseReturnValue:
    """Live records per kind, and requests answered so far."""
    return {**_controls().stage.account.counts(), "requests": _controls().journal.last}


@blueprint.get("/journal")
def journal() -> ResponseReturnValue:
    """Requests after ?since=n, oldest first; `next` is the n to ask with later."""
    since = request.args.get("since", "0")
    if not (since.isascii() and since.isdigit() and len(since) <= 12):
        raise OptionsError("since must be a whole number.")
    entries = _controls().journal.since(int(since))
    return {"entries": entries, "next": entries[-1]["n"] if entries else _controls().journal.last}


@blueprint.get("/faults")
def faults() -> ResponseReturnValue:
    """The rules in force and how often each matched and hit."""
    return {"rules": _controls().faults.json()}


@blueprint.put("/faults")
def set_faults() -> ResponseReturnValue:
    """Replace the rules."""
    _controls().faults.set(*parse_faults(control_value()))
    return {"rules": _controls().faults.json()}


@blueprint.delete("/faults")
def clear_faults() -> ResponseReturnValue:
    """No more faults."""
    _controls().faults.set(())
    return "", 204


@blueprint.get("/options")
def options() -> ResponseReturnValue:
    """How the account behaves."""
    return _controls().stage.account.options.json()


@blueprint.put("/options")
def set_options() -> ResponseReturnValue:
    """Change some options; those left out stay."""
    account = _controls().stage.account
    account.configure(control_object())
    return account.options.json()


@blueprint.post("/seed")
def seed() -> ResponseReturnValue:
    """201 with the ids of what was loaded."""
    return dict(_controls().stage.load(control_object())), 201


@blueprint.post("/reset")
def reset() -> ResponseReturnValue:
    """An unused account again; options stay, faults and journal are emptied."""
    _controls().reset()
    return "", 204


@blueprint.route("/login", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def login() -> ResponseReturnValue:
    """Where the fault `redirect` leads: 200 and a web page."""
    return html_answer(200, LOGIN_PAGE).response()
