"""Turns a refusal by HubSpot into a sentence for the desk, without repeating any value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.crm.base import Conflict, Rejected

_PROPERTY_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}")
_ERROR_CODE = re.compile(r"[A-Z][A-Z0-9_]{2,79}")
_REQUIRED_MISSING = re.compile(r"required properties were not set", re.IGNORECASE)
_MISSING_PROPERTY = re.compile(r"[Pp]roperty \"?'?([A-Za-z]\w{0,99})\"?'? does not exist")

_NOT_THERE = "Run provisioning to create the property {field} in HubSpot, or take it out of the mapping."
_OPTION = "Add the missing option to the property {field} in HubSpot, or change the mapping."
_TYPE = "Change the mapping of {field} so that it fits the type of the property in HubSpot."
_REQUIRED = "Map a value to {field}, or stop requiring it in HubSpot."
_READ_ONLY = "Take {field} out of the mapping: HubSpot sets this property itself."
_OWNER = "Invite this person to HubSpot or set another owner in the playbook."
_FALLBACK = "Compare the mapping of {field} with the property's settings in HubSpot."

_REMEDIES: Mapping[str, str] = {
    "PROPERTY_DOESNT_EXIST": _NOT_THERE,
    "INVALID_OPTION": _OPTION,
    "INVALID_EMAIL": "Correct the email address of the inquiry and press retry.",
    "INVALID_LONG": _TYPE,
    "INVALID_DOUBLE": _TYPE,
    "INVALID_NUMBER": _TYPE,
    "INVALID_INTEGER": _TYPE,
    "INVALID_DATE": _TYPE,
    "INVALID_BOOLEAN": _TYPE,
    "READ_ONLY_VALUE": _READ_ONLY,
    "MISSING_REQUIRED_PROPERTY": _REQUIRED,
    "MISSING_CONDITIONAL_REQUIRED_PROPERTY": _REQUIRED,
}


class UnknownProperty(Rejected):
    """The portal has no such property: every record that carries it will be refused alike."""


def rejected(body: Mapping[str, Any]) -> Rejected:
    """The refusal in an error body (a whole answer's, or one entry of a 207's errors).

    Names the property and HubSpot's code where the body gives them; never a value, never HubSpot's own
    message, which quotes values.
    """
    field, code = next(_details(body), ("", ""))
    if field and _REQUIRED_MISSING.search(str(body.get("message") or "")):
        code = code or "MISSING_REQUIRED_PROPERTY"
    code = code or _code(body.get("category")) or "VALIDATION_ERROR"
    kind = UnknownProperty if code == "PROPERTY_DOESNT_EXIST" and field else Rejected
    where = f" because of the property {field}" if field else ""
    remedy = _OWNER if field == "hubspot_owner_id" else _REMEDIES.get(code, _FALLBACK)
    return kind(
        f"HubSpot refused the record{where} ({code}).",
        field_name=field,
        remedy=remedy.format(field=field or "every field"),
    )


def taken(conflict: Conflict) -> Rejected:
    """The refusal for a unique value that belongs to somebody else's record, which is not to be adopted."""
    return Rejected(
        f"HubSpot's record {conflict.existing_id} already holds a value that must be unique.",
        remedy=f"Compare record {conflict.existing_id} with this one in HubSpot, and correct one of the two.",
    )


def _details(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(property, code) pairs, the most telling place first."""
    message = str(body.get("message") or "")
    for detail in _embedded(message):
        yield _name(detail.get("name")), _code(detail.get("error"))
    for detail in _dicts(body.get("errors")):
        for embedded in _embedded(str(detail.get("message") or "")):
            yield _name(embedded.get("name")), _code(embedded.get("error"))
        yield _name(_context_name(detail) or detail.get("in")), _code(detail.get("code"))
    if match := _MISSING_PROPERTY.search(message):
        yield match.group(1), "PROPERTY_DOESNT_EXIST"
    if name := _name(_context_name(body)):
        yield name, _code(body.get("subCategory"))


def _embedded(message: str) -> list[dict[str, Any]]:
    """The JSON list inside "Property values were not valid: [...]"."""
    start = message.find("[{")
    if start < 0:
        return []
    try:
        found, _ = json.JSONDecoder().raw_decode(message[start:])
    except ValueError:
        return []
    return _dicts(found)


def _dicts(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _context_name(detail: Mapping[str, Any]) -> object:
    context = detail.get("context")
    if not isinstance(context, dict):
        return ""
    names = context.get("propertyName") or context.get("properties") or context.get("name") or [""]
    return names[0] if isinstance(names, list) and names else names


def _name(value: object) -> str:
    return value if isinstance(value, str) and _PROPERTY_NAME.fullmatch(value) else ""


def _code(value: object) -> str:
    return value if isinstance(value, str) and _ERROR_CODE.fullmatch(value) else ""
