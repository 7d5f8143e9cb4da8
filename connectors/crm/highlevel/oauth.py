"""Access tokens of an installed Marketplace app: a day long, with refresh tokens that can be used once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from connectors.crm.base import AuthFailed, CrmError, Rejected, Uncertain
from connectors.crm.highlevel.errors import Failed, from_answer
from connectors.crm.highlevel.wire import Reply, Timeout, Wire
from connectors.crm.tokens import RefreshedTokens, Tokens, TokenStore

# The same refresh token gives the same new tokens for 30 seconds: a lost answer is asked for within that.
_TIMEOUT: Timeout = (5, 10)
_LONGEST = 400 * 86_400  # seconds; more is no life of an access token
_REFUSED = ("invalid_grant", "invalid_client", "unauthorized_client", "invalid_request")
_CONNECT_AGAIN = (
    "Connect Firstpath to HighLevel again (install the app in the location) and put the new refresh token "
    "into the settings; check the client id and secret too."
)


class OAuthTokens(RefreshedTokens):
    """The access tokens of one location; each refresh token can be used once."""

    REVOKED = AuthFailed

    def __init__(
        self,
        client_id: str,
        client_secret: Callable[[], str],
        tokens: TokenStore,
        first_refresh: Callable[[], str],
        base_url: str = "https://services.leadconnectorhq.com",
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(tokens, first_refresh, clock)
        self._client_id = client_id
        self._client_secret = client_secret
        self._wire = Wire(base_url, _TIMEOUT)

    def close(self) -> None:
        """Close the pooled connections."""
        self._wire.close()

    def exchanged(self, refresh: str) -> Tokens:
        """A lost answer is asked for once more, while it may still be had.

        Raises AuthFailed, RateLimited, Unavailable, Uncertain.
        """
        if not refresh:
            raise AuthFailed("There is no refresh token for HighLevel yet.", remedy=_CONNECT_AGAIN)
        try:
            return self._asked(refresh)
        except Uncertain:
            return self._asked(refresh)

    def _asked(self, refresh: str) -> Tokens:
        asked_at = self._clock()
        form = {
            "client_id": self._client_id,
            "client_secret": self._client_secret().strip(),
            "grant_type": "refresh_token",
            "refresh_token": refresh,
            "user_type": "Location",
        }
        reply = self._wire.send("POST", "/oauth/token", {}, form=form)
        body = _object(reply.body)
        if not 200 <= reply.status < 300:
            raise _failure(reply, body)
        access, new = body.get("access_token"), body.get("refresh_token")
        if not (isinstance(access, str) and access and isinstance(new, str) and new):
            raise Uncertain("HighLevel's answer holds no new tokens.")
        seconds = body.get("expires_in")
        if not isinstance(seconds, int | float) or not 0 < seconds < _LONGEST:
            return Tokens(access, new)
        return Tokens(access, new, asked_at + seconds)


def _failure(reply: Reply, body: dict[str, Any]) -> CrmError:
    """What a refusal of the token endpoint means; it speaks OAuth (RFC 6749, 5.2) or HighLevel's own."""
    refused = body.get("error") in _REFUSED or reply.status in (400, 401, 422)
    if refused and reply.status < 500:
        return AuthFailed("HighLevel does not renew the access.", remedy=_CONNECT_AGAIN)
    error = from_answer(reply.status, reply.headers, body)
    return Failed(str(error)) if isinstance(error, Rejected) else error


def _object(content: bytes) -> dict[str, Any]:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
