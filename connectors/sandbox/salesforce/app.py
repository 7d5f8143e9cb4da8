"""The application of one org: Salesforce's paths, and the sandbox's own for people and sessions."""

from __future__ import annotations

from flask import Flask, Response

from connectors.sandbox.salesforce.errors import ApiError
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.usage import Usage
from connectors.sandbox.salesforce.web import control
from connectors.sandbox.salesforce.web.entrance import Entrance, plain_error
from connectors.sandbox.salesforce.web.routing import Router


def create_app(org: OrgState, usage: Usage) -> Flask:
    """The application over one org. Whoever calls it holds the org's lock."""
    app = Flask(__name__, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config[control.STATE_KEY] = org
    app.register_blueprint(control.blueprint)
    app.register_error_handler(ApiError, _refusal)
    app.wsgi_app = Entrance(org, Router(org, usage), app.wsgi_app)  # type: ignore[method-assign]
    return app


def _refusal(error: ApiError) -> Response:
    return plain_error(error).response()
