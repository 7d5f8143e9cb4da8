"""Property definitions: how HubSpot spells them, and whether one that exists is the one that is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.crm.base import FieldSpec

GROUP = "firstpath"
GROUP_LABEL = "Firstpath"

_FIELD_TYPES: Mapping[str, str] = {
    "string": "text",
    "number": "number",
    "date": "date",
    "datetime": "date",
    "enumeration": "select",
    "bool": "booleancheckbox",
}
_YES_NO = (("Yes", "true"), ("No", "false"))


def spec_of(raw: Mapping[str, Any]) -> FieldSpec:
    """A property as it exists there."""
    # HubSpot spells its yes/no properties in two ways.
    boolean = raw.get("fieldType") == "booleancheckbox"
    return FieldSpec(
        name=str(raw["name"]),
        label=str(raw.get("label") or raw["name"]),
        type="bool" if boolean else str(raw.get("type") or "string"),
        options=() if boolean else tuple(str(option["value"]) for option in raw.get("options") or ()),
        unique=bool(raw.get("hasUniqueValue")),
        description=str(raw.get("description") or ""),
    )


def definition(field: FieldSpec) -> dict[str, Any]:
    """The body that creates a property in our group. Raises ValueError for a type HubSpot does not have."""
    if field.type not in _FIELD_TYPES:
        raise ValueError(f'"{field.type}" is not a property type: use one of {", ".join(_FIELD_TYPES)}')
    body: dict[str, Any] = {
        "name": field.name,
        "label": field.label,
        "type": field.type,
        "fieldType": "textarea" if field.long else _FIELD_TYPES[field.type],
        "groupName": GROUP,
        "description": field.description,
        "hasUniqueValue": field.unique,
    }
    if field.type == "bool":
        body["options"] = [_option(label, value, order) for order, (label, value) in enumerate(_YES_NO)]
    elif field.type == "enumeration":
        body["options"] = [_option(_label(value), value, order) for order, value in enumerate(field.options)]
    return body


def difference(wanted: FieldSpec, there: FieldSpec) -> str:
    """What a person must do about a property that cannot serve, "" when it can."""
    if wanted.type != there.type and not (wanted.type == "string" and there.type in _TAKES_TEXT):
        return (
            f"It holds {there.type} in HubSpot and {wanted.type} in the playbook. HubSpot cannot change "
            "the type of a property in use: give the mapped property another name."
        )
    if wanted.unique and not there.unique:
        return (
            "It was created without the rule that values are unique, which HubSpot sets only at creation: "
            "delete the property in HubSpot and run provisioning again."
        )
    return ""


def missing_options(wanted: FieldSpec, there: FieldSpec) -> tuple[str, ...]:
    """Options the playbook uses that HubSpot lacks."""
    return (
        tuple(value for value in wanted.options if value not in there.options)
        if there.type == "enumeration"
        else ()
    )


def extended_options(raw: Mapping[str, Any], values: Sequence[str]) -> list[dict[str, Any]]:
    """Their options as they are, then ours: a PATCH replaces the whole list."""
    kept = [
        {
            name: option[name]
            for name in ("label", "value", "hidden", "displayOrder", "description")
            if name in option
        }
        | {"hidden": bool(option.get("hidden"))}
        for option in raw.get("options") or ()
    ]
    return kept + [_option(_label(value), value, len(kept) + order) for order, value in enumerate(values)]


_TAKES_TEXT = frozenset({"phone_number", "enumeration"})


def _option(label: str, value: str, order: int) -> dict[str, Any]:
    return {"label": label, "value": value, "displayOrder": order, "hidden": False}


def _label(value: str) -> str:
    """What a person reads for an option value: pre_approval is "Pre approval"."""
    words = value.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
