"""/oauth/token: forms only, and errors in OAuth's own shape."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from connectors.sandbox.bodies import FORM
from connectors.sandbox.highlevel.oauth import OAuthError
from connectors.sandbox.highlevel.web.request import state

blueprint = Blueprint("oauth", __name__)


@blueprint.post("/oauth/token")
def token() -> ResponseReturnValue:
    """A pair of tokens for a code or a refresh token."""
    if request.mimetype != FORM:
        raise OAuthError("invalid_request", "Invalid request: content must be a url-encoded form")
    return state().oauth.exchange(request.form.to_dict())
