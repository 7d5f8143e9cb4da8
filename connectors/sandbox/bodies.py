"""The request's body as the gate reads it once, for the application and for the journal."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

BODY_KEY = "sandbox.body"  # where the gate leaves the parsed body in the WSGI environment
UNREADABLE = object()
FORM = "application/x-www-form-urlencoded"
_SECRETS = frozenset(
    {
        *("tokenKey", "access_token", "accessToken", "refresh_token", "refreshToken"),
        *("client_secret", "clientSecret", "assertion", "code", "password", "token"),
    }
)


def parsed(body: bytes, content_type: str) -> object:
    """The JSON of a body, the fields of a form (the last of each name), None for none, or UNREADABLE."""
    if not body:
        return None
    if content_type.partition(";")[0].strip().lower() == FORM:
        return dict(parse_qsl(body.decode("utf-8", errors="replace"), keep_blank_values=True))
    try:
        return json.loads(body)
    except ValueError:
        return UNREADABLE


def recordable(value: object) -> object:
    """The body without credentials."""
    if value is UNREADABLE:
        return "(not JSON)"
    if isinstance(value, dict) and not _SECRETS.isdisjoint(value):
        return {name: "***" if name in _SECRETS else content for name, content in value.items()}
    return value
