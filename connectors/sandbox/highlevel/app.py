"""The Flask application of HighLevel's paths."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from connectors.sandbox.answers import json_answer
from connectors.sandbox.highlevel.answers import error_answer
from connectors.sandbox.highlevel.errors import ApiError
from connectors.sandbox.highlevel.oauth import OAuthError
from connectors.sandbox.highlevel.state import LocationState
from connectors.sandbox.highlevel.web import (
    contact_parts,
    contacts,
    control,
    locations,
    oauth,
    opportunities,
    tags,
)
from connectors.sandbox.highlevel.web.request import STATE_KEY

_BLUEPRINTS = (contacts, contact_parts, tags, opportunities, locations, oauth, control)


def create_app(state: LocationState) -> Flask:
    """The application over one sub-account. Whoever calls it holds the account's lock."""
    app = Flask(__name__, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.compact = True  # type: ignore[attr-defined]
    app.config[STATE_KEY] = state
    for module in _BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    app.register_error_handler(ApiError, lambda e: error_answer(e).response())
    app.register_error_handler(OAuthError, _oauth_refusal)
    app.register_error_handler(HTTPException, _no_such_path)
    return app


def _oauth_refusal(error: OAuthError) -> Response:
    return json_answer(400, {"error": error.error, "error_description": str(error)}).response()


def _no_such_path(error: HTTPException) -> Response:
    """HighLevel knows no 405: a path that takes other methods is not found either."""
    if error.code not in (404, 405):
        return error_answer(ApiError(error.code or 500, error.description or error.name)).response()
    return error_answer(ApiError(404, f"Cannot {request.method} {request.path}")).response()
