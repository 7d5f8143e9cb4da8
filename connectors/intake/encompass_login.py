"""The bearer token for Encompass's API: given as it is, or fetched with an API user's credentials."""

from __future__ import annotations

import requests

from connectors.intake.base import FetchFailed

_TIMEOUT = (5, 25)


def bearer(base: str, token: str, instance: str) -> str:
    """token itself, unless it is "client id:client secret": those are exchanged for one.

    instance is the lender's (BE…). Raises FetchFailed.
    """
    client_id, colon, client_secret = token.partition(":")
    if not colon:
        return token
    form = {"grant_type": "client_credentials", "scope": "lp"}
    form |= {"instance_id": instance} if instance else {}
    try:
        answer = requests.post(
            f"{base}/oauth2/v1/token",
            data=form,
            auth=(client_id, client_secret),
            timeout=_TIMEOUT,
            allow_redirects=False,
        )
        found = answer.json().get("access_token", "")
    except (requests.RequestException, ValueError, AttributeError) as error:
        raise FetchFailed(f"Encompass gave no token ({type(error).__name__}).", again=True) from None
    if not isinstance(found, str) or not found:
        refused = answer.status_code in (400, 401, 403)
        remedy = "Check client id, client secret and the path's account (the instance), then replay."
        why = f"Encompass gave no token (HTTP {answer.status_code})."
        raise FetchFailed(why, again=not refused, remedy=remedy if refused else "")
    return found
