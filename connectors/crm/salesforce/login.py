"""The two ways in: OAuth client credentials and JWT bearer, each asked for a token when one is needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import jwt

from connectors.crm.base import AuthFailed

_GRANT_JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_ASSERTION_SECONDS = 180  # Salesforce refuses assertions that are good for more than some minutes


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What is posted to /services/oauth2/token: form fields and, for some flows, HTTP Basic credentials."""

    form: Mapping[str, str] = field(repr=False)
    basic: tuple[str, str] | None = field(default=None, repr=False)


class Login(Protocol):
    """A way to get access tokens; address is the org's My Domain URL."""

    @property
    def address(self) -> str:
        """For example https://acme.my.salesforce.com."""

    def request(self, now: float) -> TokenRequest:
        """What to post; now is seconds since 1970. Raises AuthFailed when the secret cannot be used."""


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """An External Client App (or connected app) with the client credentials flow and a run-as user.

    secret is asked at every token request, so that it may be changed while we run.
    """

    address: str
    client_id: str
    secret: Callable[[], str] = field(repr=False)

    def request(self, now: float) -> TokenRequest:
        """The app's id and secret as HTTP Basic."""
        return TokenRequest({"grant_type": "client_credentials"}, (self.client_id, self.secret()))


@dataclass(frozen=True, slots=True)
class JwtBearer:
    """An app that knows our certificate, and a user who is pre-authorised for it.

    private_key answers the PEM text of the RSA key whose certificate was uploaded. audience "" means
    https://login.salesforce.com, or https://test.salesforce.com where the address is a sandbox org's.
    """

    address: str
    client_id: str
    username: str
    private_key: Callable[[], str] = field(repr=False)
    audience: str = ""

    def request(self, now: float) -> TokenRequest:
        """A signed assertion, good for three minutes."""
        claims = {
            "iss": self.client_id,
            "sub": self.username,
            "aud": self.audience or _audience(self.address),
            "exp": int(now) + _ASSERTION_SECONDS,
        }
        assertion = self._signed(claims)
        if not assertion:
            raise AuthFailed(
                "The private key for Salesforce cannot be read.",
                remedy="Put the RSA key's PEM text, without a passphrase, into the secret.",
            )
        return TokenRequest({"grant_type": _GRANT_JWT, "assertion": assertion})

    def _signed(self, claims: dict[str, object]) -> str:
        # Not raised from here: the library's error could quote the key.
        try:
            return jwt.encode(claims, self.private_key(), algorithm="RS256")
        except (jwt.PyJWTError, ValueError, TypeError):
            return ""


def _audience(address: str) -> str:
    """Sandbox orgs (acme--test.sandbox.my.salesforce.com) have their own log-in."""
    return "https://test.salesforce.com" if ".sandbox." in address else "https://login.salesforce.com"
