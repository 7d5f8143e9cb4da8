"""Access tokens of an installed Marketplace app: a day long, with refresh tokens that can be used once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from connectors.crm.base import AuthFailed, CrmError, Rejected, Uncertain
from connectors.crm.highlevel.errors import Failed, from_answer
from connectors.crm.highlevel.wire import Reply, Timeout, Wire
from connectors.crm.tokens import Tokens, TokenStore

# The same refresh token gives the same new tokens for 30 seconds: a lost answer is asked for within that.
_TIMEOUT: Timeout = (5, 10)
_EARLY = 60.0  # seconds before its end that a token is renewed
_LONGEST = 400 * 86_400  # seconds; more is no life of an access token
_REFUSED = ("invalid_grant", "invalid_client", "unauthorized_client", "invalid_request")
_CONNECT_AGAIN = (
    "Connect Firstpath to HighLevel again (install the app in the location) and put the new refresh token "
    "into the settings; check the client id and secret too."
)


class OAuthTokens:
    """Gives the present access token, renewed by one caller at a time and stored before anybody uses it.

    first_refresh is the refresh token that a person put into the settings: it is used when nothing is
    stored yet, or when HighLevel no longer takes the stored one.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: Callable[[], str],
        tokens: TokenStore,
        first_refresh: Callable[[], str],
        base_url: str = "https://services.leadconnectorhq.com",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._tokens = tokens
        self._first_refresh = first_refresh
        self._clock = clock
        self._wire = Wire(base_url, _TIMEOUT)
        self._refused = ""

    def __call__(self) -> str:
        """The access token. Raises AuthFailed, RateLimited, Unavailable, Uncertain."""
        now = self._tokens.current()
        if now is not None and now.access != self._refused and not self._over(now):
            return now.access
        return self._tokens.renew(now.access if now is not None else "", self._fetch).access

    def refused(self, access: str) -> None:
        """HighLevel did not take this token: the next call renews it, unless somebody did already."""
        self._refused = access

    def close(self) -> None:
        """Close the pooled connections."""
        self._wire.close()

    def _over(self, tokens: Tokens) -> bool:
        return tokens.expires_at is not None and tokens.expires_at - _EARLY <= self._clock()

    def _fetch(self, present: Tokens | None) -> Tokens:
        given = self._first_refresh().strip()
        stored = present.refresh if present is not None else ""
        for refresh in dict.fromkeys(filter(None, (stored, given))):
            try:
                return self._exchanged(refresh)
            except AuthFailed as error:
                problem: CrmError = error
        if not (stored or given):
            problem = AuthFailed("There is no refresh token for HighLevel yet.", remedy=_CONNECT_AGAIN)
        raise problem

    def _exchanged(self, refresh: str) -> Tokens:
        """New tokens for a refresh token; a lost answer is asked for once more, while it may still be had."""
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
