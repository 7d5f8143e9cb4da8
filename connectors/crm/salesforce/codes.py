"""What Salesforce's error codes mean for a delivery, as far as they say more than "refused"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from connectors.crm.base import AuthFailed, Conflict, CrmError, RateLimited, Unavailable, Uncertain
from connectors.crm.salesforce.duplicates import duplicates
from connectors.crm.salesforce.failures import Failed, Forbidden, Gone, Halted, SessionExpired
from connectors.crm.salesforce.refusals import code_of, field_of

_EXISTING_ID = re.compile(r"with id: ([A-Za-z0-9]{18}|[A-Za-z0-9]{15})\b")
# The day is a rolling one: calls come back hour by hour.
_HOUR = 3_600.0
MOMENT = 15.0  # seconds: what is in the way ends soon


def meaning(status: int, detail: Mapping[str, Any]) -> CrmError | None:
    """What an error means, None when it is a plain refusal; status is the HTTP status it came with."""
    code = code_of(detail)
    # A flow or trigger that could not lock a record reports the lock inside its own message.
    if "UNABLE_TO_LOCK_ROW" in str(detail.get("message") or ""):
        code = "UNABLE_TO_LOCK_ROW"
    if code == "INVALID_CROSS_REFERENCE_KEY" and field_of(detail) == "OwnerId":
        return None
    reading = _BY_CODE.get(code)
    if reading is not None:
        return reading(status, detail)
    if status == 403 and code.startswith("INSUFFICIENT_ACCESS"):
        return forbidden()
    return None


def expired(_status: int = 401, _detail: Mapping[str, Any] | None = None) -> CrmError:
    """The token ran out."""
    return SessionExpired(
        "Salesforce no longer accepts the access token.",
        remedy="Check the app's client id, secret or certificate, and that its run-as user is active.",
    )


def forbidden() -> CrmError:
    """We may not do this at all."""
    return Forbidden(
        "Salesforce forbids this call.",
        remedy="Give the integration user API access and the Firstpath permission set, then check again.",
    )


def _api_off(_status: int, _detail: Mapping[str, Any]) -> CrmError:
    return AuthFailed(
        "Salesforce has switched its API off for this org or user.",
        remedy="Ask the Salesforce administrator for API access (edition and user permission).",
    )


def _limited(_status: int, detail: Mapping[str, Any]) -> CrmError:
    if "concurrent" in str(detail.get("message") or "").lower():
        return RateLimited("Salesforce runs too many long calls at the same time.", retry_after=MOMENT)
    return RateLimited(
        "Salesforce's daily limit of API calls is used up.",
        retry_after=_HOUR,
        remedy="Wait until calls come back (the limit counts the last 24 hours), or buy more API calls.",
    )


def _full(_status: int, _detail: Mapping[str, Any]) -> CrmError:
    return RateLimited(
        "Salesforce's storage is full.",
        retry_after=_HOUR,
        remedy="Free data storage in Salesforce, or buy more.",
    )


def _locked(_status: int, _detail: Mapping[str, Any]) -> CrmError:
    return Unavailable("Somebody else was changing the same record in Salesforce.")


def _failed(_status: int, detail: Mapping[str, Any]) -> CrmError:
    return Failed(f"Salesforce failed ({code_of(detail)}).")


def _slow(_status: int, detail: Mapping[str, Any]) -> CrmError:
    return Uncertain(f"Salesforce took too long ({code_of(detail)}).")


def _halted(_status: int, _detail: Mapping[str, Any]) -> CrmError:
    return Halted("Salesforce did not carry this out because something beside it failed.")


def gone(_status: int = 404, _detail: Mapping[str, Any] | None = None) -> CrmError:
    """A record is no longer there."""
    return Gone("Salesforce no longer has a record that this one belongs to.")


def _taken(_status: int, detail: Mapping[str, Any]) -> CrmError | None:
    holder = _EXISTING_ID.search(str(detail.get("message") or ""))
    if holder is None:
        return None
    return Conflict(
        "Another record in Salesforce already holds a value that must be unique.", existing_id=holder[1]
    )


_Reading = Callable[[int, Mapping[str, Any]], CrmError | None]
_BY_CODE: Mapping[str, _Reading] = {
    "INVALID_SESSION_ID": expired,
    "API_DISABLED_FOR_ORG": _api_off,
    "API_CURRENTLY_DISABLED": _api_off,
    "REQUEST_LIMIT_EXCEEDED": _limited,
    "STORAGE_LIMIT_EXCEEDED": _full,
    "UNABLE_TO_LOCK_ROW": _locked,
    "SERVER_UNAVAILABLE": _failed,
    "UNKNOWN_EXCEPTION": _failed,
    "QUERY_TIMEOUT": _slow,
    "REQUEST_RUNNING_TOO_LONG": _slow,
    "PROCESSING_HALTED": _halted,
    "ALL_OR_NONE_OPERATION_ROLLED_BACK": _halted,
    "ENTITY_IS_DELETED": gone,
    "INVALID_CROSS_REFERENCE_KEY": gone,
    "CANNOT_UPDATE_CONVERTED_LEAD": gone,
    "DUPLICATE_VALUE": _taken,
    "DUPLICATE_EXTERNAL_ID": _taken,
    "DUPLICATES_DETECTED": lambda _status, detail: duplicates(detail),
}
