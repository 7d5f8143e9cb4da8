"""Custom field definitions: how HighLevel spells them, and whether one that exists is the one wanted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.crm.base import FieldSpec
from connectors.crm.highlevel.custom_fields import CustomField, Model, spec_of

# HighLevel has no type for an instant, and a yes/no needs both words to tell "no" from "not asked".
_DATA_TYPES: Mapping[str, str] = {
    "string": "TEXT",
    "number": "NUMERICAL",
    "money": "MONETORY",
    "date": "DATE",
    "datetime": "TEXT",
    "enumeration": "SINGLE_OPTIONS",
    "bool": "RADIO",
}
_YES_NO = ("Yes", "No")
_TAKES_TEXT = frozenset({"string", "enumeration"})


def definition(field: FieldSpec, model: Model) -> dict[str, Any]:
    """The body that creates a field. Raises ValueError for a type HighLevel does not have.

    fieldKey and options are not in HighLevel's published contract; its staff and users confirm them.
    """
    if field.type not in _DATA_TYPES:
        raise ValueError(f'"{field.type}" is not a field type: use one of {", ".join(_DATA_TYPES)}')
    body: dict[str, Any] = {
        "name": field.label or field.name,
        "dataType": "LARGE_TEXT" if field.long else _DATA_TYPES[field.type],
        "model": model,
        "fieldKey": f"{model}.{field.name}",
    }
    if field.type == "bool":
        body["options"] = list(_YES_NO)
    elif field.type == "enumeration":
        body["options"] = list(field.options)
    return body


def plain_definition(field: FieldSpec, model: Model) -> dict[str, Any]:
    """The same by the published contract alone: HighLevel makes the key from the name."""
    body = definition(field, model)
    del body["fieldKey"]
    return body | {"name": field.name}


def difference(wanted: FieldSpec, there: CustomField) -> str:
    """What a person must do about a field that cannot serve, "" when it can."""
    kind = spec_of(there).type
    if kind == wanted.type or (wanted.type in ("string", "datetime") and kind in _TAKES_TEXT):
        return ""
    if wanted.type == "money" and kind == "number":
        return ""
    return (
        f"It holds {kind} in HighLevel ({there.data_type}) and {wanted.type} in the playbook. HighLevel "
        "cannot change the type of a field: give the mapped property another name."
    )


def missing_options(wanted: FieldSpec, there: CustomField) -> tuple[str, ...]:
    """Options the playbook uses that HighLevel lacks."""
    if wanted.type != "enumeration":
        return ()
    known = {option.strip().casefold() for option in there.options}
    return tuple(value for value in wanted.options if value.strip().casefold() not in known)
