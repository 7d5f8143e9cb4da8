"""The proof of senders that sign nothing: the path's secret, shown where each of them can put it."""

from __future__ import annotations

import base64
import binascii
import hmac
import re

from connectors.intake.base import NotTrusted, RawRequest

_APART = re.compile(r"[\s,]+")
_HEADERS = ("x-intake-token", "x-webhook-secret", "x-webhook-token", "x-api-key")
_QUERY = ("token", "secret", "key")


def check_token(request: RawRequest, secret: str) -> None:
    """Raise NotTrusted unless the secret was shown; "" asks for none, since the address is secret already.

    As ?token=, in X-Intake-Token, as a bearer token, or as the password (or the user) of basic
    authentication. Several secrets, apart by blanks or commas, are all good.
    """
    if secret and not shows_token(request, secret):
        raise NotTrusted(
            "bad_token",
            "The path's secret was not shown or is another; send it as ?token= or in X-Intake-Token.",
            status=401,
        )


def shows_token(request: RawRequest, secret: str) -> bool:
    """Whether one of the secrets stands in one of those places."""
    given = [value.encode(errors="replace") for value in _shown(request) if value]
    wanted = [one.encode() for one in _APART.split(secret) if one]
    # Every pair is compared, so that timing tells nothing.
    matches = [hmac.compare_digest(one, other) for one in given for other in wanted]
    return any(matches)


def _shown(request: RawRequest) -> list[str]:
    shown = [value for name, value in request.query if name.lower() in _QUERY]
    shown += [request.headers.get(name, "").strip() for name in _HEADERS]
    scheme, _, rest = request.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() in ("bearer", "token"):
        shown.append(rest.strip())
    elif scheme.lower() == "basic":
        shown += _basic(rest.strip())
    elif scheme and not rest:
        shown.append(scheme)
    return shown


def _basic(text: str) -> list[str]:
    try:
        user, _, password = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return []
    return [password, user]
