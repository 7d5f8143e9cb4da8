"""The Flask application: HubSpot's paths, and the sandbox's own under /_sandbox/."""

from __future__ import annotations

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from connectors.sandbox.hubspot.answers import Answer, error_answer, json_answer
from connectors.sandbox.hubspot.errors import ApiError
from connectors.sandbox.hubspot.faults import Faults
from connectors.sandbox.hubspot.journal import Journal
from connectors.sandbox.hubspot.limits import Limits
from connectors.sandbox.hubspot.options import OptionsError
from connectors.sandbox.hubspot.state import CrmState
from connectors.sandbox.hubspot.web import (
    account,
    association_batches,
    associations,
    batches,
    control,
    objects,
    pipelines,
    properties,
)
from connectors.sandbox.hubspot.web.request import STATE_KEY

_BLUEPRINTS = (objects, batches, associations, association_batches, properties, pipelines, account, control)


def create_app(crm: CrmState, limits: Limits, faults: Faults, journal: Journal) -> Flask:
    """The application over one account. Whoever calls it holds the account's lock."""
    app = Flask(__name__, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.compact = True  # type: ignore[attr-defined]
    app.config[STATE_KEY] = crm
    app.config[account.LIMITS_KEY] = limits
    app.config[control.FAULTS_KEY] = faults
    app.config[control.JOURNAL_KEY] = journal
    for module in _BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    app.register_error_handler(ApiError, lambda e: _response(error_answer(e)))
    app.register_error_handler(OptionsError, _wrong_options)
    app.register_error_handler(HTTPException, _no_such_path)
    return app


def _response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, list(answer.headers))


def _wrong_options(error: OptionsError) -> Response:
    return _response(json_answer(400, {"status": "error", "message": str(error)}))


def _no_such_path(error: HTTPException) -> Response:
    status = error.code or 500
    message = "resource not found" if status == 404 else error.description or error.name
    category = "OBJECT_NOT_FOUND" if status == 404 else "VALIDATION_ERROR"
    return _response(error_answer(ApiError(status, category, message)))
