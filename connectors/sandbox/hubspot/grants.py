"""What HubSpot's OAuth server has given out: refresh tokens that are good, access tokens and their end."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from itertools import count

from connectors.sandbox.hubspot.options import SandboxOptions


class Refused(Exception):
    """No token for this request: error is OAuth's word for it, status HubSpot's."""

    def __init__(self, error: str, status: str) -> None:
        super().__init__(status)
        self.error = error
        self.status = status


class Grants:
    """The tokens of one connected account. Hold the state's lock."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._refresh: str | None = None  # None: still the one of the options
        self._ends: dict[str, float] = {}

    def renewed(self, fields: Mapping[str, str], options: SandboxOptions, now: float) -> tuple[str, str]:
        """A new access token, and the refresh token from now on. Raises: Refused."""
        if fields.get("grant_type") != "refresh_token":
            raise Refused("unsupported_grant_type", "BAD_GRANT_TYPE")
        if fields.get("client_id") != options.oauth_client_id:
            raise Refused("invalid_client", "BAD_CLIENT_ID")
        if not _same(fields.get("client_secret"), options.oauth_client_secret):
            raise Refused("invalid_client", "BAD_CLIENT_SECRET")
        good = self._refresh or options.oauth_refresh_token
        if not good or not _same(fields.get("refresh_token"), good):
            raise Refused("invalid_grant", "BAD_REFRESH_TOKEN")
        number = next(self._numbers)
        if options.oauth_rotates:
            self._refresh = good = f"refresh-{number}"
        access = f"access-{number}"
        self._ends[access] = now + options.oauth_token_seconds
        return access, good

    def seconds_left(self, access: str, now: float) -> float | None:
        """How long an access token is still good (negative: since when it is not), None if never given."""
        ends = self._ends.get(access)
        return None if ends is None else ends - now


def _same(given: str | None, good: str) -> bool:
    return bool(good) and hmac.compare_digest((given or "").encode(), good.encode())
