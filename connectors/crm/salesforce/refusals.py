"""Turns a refusal by Salesforce into a sentence for the desk, without repeating any value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from connectors.crm.base import Conflict, Rejected

_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}")
_ERROR_CODE = re.compile(r"[A-Z][A-Z0-9_]{2,79}")
_NAMED_IN_MESSAGE = (
    re.compile(r"No such column '([A-Za-z]\w{0,99})'"),
    re.compile(r"Required fields are missing: \[([A-Za-z]\w{0,99})"),
    re.compile(r"external ID field does not exist or is not accessible: ([A-Za-z]\w{0,99})"),
)

NOT_THERE = (
    "Run provisioning, or give the integration user access to the field {field} in Salesforce (field-level "
    "security), or take it out of the mapping."
)
_OPTION = "Add the missing value to the picklist {field} in Salesforce, or change the mapping."
_TYPE = "Change the mapping of {field} so that it fits the type of the field in Salesforce."
_REQUIRED = "Map a value to {field}, or stop requiring it in Salesforce."
_OWNER = "Make this person an active user in Salesforce, or set another owner in the playbook."
_ACCESS = "Give the integration user access to this record and field in Salesforce (permission set, sharing)."
_RULE = (
    "A validation rule in Salesforce refused it: map what the rule asks for, or exempt the integration user."
)
_FALLBACK = "Compare the mapping of {field} with the field's settings in Salesforce."

_REMEDIES: Mapping[str, str] = {
    "REQUIRED_FIELD_MISSING": _REQUIRED,
    "STRING_TOO_LONG": "Shorten the value of {field}, or lengthen the field in Salesforce.",
    "INVALID_EMAIL_ADDRESS": "Correct the email address of the inquiry and press retry.",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": _OPTION,
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": _RULE,
    "FIELD_INTEGRITY_EXCEPTION": _TYPE,
    "NUMBER_OUTSIDE_VALID_RANGE": _TYPE,
    "JSON_PARSER_ERROR": _TYPE,
    "INVALID_TYPE_ON_FIELD_IN_RECORD": _TYPE,
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": "An automation in Salesforce (flow or trigger) failed on this "
    "record: ask its administrator, then press retry.",
    "INVALID_FIELD": NOT_THERE,
    "INVALID_TYPE": NOT_THERE,
    "INVALID_FIELD_FOR_INSERT_UPDATE": NOT_THERE,
    "NOT_FOUND": NOT_THERE,
    "INACTIVE_OWNER_OR_USER": _OWNER,
    "INVALID_CROSS_REFERENCE_KEY": _OWNER,
    "ENTITY_IS_LOCKED": "The record is locked in Salesforce, for example by an approval: unlock it, "
    "then press retry.",
}
#: What a code is about when it names no field.
_FIELDS: Mapping[str, str] = {"INACTIVE_OWNER_OR_USER": "OwnerId"}
#: What was remembered about the org (fields, owners, stages) no longer holds.
_STALE = frozenset(
    {
        "INVALID_FIELD",
        "INVALID_TYPE",
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        "INACTIVE_OWNER_OR_USER",
        "INVALID_CROSS_REFERENCE_KEY",
        "REQUIRED_FIELD_MISSING",
    }
)


class Refused(Rejected):
    """A refusal by Salesforce itself; salesforce_code is its error code."""

    def __init__(self, message: str, *, salesforce_code: str, field_name: str = "", remedy: str = "") -> None:
        super().__init__(message, field_name=field_name, remedy=remedy)
        self.salesforce_code = salesforce_code


def refused(detail: Mapping[str, Any]) -> Refused:
    """The refusal in one error of an answer.

    Names the field and Salesforce's code; never a value, never Salesforce's own message, which quotes values.
    """
    code = code_of(detail) or "UNKNOWN_ERROR"
    field = field_of(detail) or _FIELDS.get(code, "")
    where = f" because of the field {field}" if field else ""
    remedy = _OWNER if field == "OwnerId" else _remedy(code)
    return Refused(
        f"Salesforce refused the record{where} ({code}).",
        salesforce_code=code,
        field_name=field,
        remedy=remedy.format(field=field or "every field"),
    )


def is_stale(error: BaseException | None) -> bool:
    """Whether a refusal says that the org is not as it was remembered."""
    return isinstance(error, Refused) and error.salesforce_code in _STALE


def taken(conflict: Conflict) -> Rejected:
    """The refusal for a unique value that belongs to somebody else's record, which is not to be adopted."""
    return Rejected(
        f"Salesforce's record {conflict.existing_id} already holds a value that must be unique.",
        remedy=f"Compare {conflict.existing_id} with this record in Salesforce, and correct one of the two.",
    )


def code_of(detail: Mapping[str, Any]) -> str:
    """Salesforce's code: single records and composite parts call it errorCode, collections statusCode."""
    code = detail.get("errorCode") or detail.get("statusCode")
    return code if isinstance(code, str) and _ERROR_CODE.fullmatch(code) else ""


def field_of(detail: Mapping[str, Any]) -> str:
    """The field an error is about, "" when it names none."""
    fields = detail.get("fields")
    if (
        isinstance(fields, list)
        and fields
        and isinstance(fields[0], str)
        and _FIELD_NAME.fullmatch(fields[0])
    ):
        return fields[0]
    message = str(detail.get("message") or "")
    return next((found[1] for pattern in _NAMED_IN_MESSAGE if (found := pattern.search(message))), "")


def _remedy(code: str) -> str:
    if code.startswith("INSUFFICIENT_ACCESS"):
        return _ACCESS
    return _REMEDIES.get(code, _FALLBACK)
