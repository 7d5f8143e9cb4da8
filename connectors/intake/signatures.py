"""Signatures of form vendors: the time in the header, milliseconds, tokens."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any

from connectors.intake.proof import secrets_in

#: How far a signed time may be from ours: the window in which a recorded request could be played again.
WINDOW_SECONDS = 300


def named_parts(header: str) -> dict[str, str]:
    """ "t=1741111200,v1=0ab1" as {"t": "1741111200", "v1": "0ab1"}."""
    pairs = (part.partition("=") for part in header.split(","))
    return {name.strip(): value.strip() for name, _, value in pairs}


def base64_sha256(secret: str, signed: bytes) -> str:
    """HMAC-SHA256 in base64."""
    return base64.b64encode(hmac.digest(secret.encode(), signed, hashlib.sha256)).decode()


def in_seconds(milliseconds: str) -> str:
    """The same moment in seconds; what is no number of milliseconds stays no number."""
    digits = milliseconds.strip()
    return digits[:-3] if digits.isascii() and digits.isdigit() else ""


def hs256_claims(token: str, secret: str) -> dict[str, Any]:
    """The claims of a JSON Web Token made with HS256 by one of the secrets; {} when it is none.

    Not PyJWT: it warns of every secret under 32 bytes, and vendors let people choose shorter ones.
    """
    head, _, signature = token.strip().rpartition(".")
    try:
        header, claims = (json.loads(_unpadded(part)) for part in head.split("."))
        given = _unpadded(signature)
    except (ValueError, binascii.Error, RecursionError):
        return {}
    made = [hmac.digest(one.encode(), head.encode(), hashlib.sha256) for one in secrets_in(secret)]
    # All are compared, so that the time does not tell which.
    is_good = sum(hmac.compare_digest(given, one) for one in made) > 0
    is_hs256 = isinstance(header, dict) and header.get("alg") == "HS256"
    return claims if is_good and is_hs256 and isinstance(claims, dict) else {}


def _unpadded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
