"""Tokens of an installed Marketplace app: a day of access, and refresh tokens that are used once."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.ids import IdMaker
from connectors.sandbox.highlevel.options import SandboxOptions

ACCESS_SECONDS = 86_399
REFRESH_SECONDS = 365 * 86_400.0
GRACE_SECONDS = 30.0  # so long the same refresh token gives the same new pair


class OAuthError(Exception):
    """A refusal in OAuth's own words: error is its code, str(error) the description."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error


@dataclass(frozen=True, slots=True)
class Pair:
    """An access token and the refresh token beside it, made at a moment in epoch seconds."""

    access: str
    refresh: str
    made_at: float


class OAuth:
    """The tokens of one installation. Used under the account's lock."""

    def __init__(
        self, ids: IdMaker, clock: Callable[[], float], options: Callable[[], SandboxOptions]
    ) -> None:
        self._ids = ids
        self._clock = clock
        self._options = options
        self._codes: set[str] = set()
        self._access: dict[str, float] = {}  # token → when it ends
        self._unused: dict[str, float] = {}  # refresh token → when it ends
        self._used: dict[str, tuple[float, Pair]] = {}  # refresh token → when it was used, and for what
        self._user_id = ids.record()

    def issue_code(self) -> str:
        """What the consent page hands to the redirect address. It is good once."""
        code = self._ids.record()
        self._codes.add(code)
        return code

    def install(self) -> JsonObject:
        """The token answer of a fresh installation, without the way over the consent page."""
        return self._answer(self._pair())

    def admits(self, token: str) -> bool:
        """Whether an access token is known and not over."""
        return self._access.get(token, 0.0) > self._clock()

    def expire_access(self) -> None:
        """End every access token now; refresh tokens stay good."""
        self._access.clear()

    def exchange(self, form: Mapping[str, str]) -> JsonObject:
        """Answer POST /oauth/token. Raises: OAuthError."""
        options = self._options()
        self._check_client(form, options)
        grant = form.get("grant_type", "")
        if grant == "authorization_code":
            return self._answer(self._by_code(form.get("code", "")))
        if grant == "refresh_token":
            return self._answer(self._by_refresh(form.get("refresh_token", "")))
        raise OAuthError("unsupported_grant_type", f"Unsupported grant type: {grant!r} is invalid")

    def _check_client(self, form: Mapping[str, str], options: SandboxOptions) -> None:
        expected = (options.oauth_client_id, options.oauth_client_secret)
        given = (form.get("client_id", ""), form.get("client_secret", ""))
        if not all(hmac.compare_digest(a.encode(), b.encode()) for a, b in zip(given, expected, strict=True)):
            raise OAuthError("invalid_client", "Invalid client: client is invalid")

    def _by_code(self, code: str) -> Pair:
        if code not in self._codes:
            raise OAuthError("invalid_grant", "Invalid grant: authorization code is invalid")
        self._codes.remove(code)
        return self._pair()

    def _by_refresh(self, token: str) -> Pair:
        now = self._clock()
        used = self._used.get(token)
        if used is not None and now - used[0] <= GRACE_SECONDS:
            return used[1]
        if self._unused.pop(token, 0.0) <= now:
            raise OAuthError("invalid_grant", "Invalid grant: refresh token is invalid")
        pair = self._pair()
        self._used[token] = (now, pair)
        return pair

    def _pair(self) -> Pair:
        now = self._clock()
        pair = Pair(f"at-{self._ids.record()}{self._ids.record()}", f"rt-{self._ids.record()}", now)
        self._access[pair.access] = now + ACCESS_SECONDS
        self._unused[pair.refresh] = now + REFRESH_SECONDS
        return pair

    def _answer(self, pair: Pair) -> JsonObject:
        options = self._options()
        return {
            "access_token": pair.access,
            "token_type": "Bearer",
            "expires_in": ACCESS_SECONDS,
            "refresh_token": pair.refresh,
            "scope": " ".join(sorted(options.scopes)),
            "userType": "Location",
            "locationId": options.location_id,
            "companyId": options.company_id,
            "approvedLocations": [options.location_id],
            "userId": self._user_id,
            "planId": "",
            "isBulkInstallation": False,
        }
