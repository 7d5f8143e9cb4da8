"""The OAuth token endpoint, in its third version and under its dated names."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from connectors.sandbox.bodies import BODY_KEY, FORM
from connectors.sandbox.hubspot.answers import correlation_id
from connectors.sandbox.hubspot.errors import invalid
from connectors.sandbox.hubspot.grants import Refused
from connectors.sandbox.hubspot.web.account import USER_ID
from connectors.sandbox.hubspot.web.request import state

blueprint = Blueprint("oauth", __name__, url_prefix="/oauth")


@blueprint.post("/v3/token")
@blueprint.post("/2026-03/token")
@blueprint.post("/2026-09/token")
def token() -> ResponseReturnValue:
    """A new access token for a refresh token; the fields come as a form, in the body only."""
    fields = request.environ.get(BODY_KEY)
    if request.mimetype != FORM or not isinstance(fields, dict) or request.args:
        raise invalid("The token endpoint takes form fields in the body.")
    options, now = state().options, state().clock()
    try:
        access, refresh = state().grants.renewed(fields, options, now)
    except Refused as refused:
        body = {
            "error": refused.error,
            "error_description": "The request for a token was refused.",
            "status": refused.status,
            "message": "The request for a token was refused.",
            "correlationId": correlation_id(),
        }
        return body, 400
    return {
        "access_token": access,
        "refresh_token": refresh,
        "expires_in": options.oauth_token_seconds,
        "token_type": "bearer",
        "token_use": "access_token",
        "hub_id": options.portal_id,
        "user_id": USER_ID,
        "scopes": sorted(options.scopes),
    }
