"""The values of custom fields in what is sent: found by id or key, put into their types."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.custom_fields import CustomField, CustomFields
from connectors.sandbox.highlevel.errors import invalid

_VALUE_KEYS = ("field_value", "fieldValue", "value")
_KEYS = frozenset({"id", "key", *_VALUE_KEYS})
_NUMBERS = frozenset({"NUMERICAL", "MONETORY"})
_LISTS = frozenset({"CHECKBOX", "MULTIPLE_OPTIONS"})


def read_values(fields: CustomFields, model: str, entries: Sequence[JsonObject]) -> dict[str, Any]:
    """Field id → value (None clears) of a `customFields` array.

    A field that does not exist is left out without a word, and an option that does not exist is taken:
    HighLevel checks neither reliably. Raises: ApiError (422).
    """
    wrong = [problem for n, entry in enumerate(entries) for problem in _problems(n, entry)]
    if wrong:
        raise invalid(*wrong)
    found: dict[str, Any] = {}
    for entry in entries:
        field = fields.find(model, entry.get("id") or "", entry.get("key") or "")
        if field is not None:
            raw = next((entry[key] for key in _VALUE_KEYS if key in entry), None)
            found[field.id] = _typed(field, raw)
    return found


def _problems(number: int, entry: JsonObject) -> list[str]:
    wrong = [f"customFields.{number}.property {key} should not exist" for key in entry if key not in _KEYS]
    for key in ("id", "key"):
        if not isinstance(entry.get(key) or "", str):
            wrong.append(f"customFields.{number}.{key} must be a string")
    if not entry.get("id") and not entry.get("key"):
        wrong.append(f"customFields.{number}.id should not be empty")
    return wrong


def _typed(field: CustomField, raw: Any) -> Any:
    if raw in (None, "", []):
        return None
    if field.data_type in _LISTS and not isinstance(raw, list):
        return [raw]
    if field.data_type in _NUMBERS and isinstance(raw, str):
        with contextlib.suppress(ValueError):
            number = float(raw)
            return int(number) if number.is_integer() else number
    return raw


def merge_values(held: dict[str, Any], new: dict[str, Any]) -> None:
    """Put new values over held ones; fields that were not sent stay."""
    held.update(new)
    for field_id in [one for one, value in new.items() if value is None]:
        del held[field_id]


def typed_for_search(values: dict[str, Any]) -> list[JsonObject]:
    """Values as opportunity search writes them: the key tells the type (reported, in no contract)."""
    return [{"id": one, "type": _kind(value)[1], _kind(value)[0]: value} for one, value in values.items()]


def _kind(value: Any) -> tuple[str, str]:
    if isinstance(value, list):
        return "fieldValueArray", "array"
    if isinstance(value, dict):
        return "fieldValueFiles", "files"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "fieldValueNumber", "number"
    return "fieldValueString", "string"
