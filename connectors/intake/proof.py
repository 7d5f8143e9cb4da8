"""How senders show who they are: several secrets at once, signatures, passwords, all in constant time."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from datetime import datetime

from connectors.intake.base import NotTrusted, RawRequest

#: Where in an address the secret stands.
TOKEN_NAME = "token"  # noqa: S105

_SEPARATOR = re.compile(r"[\s,]+")


def secrets_in(secret: str) -> list[str]:
    """Every secret of a path: several, separated by blanks or commas, are all good (rotation)."""
    return [word for word in _SEPARATOR.split(secret) if word]


def same(given: str, wanted: str) -> bool:
    """Whether both are the same text, in constant time."""
    return hmac.compare_digest(given.encode(errors="replace"), wanted.encode(errors="replace"))


def is_one_of(given: str, good: Iterable[str]) -> bool:
    """Whether given is one of these; all are compared, so that the time does not tell which."""
    return sum(same(given, one) for one in good) > 0


def hex_hmac(secret: str, signed: bytes, digest: str = "sha256") -> str:
    """The HMAC in small hexadecimal digits."""
    return hmac.digest(secret.encode(), signed, digest).hex()


def base64_sha1(secret: str, signed: bytes) -> str:
    """HMAC-SHA1 in base64, as telephone companies have it."""
    return base64.b64encode(hmac.digest(secret.encode(), signed, hashlib.sha1)).decode()


def require_signature(
    given: str, secret: str, sign: Callable[[str], str], *, header: str, where: str
) -> None:
    """Raise NotTrusted unless given is what sign makes with one of the secrets; header and where are for the
    sentence. Without a secret nothing is asked: the address itself is then all that protects the path."""
    secrets = secrets_in(secret)
    if secrets and not is_one_of(given.strip(), map(sign, secrets)):
        raise NotTrusted(
            "bad_signature",
            f"The {header} header is missing or was not made with this path's secret; "
            f"enter the same secret in {where} and here.",
            status=401,
        )


def require_recent(stamp: str, at: datetime | None, seconds: int, *, header: str) -> None:
    """Raise NotTrusted unless stamp (epoch seconds) is within so many seconds of at."""
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 12) or at is None:
        raise NotTrusted("bad_signature", f"The {header} header holds no time.", status=401)
    if abs(at.timestamp() - int(stamp)) > seconds:
        raise NotTrusted(
            "stale_signature",
            f"The {header} header was made more than {seconds // 60} minutes away from now; "
            "check the clocks, or send it anew.",
            status=401,
        )


def require_token(request: RawRequest, secret: str) -> None:
    """Raise NotTrusted unless the secret stands in ?token=, X-Intake-Token, a bearer token or as the
    password of basic authentication (or as its "user:password"); nothing is asked without a secret."""
    if secrets_in(secret) and not shows_token(request, secret):
        raise NotTrusted(
            "bad_token",
            "The request does not carry this path's token; add ?token=... to the address, or use basic "
            "authentication with the token as its password.",
            status=401,
        )


def shows_token(request: RawRequest, secret: str) -> bool:
    """Whether one of the secrets stands in one of those places."""
    wanted = secrets_in(secret)
    return sum(is_one_of(given, wanted) for given in _tokens(request) if given) > 0


def _tokens(request: RawRequest) -> list[str]:
    scheme, _, rest = request.headers.get("authorization", "").strip().partition(" ")
    found = [value for name, value in request.query if name.lower() == TOKEN_NAME]
    found.append(request.headers.get("x-intake-token", "").strip())
    if scheme.lower() == "bearer":
        found.append(rest.strip())
    elif scheme.lower() == "basic":
        user_and_password = _decoded(rest.strip())
        found += [user_and_password, user_and_password.partition(":")[2]]
    return found[:8]


def _decoded(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
