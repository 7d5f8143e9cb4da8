"""Is the caller let in: token, Version header, scope, and the location that is meant."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

from connectors.sandbox.highlevel.errors import ApiError, wrong_location
from connectors.sandbox.highlevel.state import LocationState

OPEN_PATHS = frozenset({"/oauth/token"})  # carries its secrets in the body
VERSIONS = frozenset({"v3", "2023-02-21", "2021-07-28", "2021-04-15"})
MISSING_SCOPE = "The token is not authorized for this scope."
EXPIRED = "Invalid token: access token is invalid"
_READS_BY_POST = re.compile(r"/(?:contacts|opportunities)/search/?")
_LOCATION = re.compile(r"/locations/([^/]+)(?:/([^/]+))?(?:/.*)?")
_LOCATION_PARTS = {"customFields": "locations/customFields", "tags": "locations/tags"}


def required_scope(method: str, path: str) -> str:
    """The scope that a call needs; "" for a path that is not served."""
    reads = method == "GET" or bool(_READS_BY_POST.fullmatch(path))
    right = "readonly" if reads else "write"
    area = path.split("/", 2)[1]
    if area in ("contacts", "opportunities"):
        return f"{area}.{right}"
    if area in ("users", "workflows"):
        return f"{area}.readonly"
    if found := _LOCATION.fullmatch(path):
        if found[2] == "tasks":
            return "locations/tasks.readonly"
        part = _LOCATION_PARTS.get(found[2] or "")
        return f"{part}.{right}" if part else "locations.readonly"
    return ""


def check_access(
    state: LocationState, method: str, path: str, query: str, headers: tuple[str, str], body: object
) -> None:
    """headers are Authorization and Version. Raises: ApiError (401, 403)."""
    if path in OPEN_PATHS:
        return
    authorization, version = headers
    _check_token(state, authorization)
    if not version:
        raise ApiError(401, "version header was not found.")
    if version not in VERSIONS:
        raise ApiError(401, "version header is invalid")
    scope = required_scope(method, path)
    if scope and scope not in state.options.scopes:
        raise ApiError(401, MISSING_SCOPE)
    if any(one != state.options.location_id for one in _named_locations(path, query, body)):
        raise wrong_location()


def _check_token(state: LocationState, authorization: str) -> None:
    kind, _, token = authorization.partition(" ")
    if kind != "Bearer" or not token:
        raise ApiError(401, "Invalid JWT")
    if token.startswith("pit-"):
        right = hmac.compare_digest(token.encode(), state.options.token.encode())
        if not right or not state.options.token_accepted:
            raise ApiError(401, "Invalid Private Integration token")
    elif not state.oauth.admits(token) or not state.options.token_accepted:
        raise ApiError(401, EXPIRED if token.startswith("at-") else "Invalid JWT")


def _named_locations(path: str, query: str, body: object) -> Iterator[str]:
    if found := _LOCATION.fullmatch(path):
        yield found[1]
    for name, value in parse_qsl(query):
        if name in ("locationId", "location_id"):
            yield value
    if isinstance(body, dict) and isinstance(body.get("locationId"), str):
        yield body["locationId"]
