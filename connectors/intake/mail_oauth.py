"""Access to a mailbox by OAuth: the access token for XOAUTH2, renewed in time (Gmail, Microsoft 365)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import requests

from connectors.crm.tokens import RefreshedTokens, Tokens, TokenStore
from connectors.intake.inbox_errors import ConnectionRevoked, InboxError, LoginRefused, Unreachable

_TIMEOUT = (5.0, 30.0)
_MOST_BYTES = 65_536
#: Ends of the connection, in the words of RFC 6749; Microsoft also says interaction_required.
_REVOKED = ("invalid_grant", "interaction_required", "consent_required")
_CLIENT = ("invalid_client", "unauthorized_client")


class MailAccess(RefreshedTokens):
    """The access tokens of one mailbox."""

    EARLY = 120.0
    REVOKED = ConnectionRevoked

    def __init__(
        self,
        token_url: str,
        client_id: str,
        client_secret: Callable[[], str],
        tokens: TokenStore,
        first_refresh: Callable[[], str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(tokens, first_refresh, clock)
        self._url, self._client_id, self._client_secret = token_url, client_id, client_secret

    def exchanged(self, refresh: str) -> Tokens:
        """Raises InboxError."""
        form = {"grant_type": "refresh_token", "client_id": self._client_id, "refresh_token": refresh}
        secret = self._client_secret()
        if secret:
            form["client_secret"] = secret
        status, body = self._asked(form)
        if status != 200:
            raise _refusal(status, body)
        access, seconds = body.get("access_token"), body.get("expires_in")
        if not isinstance(access, str) or not access or not access.isprintable():
            raise Unreachable(
                "The token endpoint gave no access token.", remedy="Check token_url in the settings."
            )
        ends = self._clock() + seconds if isinstance(seconds, int | float) else None
        return Tokens(access, str(body.get("refresh_token") or refresh), ends)

    def _asked(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        try:
            with requests.post(
                self._url, data=form, timeout=_TIMEOUT, allow_redirects=False, stream=True
            ) as answer:
                text = answer.raw.read(_MOST_BYTES, decode_content=True)
                status = answer.status_code
        except (requests.RequestException, OSError) as error:
            raise Unreachable(f"The token endpoint did not answer ({type(error).__name__}).") from None
        try:
            body = json.loads(text)
        except ValueError:
            body = None
        return status, body if isinstance(body, dict) else {}


def _refusal(status: int, body: dict[str, Any]) -> InboxError:
    """Why there is no token; never the endpoint's own message, which may quote credentials."""
    said = body.get("error")
    if said in _REVOKED:
        return ConnectionRevoked(
            "The mailbox's OAuth connection was revoked or has run out.",
            remedy="Connect the mailbox again and put the new refresh token into "
            "FIRSTPATH_PATH_<NAME>_MAIL_REFRESH_TOKEN (docs/intake/imap.md).",
        )
    if said in _CLIENT:
        return LoginRefused(
            "The token endpoint does not accept the client id or the client secret.",
            remedy="Compare both with the app at Google or Microsoft and correct the settings.",
        )
    if 400 <= status < 500 and status != 429:
        return LoginRefused(
            f"The token endpoint refused to renew the access (status {status}).",
            remedy="Compare token_url, client id, client secret and refresh token with the app.",
        )
    return Unreachable(f"The token endpoint failed with status {status}.")
