"""Custom fields: how the Tooling API spells them, and whether one that exists is the one that is wanted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from connectors.crm.base import FieldSpec
from connectors.crm.salesforce.describe import Field
from connectors.crm.salesforce.modes import KEY

_OWN_NAME = re.compile(r"(?!\w*__\w+__c$)([A-Za-z](?:_?[A-Za-z0-9])*)__c")
_NAMESPACED = re.compile(r"[A-Za-z]\w*?__\w+__c")
_LONG_TEXT = 32_768
# Salesforce keeps text of this kind in any of these types.
_TAKES: Mapping[str, frozenset[str]] = {
    "string": frozenset({"string", "enumeration"}),
    "datetime": frozenset({"datetime", "date"}),
}


def is_ours_to_make(name: str) -> bool:
    """Whether it is a custom field of the org's own, such as Loan_Amount__c."""
    return bool(_OWN_NAME.fullmatch(name))


def belongs_to_a_package(name: str) -> bool:
    """Whether the name carries the namespace of an installed package."""
    return bool(_NAMESPACED.fullmatch(name))


def definition(target: str, field: FieldSpec) -> dict[str, Any]:
    """The body that creates a custom field on an object. Raises ValueError for a type we do not make."""
    if field.type not in _METADATA:
        raise ValueError(f'"{field.type}" is not a field type: use one of {", ".join(_METADATA)}')
    metadata: dict[str, Any] = {
        "label": field.label[:40],
        "description": field.description or "Written by Firstpath.",
        "inlineHelpText": field.description,
        "required": False,
        **_METADATA[field.type],
    }
    if field.type == "string":
        metadata |= _text(field)
    elif field.type == "enumeration":
        metadata["valueSet"] = _value_set(field.options)
    return {"FullName": f"{target}.{field.name}", "Metadata": {k: v for k, v in metadata.items() if v != ""}}


def difference(wanted: FieldSpec, there: Field) -> str:
    """What a person must do about a field that cannot serve, "" when it can."""
    if wanted.type != there.kind and there.kind not in _TAKES.get(wanted.type, frozenset()):
        return (
            f"It holds {there.kind} in Salesforce and {wanted.type} in the playbook: give the mapped field "
            "another name, or change its type in Salesforce."
        )
    if wanted.unique and not (there.unique and there.external_id):
        return "It is not a unique external id: tick both in the field's settings in Salesforce."
    if not (there.createable and there.updateable):
        return "The integration user may not edit it: set its field-level security in Salesforce."
    return ""


def missing_options(wanted: FieldSpec, there: Field) -> tuple[str, ...]:
    """Options the playbook writes that a restricted picklist would refuse."""
    if there.kind != "enumeration" or not there.restricted:
        return ()
    return tuple(value for value in wanted.options if there.option(value) is None)


def _text(field: FieldSpec) -> dict[str, Any]:
    if field.unique:
        length = 64 if field.name == KEY else 255
        return {"length": length, "unique": True, "externalId": True, "caseSensitive": True}
    if field.long:
        return {"type": "LongTextArea", "length": _LONG_TEXT, "visibleLines": 5}
    return {"length": 255}


def _value_set(options: tuple[str, ...]) -> dict[str, Any]:
    # Not restricted: a value that a later playbook adds must not be refused.
    values = [{"fullName": value, "label": _label(value), "default": False} for value in options]
    return {"restricted": False, "valueSetDefinition": {"sorted": False, "value": values}}


def _label(value: str) -> str:
    """What a person reads for an option value: pre_approval is "Pre approval"."""
    words = value.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


_METADATA: Mapping[str, Mapping[str, Any]] = {
    "string": {"type": "Text"},
    "number": {"type": "Number", "precision": 18, "scale": 2},
    "date": {"type": "Date"},
    "datetime": {"type": "DateTime"},
    "enumeration": {"type": "Picklist"},
    "bool": {"type": "Checkbox", "defaultValue": "false"},
}
