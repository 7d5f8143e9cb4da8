"""The JWT bearer flow: a signed claim of who wants in, checked against a public key."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

MOST_AHEAD = 300  # seconds that exp may lie in the future
_LOGIN_HOSTS = ("https://login.salesforce.com", "https://test.salesforce.com")


class BadAssertion(Exception):
    """The assertion is refused; str(error) is the error_description."""


def username_of(assertion: str, public_key: str, client_id: str, audience: str, now: float) -> str:
    """The user that a valid assertion names.

    audience is the sandbox's own address, taken besides the vendor's; now is epoch seconds.
    Raises: BadAssertion.
    """
    claims = _verified(assertion, public_key)
    if claims.get("iss") != client_id:
        raise BadAssertion("client identifier invalid")
    aud = str(claims.get("aud", "")).rstrip("/")
    own_domain = aud.startswith("https://") and aud.endswith(".my.salesforce.com")
    if aud not in (*_LOGIN_HOSTS, audience) and not own_domain:
        raise BadAssertion("audience is invalid")
    try:
        expires = float(claims.get("exp", 0))  # simple-salesforce sends it as a text
    except (TypeError, ValueError):
        raise BadAssertion("expiry is invalid") from None
    if not now < expires <= now + MOST_AHEAD:
        raise BadAssertion("assertion is expired or expires too far in the future")
    return str(claims.get("sub") or claims.get("prn") or "")


def _verified(assertion: str, public_key: str) -> dict[str, Any]:
    """The claims of an RS256 token. Raises: BadAssertion."""
    try:
        head, body, signature = assertion.split(".")
        if json.loads(_decoded(head)).get("alg") != "RS256":
            raise BadAssertion("assertion must be signed with RS256")
        key = load_pem_public_key(public_key.encode())
        if not isinstance(key, RSAPublicKey):
            raise BadAssertion("invalid assertion")
        key.verify(_decoded(signature), f"{head}.{body}".encode(), PKCS1v15(), SHA256())
        claims = json.loads(_decoded(body))
    except (InvalidSignature, ValueError, AttributeError, binascii.Error):
        raise BadAssertion("invalid assertion") from None
    if not isinstance(claims, dict):
        raise BadAssertion("invalid assertion")
    return claims


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
