"""The one place where HubSpot's and urllib3's ways of failing become the connector's family of errors."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from urllib3 import exceptions as network

from connectors.crm.base import AuthFailed, Conflict, CrmError, Unavailable, Uncertain
from connectors.crm.hubspot import pauses
from connectors.crm.hubspot.records import dicts, section
from connectors.crm.hubspot.refusals import rejected

_EXISTING_ID = re.compile(r"Existing ID: (\d+)|(\d+) already has that value")
#: A gateway that waited for HubSpot: asking again at once would wait again.
_WAITED_IN_VAIN = (408, 504, 524)
_SCOPE_LISTS = ("requiredGranularScopes", "requiredScopes")
_SCOPE = re.compile(r"[a-z][a-z0-9_.-]{1,80}")


class NotThere(Uncertain):
    """HubSpot no longer knows a record that it knew: what we remember is stale, so look again."""


class Failed(Uncertain):
    """HubSpot answered that it failed; a request that only reads may be asked again at once."""


class TokenRefused(AuthFailed):
    """The token is unknown or has run out; the request was not carried out."""


class MissingScopes(AuthFailed):
    """The token is good but lacks a permission."""


def from_exception(error: BaseException) -> CrmError:
    """What a failed call means.

    A vendor ApiException carries status, headers and body; anything else is the network's.
    """
    if isinstance(error, CrmError):
        return error
    if isinstance(error, network.HTTPError | OSError):
        return from_network(error)
    status = getattr(error, "status", None)
    if status:
        headers = {str(k).lower(): str(v) for k, v in (getattr(error, "headers", None) or {}).items()}
        return from_answer(int(status), headers, json_object(getattr(error, "body", None)))
    # Status 0 is how the vendor's client reports TLS; a refused certificate ends before anything was sent.
    if status == 0 and "certificate" in str(getattr(error, "reason", "")).lower():
        return Unavailable(
            "HubSpot's certificate could not be verified.",
            remedy="Check the clock, the CA certificates and any proxy of this machine.",
        )
    return Uncertain(f"The call to HubSpot broke off ({type(error).__name__}).")


def from_network(error: BaseException) -> CrmError:
    """Unavailable when the request cannot have left this machine, else Uncertain."""
    # NameResolutionError is a NewConnectionError; ProxyError is raised while connecting to the proxy.
    if isinstance(error, network.NewConnectionError | network.ConnectTimeoutError | network.ProxyError):
        return Unavailable("HubSpot could not be reached.", remedy="Check this machine's network connection.")
    if isinstance(error, network.TimeoutError):
        return Uncertain("HubSpot did not answer in time.")
    return Uncertain("The connection to HubSpot broke off before its answer arrived.")


def from_answer(status: int, headers: Mapping[str, str], body: Mapping[str, Any]) -> CrmError:
    """What an answer outside 2xx means; header names are lower case.

    The body's category decides first, then the status (table in HubSpot's error documentation).
    """
    category = str(body.get("category") or body.get("errorType") or "")
    by_category = _BY_CATEGORY.get(category)
    if by_category is not None and status < 500:
        return by_category(headers, body)
    by_status = _BY_STATUS.get(status)
    if by_status is not None:
        return by_status(headers, body)
    if status >= 500 or status == 408:
        # Also 502 and 503: a load balancer answers them for requests that it had already passed on.
        failure = Uncertain if status in _WAITED_IN_VAIN else Failed
        return failure(f"HubSpot failed with status {status}.")
    if status < 400:
        return Unavailable(
            f"HubSpot's address answered with a redirect ({status}).",
            remedy="Check base_url in the settings.",
        )
    return _refused(headers, body)


def from_item(item: Mapping[str, Any]) -> CrmError:
    """What one entry in the errors of a 207 answer means for its record."""
    return from_answer(_ITEM_STATUS.get(str(item.get("category") or ""), 400), {}, item)


def existing_id(body: Mapping[str, Any]) -> str:
    """The id of the record that already holds the value ("" when the answer names none).

    HubSpot names it only in the message; where it names two, the last is the existing record.
    """
    messages = [str(body.get("message") or "")]
    messages += [str(e.get("message") or "") for e in dicts(body.get("errors"))]
    for message in messages:
        found = _EXISTING_ID.findall(message)
        if found:
            return "".join(found[-1])
    return ""


def _refused(_headers: Mapping[str, str], body: Mapping[str, Any]) -> CrmError:
    holder = existing_id(body)
    if holder:
        return Conflict(
            "Another record in HubSpot already holds a value that must be unique.", existing_id=holder
        )
    return rejected(body)


def _unauthorized(_headers: Mapping[str, str], _body: Mapping[str, Any]) -> CrmError:
    return TokenRefused(
        "HubSpot no longer accepts the access token.",
        remedy="Create a new token in HubSpot (or connect again) and put it into the settings.",
    )


def _forbidden(_headers: Mapping[str, str], body: Mapping[str, Any]) -> CrmError:
    scopes = sorted(_scopes(body))
    if not scopes:
        return MissingScopes(
            "HubSpot forbids this call.", remedy="Check the scopes of the app and the account's subscription."
        )
    return MissingScopes(
        f"The HubSpot token lacks a permission: {', '.join(scopes)}.",
        remedy=f"Add {', '.join(scopes)} to the scopes of the app in HubSpot, then try again.",
    )


def _scopes(body: Mapping[str, Any]) -> set[str]:
    contexts = [section(place.get("context")) for place in (body, *dicts(body.get("errors")))]
    listed = [context.get(key) for context in contexts for key in _SCOPE_LISTS]
    named = [scope for scopes in listed if isinstance(scopes, list) for scope in scopes]
    return {scope for scope in named if isinstance(scope, str) and _SCOPE.fullmatch(scope)}


def _missing(_headers: Mapping[str, str], _body: Mapping[str, Any]) -> CrmError:
    return NotThere("HubSpot no longer has a record that this one belongs to.")


def json_object(text: object) -> Mapping[str, Any]:
    """A body as a mapping; a proxy may answer HTML, or nothing."""
    if not isinstance(text, str | bytes):
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


_Reading = Callable[[Mapping[str, str], Mapping[str, Any]], CrmError]
_BY_CATEGORY: Mapping[str, _Reading] = {
    "RATE_LIMIT": pauses.limited,
    "RATE_LIMITS": pauses.limited,
    "INVALID_AUTHENTICATION": _unauthorized,
    "EXPIRED_AUTHENTICATION": _unauthorized,
    "MISSING_SCOPES": _forbidden,
    "OBJECT_NOT_FOUND": _missing,
    "VALIDATION_ERROR": _refused,
    "CONFLICT": _refused,
    "OBJECT_ALREADY_EXISTS": _refused,
}
_BY_STATUS: Mapping[int, _Reading] = {
    401: _unauthorized,
    403: _forbidden,
    404: _missing,
    423: pauses.locked,
    429: pauses.limited,
    477: pauses.migrating,
}
_ITEM_STATUS: Mapping[str, int] = {"INTERNAL_ERROR": 500, "SERVER_ERROR": 500, "TIMEOUT": 504}
