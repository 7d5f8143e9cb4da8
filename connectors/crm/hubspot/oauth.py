"""Access by OAuth: tokens that last half an hour, renewed in time by one caller for all."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

import urllib3

from connectors.crm.base import AuthFailed, CrmError, Unavailable
from connectors.crm.hubspot import pauses
from connectors.crm.hubspot.bounded import BoundedPool
from connectors.crm.hubspot.errors import from_exception, json_object
from connectors.crm.tokens import Tokens, TokenStore

TOKEN_PATH = "/oauth/v3/token"  # noqa: S105 - a path; v1 of it ends in February 2027
_EARLY_SECONDS = 60.0
_TIMEOUT = urllib3.Timeout(connect=5, read=30)
_RECONNECT = ("invalid_grant", "access_denied")
_CLIENT = ("invalid_client", "unauthorized_client", "BAD_CLIENT_ID", "BAD_CLIENT_SECRET")


@runtime_checkable
class Renewable(Protocol):
    """A source of access tokens that can be told that the last one was refused."""

    def __call__(self) -> str:
        """The access token as it is now."""

    def refused(self, access: str) -> None:
        """HubSpot did not accept this token: give another one from now on."""


class OAuthTokens:
    """The access tokens of one HubSpot account that was connected by OAuth. Safe to share between threads.

    first_refresh gives the refresh token that connecting produced; from then on the store's is used, because
    HubSpot may send a new one with any answer. clock gives seconds since 1970.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: Callable[[], str],
        tokens: TokenStore,
        first_refresh: Callable[[], str],
        base_url: str = "https://api.hubapi.com",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._tokens = tokens
        self._first_refresh = first_refresh
        self._url = base_url.rstrip("/") + TOKEN_PATH
        self._clock = clock
        self._refused = ""
        self._pool = BoundedPool(urllib3.PoolManager(retries=False))

    def __call__(self) -> str:
        """An access token that is good for another minute.

        Raises AuthFailed when HubSpot must be connected again, RateLimited, Unavailable.
        """
        tokens = self._tokens.current()
        if tokens is None or self._stale(tokens):
            tokens = self._tokens.renew(tokens.access if tokens else "", self._fetch)
        return tokens.access

    def refused(self, access: str) -> None:
        """HubSpot no longer accepts this token: it is renewed at the next call, unless somebody did it."""
        self._refused = access

    def _stale(self, tokens: Tokens) -> bool:
        ends = tokens.expires_at
        return tokens.access == self._refused or (ends is not None and self._clock() >= ends - _EARLY_SECONDS)

    def _fetch(self, known: Tokens | None) -> Tokens:
        """New tokens by the refresh token last received, else by the one of the settings.

        The two differ after somebody connected again: then the newer one is in the settings.
        """
        last, first = known.refresh if known else "", self._first_refresh()
        if last and last != first:
            try:
                return self._refreshed(last)
            except _Reconnect:
                return self._refreshed(first)
        return self._refreshed(first)

    def _refreshed(self, refresh: str) -> Tokens:
        answer = self._asked(
            {
                "grant_type": "refresh_token",
                "client_id": self._client_id,
                "client_secret": self._client_secret(),
                "refresh_token": refresh,
            }
        )
        body, headers = json_object(answer.data), {k.lower(): v for k, v in answer.headers.items()}
        if answer.status != 200:
            raise _refusal(answer.status, headers, body)
        access, seconds = body.get("access_token"), body.get("expires_in")
        if not isinstance(access, str) or not access or isinstance(seconds, bool):
            raise Unavailable(
                "HubSpot's token endpoint gave no access token.", remedy="Check base_url in the settings."
            )
        ends = self._clock() + seconds if isinstance(seconds, int | float) else None
        return Tokens(access, str(body.get("refresh_token") or refresh), ends)

    def _asked(self, fields: Mapping[str, str]) -> urllib3.HTTPResponse:
        try:
            return self._pool.request(
                "POST", self._url, fields=fields, encode_multipart=False, timeout=_TIMEOUT
            )
        except Exception as error:
            problem = from_exception(error)
        # Whatever happened to this request, what waited for the token was never sent.
        raise Unavailable(f"No access token: {problem}", remedy=problem.remedy)


class _Reconnect(AuthFailed):
    """The refresh token is worth nothing any more."""


def _refusal(status: int, headers: Mapping[str, str], body: Mapping[str, Any]) -> CrmError:
    """Why HubSpot gave no token; never its own message, which may quote credentials."""
    said = json.dumps([body.get("error"), body.get("status")])
    if status == 429:
        return pauses.limited(headers, body)
    if any(word in said for word in _CLIENT):
        return AuthFailed(
            "HubSpot does not accept the client id or the client secret.",
            remedy="Compare both with the app in HubSpot and correct the settings.",
        )
    if any(word in said for word in _RECONNECT):
        return _Reconnect(
            "HubSpot no longer accepts the connection (the refresh token was revoked or used up).",
            remedy="Connect HubSpot again and put the new refresh token into the settings.",
        )
    if 400 <= status < 500:
        return AuthFailed(
            f"HubSpot refused to renew the access token (status {status}).",
            remedy="Compare client id, client secret and refresh token with the app in HubSpot.",
        )
    return Unavailable(f"HubSpot's token endpoint failed with status {status}.")
