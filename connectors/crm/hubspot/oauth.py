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
from connectors.crm.tokens import RefreshedTokens, Tokens, TokenStore

TOKEN_PATH = "/oauth/v3/token"  # noqa: S105 - a path; v1 of it ends in February 2027
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


class _Reconnect(AuthFailed):
    """The refresh token is worth nothing any more."""


class OAuthTokens(RefreshedTokens):
    """The access tokens of one HubSpot account that was connected by OAuth."""

    REVOKED = _Reconnect

    def __init__(
        self,
        client_id: str,
        client_secret: Callable[[], str],
        tokens: TokenStore,
        first_refresh: Callable[[], str],
        base_url: str = "https://api.hubapi.com",
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(tokens, first_refresh, clock)
        self._client_id = client_id
        self._client_secret = client_secret
        self._url = base_url.rstrip("/") + TOKEN_PATH
        self._pool = BoundedPool(urllib3.PoolManager(retries=False))

    def exchanged(self, refresh: str) -> Tokens:
        """Raises AuthFailed when HubSpot must be connected again, RateLimited, Unavailable."""
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
