"""Asks Salesforce for an access token, and says in words why it gives none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import requests

from connectors.crm.base import AuthFailed, CrmError, RateLimited, Unavailable
from connectors.crm.salesforce.addresses import checked, trusted
from connectors.crm.salesforce.errors import from_exception
from connectors.crm.salesforce.login import Login
from connectors.crm.tokens import Tokens

TOKEN_PATH = "/services/oauth2/token"  # noqa: S105 - a path
_CODE = re.compile(r"[a-z_]{3,60}")
_PAUSE = 60.0
_REMEDIES: Mapping[str, str] = {
    "invalid_client": "Check the app's client secret.",
    "invalid_client_id": "Check the app's client id (consumer key).",
    "invalid_app_access": "Permit the user for the app in Salesforce (app policies, permission set).",
    "invalid_grant": "Enable the flow in the app, set its run-as user, and check that this user is active "
    "and pre-authorised; for JWT also the certificate, the username and the audience.",
    "unsupported_grant_type": "Enable the client credentials or JWT flow in the app's settings.",
    "inactive_user": "Activate the integration user in Salesforce.",
    "inactive_org": "The Salesforce org is locked or suspended: ask its administrator.",
}


def fetch(session: requests.Session, login: Login, now: float) -> Tokens:
    """A new access token and the API's address.

    Raises AuthFailed, RateLimited or Unavailable; never Uncertain, because no record is at stake.
    """
    asked = login.request(now)
    problem: CrmError
    try:
        response = session.post(login.address + TOKEN_PATH, data=dict(asked.form), auth=asked.basic)
        return _read(response, login)
    except CrmError as error:
        problem = error
    except (requests.RequestException, OSError, ValueError) as error:
        problem = from_exception(error)
    # Raised outside the except block: a vendor exception prints the request, and with it the secret.
    if not isinstance(problem, AuthFailed | RateLimited | Unavailable):
        problem = Unavailable(f"The log-in to Salesforce failed. {problem}")
    raise problem


def _read(response: requests.Response, login: Login) -> Tokens:
    body = response.json()
    if not isinstance(body, dict):
        raise Unavailable("Salesforce's log-in address answered something that is not a token.")
    if response.status_code != requests.codes.ok:
        raise _refusal(response.status_code, body)
    access, address = body.get("access_token"), body.get("instance_url")
    if not (isinstance(access, str) and access and isinstance(address, str) and access.isascii()):
        raise Unavailable("Salesforce's log-in address answered something that is not a token.")
    if not trusted(address, login.address):
        raise AuthFailed(
            "Salesforce's log-in answered an address that does not belong to it.",
            remedy="Check the Salesforce address in the settings: it must be your My Domain.",
        )
    return Tokens(access, address=checked(address))


def _refusal(status: int, body: Mapping[str, Any]) -> CrmError:
    code = body.get("error")
    code = code if isinstance(code, str) and _CODE.fullmatch(code) else ""
    if "rate" in str(body.get("error_description") or "").lower() or status == 429:
        return RateLimited("Salesforce limits how often this user may log in.", retry_after=_PAUSE)
    if status >= 500 or not code or code == "server_error":
        return Unavailable(f"Salesforce's log-in failed with status {status}.")
    return AuthFailed(
        f"Salesforce refused the log-in ({code}).",
        remedy=_REMEDIES.get(code, "Check the app's settings in Salesforce."),
    )
