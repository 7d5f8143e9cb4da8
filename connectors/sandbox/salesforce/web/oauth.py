"""/services/oauth2: tokens for credentials, for a signed assertion, or for a password."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from urllib.parse import unquote_plus

from connectors.sandbox.salesforce.jwt_assertion import BadAssertion, username_of
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.web.calls import Reply

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class _Refused(Exception):
    """A token request that is turned down with 400."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


def token(org: OrgState, form: object, authorization: str, host: str) -> Reply:
    """A token answer, or 400 with error and error_description. host is the address that was asked."""
    fields = {str(key): str(value) for key, value in form.items()} if isinstance(form, dict) else {}
    try:
        user_id = _user(org, fields, authorization, host)
    except _Refused as error:
        return Reply(400, {"error": error.error, "error_description": error.description})
    organization = org.organization_id
    return Reply(
        200,
        {
            "access_token": org.sessions.open(user_id, organization),
            "signature": base64.b64encode(user_id.encode()).decode(),
            "scope": "api",
            "instance_url": org.options.instance_url or host,
            "id": f"{host}/id/{organization}/{user_id}",
            "token_type": "Bearer",
            "issued_at": str(round(org.clock() * 1000)),
        },
    )


def _user(org: OrgState, fields: Mapping[str, str], authorization: str, host: str) -> str:
    grant = fields.get("grant_type", "")
    if grant == "client_credentials":
        _check_client(org, fields, authorization)
        return _active(org, org.options.run_as, "no client credentials user enabled")
    if grant == JWT_BEARER:
        try:
            name = username_of(
                fields.get("assertion", ""),
                org.options.jwt_public_key,
                org.options.client_id,
                host,
                org.clock(),
            )
        except BadAssertion as error:
            raise _Refused("invalid_grant", str(error)) from error
        return _active(org, name, "user hasn't approved this consumer")
    if grant == "password":
        _check_client(org, fields, authorization)
        if not hmac.compare_digest(fields.get("password", "").encode(), org.options.password.encode()):
            raise _Refused("invalid_grant", "authentication failure")
        return _active(org, fields.get("username", ""), "authentication failure")
    raise _Refused("unsupported_grant_type", "grant type not supported")


def _check_client(org: OrgState, fields: Mapping[str, str], authorization: str) -> None:
    """The key and secret, from HTTP Basic or from the form."""
    given = (fields.get("client_id", ""), fields.get("client_secret", ""))
    if authorization.startswith("Basic "):
        try:
            text = base64.b64decode(authorization[6:], validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise _Refused("invalid_client", "invalid client credentials") from None
        key, _, secret = text.partition(":")
        given = (unquote_plus(key), unquote_plus(secret))
    if given[0] != org.options.client_id:
        raise _Refused("invalid_client_id", "client identifier invalid")
    if not hmac.compare_digest(given[1].encode(), org.options.client_secret.encode()):
        raise _Refused("invalid_client", "invalid client credentials")


def _active(org: OrgState, username: str, refusal: str) -> str:
    users = org.tables["User"]
    found = next(iter(users.holders("Username", username)), None)
    if found is None:
        raise _Refused("invalid_grant", refusal)
    if not users.live[found].get("IsActive"):
        raise _Refused("inactive_user", "user is inactive")
    return found


def userinfo(org: OrgState, user_id: str, host: str) -> Reply:
    """Who the token belongs to."""
    user = org.tables["User"].live[user_id]
    return Reply(
        200,
        {
            "sub": f"{host}/id/{org.organization_id}/{user_id}",
            "user_id": user_id,
            "organization_id": org.organization_id,
            "preferred_username": user["Username"],
            "name": user["Name"],
            "email": user["Email"],
            "active": user["IsActive"],
        },
    )
