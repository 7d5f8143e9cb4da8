"""The Flask application of HubSpot's paths."""

from __future__ import annotations

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from connectors.sandbox.hubspot.answers import error_answer
from connectors.sandbox.hubspot.errors import ApiError
from connectors.sandbox.hubspot.limits import Limits
from connectors.sandbox.hubspot.state import CrmState
from connectors.sandbox.hubspot.web import (
    account,
    association_batches,
    associations,
    batches,
    oauth,
    objects,
    pipelines,
    properties,
    schemas,
    subscriptions,
)
from connectors.sandbox.hubspot.web.request import STATE_KEY

_BLUEPRINTS = (
    *(objects, batches, associations, association_batches),
    *(properties, pipelines, schemas, account, oauth),
    subscriptions,
)


def create_app(crm: CrmState, limits: Limits) -> Flask:
    """The application over one account. Whoever calls it holds the account's lock."""
    app = Flask(__name__, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.compact = True  # type: ignore[attr-defined]
    app.config[STATE_KEY] = crm
    app.config[account.LIMITS_KEY] = limits
    for module in _BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    app.register_error_handler(ApiError, lambda e: error_answer(e).response())
    app.register_error_handler(HTTPException, _no_such_path)
    return app


def _no_such_path(error: HTTPException) -> Response:
    status = error.code or 500
    message = "resource not found" if status == 404 else error.description or error.name
    category = "OBJECT_NOT_FOUND" if status == 404 else "VALIDATION_ERROR"
    return error_answer(ApiError(status, category, message)).response()
