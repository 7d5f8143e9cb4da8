"""Is the caller let in: the bearer token, and the scopes each part of the API needs."""

from __future__ import annotations

import hmac
import re

from connectors.sandbox.hubspot.errors import ApiError, missing_scopes
from connectors.sandbox.hubspot.object_types import object_type
from connectors.sandbox.hubspot.state import CrmState

_OPEN_PATHS = ("/oauth/",)  # they carry their credentials in the body
_OBJECTS = re.compile(r"/crm/v3/objects/([^/]+)(/.*)?")
_PROPERTIES = re.compile(r"/crm/v3/properties/([^/]+)(/.*)?")
_LINKS = re.compile(
    r"/crm/v4/(?:objects|associations)/([^/]+)/(?:[^/]+/associations/(?:default/)?)?([^/]+).*"
)
_READS_BY_POST = ("/search", "/batch/read")


def unauthorized(*, expired: bool = False, ago: float = 42.0) -> ApiError:
    """401, for a token that is wrong, missing or (OAuth) past its time, `ago` seconds."""
    if expired:
        message = f"The OAuth token used to make this call expired {ago:.0f} second(s) ago."
        return ApiError(401, "EXPIRED_AUTHENTICATION", message)
    return ApiError(
        401,
        "INVALID_AUTHENTICATION",
        "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find "
        "more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
    )


def _right(method: str, rest: str) -> str:
    return "read" if method == "GET" or rest.endswith(_READS_BY_POST) else "write"


def required_scopes(method: str, path: str) -> list[str]:
    """The scopes a call needs, all of them. Raises: ApiError (400) for an unknown kind of record."""
    if found := _OBJECTS.fullmatch(path):
        return [f"crm.objects.{object_type(found[1]).subject}.{_right(method, found[2] or '')}"]
    if found := _PROPERTIES.fullmatch(path):
        return [f"crm.schemas.{object_type(found[1]).subject}.{_right(method, found[2] or '')}"]
    if found := _LINKS.fullmatch(path):
        right = _right(method, path)
        subjects = {object_type(found[1]).subject, object_type(found[2]).subject}
        return [f"crm.objects.{subject}.{right}" for subject in sorted(subjects)]
    if path.startswith("/communication-preferences/"):
        return ["communication_preferences.read_write"]
    if path.startswith("/crm/v3/owners"):
        return ["crm.objects.owners.read"]
    if path.startswith("/crm/v3/pipelines/"):
        return ["crm.objects.deals.read"] if method == "GET" else ["crm.schemas.deals.write"]
    return []


def check_access(crm: CrmState, method: str, path: str, authorization: str) -> None:
    """Raises: ApiError: 401 without a good token, 403 when a scope is missing."""
    if path.startswith(_OPEN_PATHS):
        return
    options, given = crm.options, authorization.removeprefix("Bearer ")
    left = crm.grants.seconds_left(given, crm.clock())
    if left is not None and left <= 0:
        raise unauthorized(expired=True, ago=-left)
    known = left is not None or hmac.compare_digest(given.encode(), options.token.encode())
    if not options.token_accepted or not known or given == authorization:
        raise unauthorized()
    missing = [scope for scope in required_scopes(method, path) if scope not in options.scopes]
    if missing:
        raise missing_scopes(missing)
