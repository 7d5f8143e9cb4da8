"""Custom fields as the Tooling API defines them: FullName and Metadata become a field of an object."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.salesforce.errors import ApiError, not_found
from connectors.sandbox.salesforce.fields import LONG_TEXT, Field, PicklistValue
from connectors.sandbox.salesforce.state import OrgState

ACTIVITY = "Activity"
_NAME = re.compile(r"(?:[A-Za-z](?:_?[A-Za-z0-9])*__)?[A-Za-z](?:_?[A-Za-z0-9])*__c")
_TYPES = {  # Metadata type → (describe type, length)
    "Text": ("string", 0),
    "TextArea": ("textarea", 255),
    "LongTextArea": ("textarea", 32_768),
    "Html": ("textarea", 32_768),
    "Email": ("email", 80),
    "Phone": ("phone", 40),
    "Url": ("url", 255),
    "Number": ("double", 0),
    "Currency": ("currency", 0),
    "Percent": ("percent", 0),
    "Checkbox": ("boolean", 0),
    "Date": ("date", 0),
    "DateTime": ("datetime", 0),
    "Picklist": ("picklist", 255),
    "MultiselectPicklist": ("multipicklist", 4_099),
    "Lookup": ("reference", 18),
}
_EXTERNAL = frozenset({"Text", "Number", "Email"})
_NEEDS = {"Text": ("length",), "Lookup": ("referenceTo",), "LongTextArea": ("length", "visibleLines")}
_NUMBERS = frozenset({"Number", "Currency", "Percent"})


@dataclass(frozen=True, slots=True)
class Definition:
    """What is asked for: the object (Activity for tasks), the field's name and its metadata."""

    entity: str
    name: str
    metadata: JsonObject

    @property
    def object_name(self) -> str:
        """The object that the field shows up on."""
        return "Task" if self.entity == ACTIVITY else self.entity


def define(org: OrgState, full_name: Any, metadata: Any, *, hidden: bool = True) -> str:
    """The id of a new custom field, which nobody sees before a grant when hidden. Raises: ApiError (400)."""
    asked = _asked(org, full_name, metadata)
    kind = org.schema.objects[asked.object_name]
    if kind.find(asked.name) is not None:
        label = asked.name.removesuffix("__c")
        message = f"There is already a field named {label} on {kind.label}."
        raise ApiError(400, "DUPLICATE_DEVELOPER_NAME", message, ["DeveloperName"])
    field = _field(org, asked)
    if field.reference_to and asked.entity == ACTIVITY:
        raise _unfit("Custom lookups are not available on activities")
    org.schema.add_field(asked.object_name, field, hidden=hidden and field.permissionable)
    record_id = org.ids.next("00N")
    org.definitions[record_id] = {
        "Id": record_id,
        "Entity": asked.entity,
        "Name": field.name,
        "Metadata": dict(asked.metadata),
        "At": org.now,
    }
    return record_id


def redefine(org: OrgState, record_id: str, metadata: Any) -> None:
    """Change a custom field's label, length, choices. Raises: ApiError (400, 404)."""
    known = _known(org, record_id)
    merged = {**known["Metadata"], **(metadata if isinstance(metadata, dict) else {})}
    asked = Definition(known["Entity"], known["Name"], merged)
    field = _field(org, asked)
    if field.type != org.schema.objects[asked.object_name].fields[field.name].type:
        raise _unfit("The type of the field cannot be changed here")
    org.schema.objects[asked.object_name].add(field)
    org.schema.revision += 1
    known["Metadata"] = merged


def drop(org: OrgState, record_id: str) -> None:
    """Delete a custom field; its values are gone. Raises: ApiError (404)."""
    known = _known(org, record_id)
    object_name = "Task" if known["Entity"] == ACTIVITY else known["Entity"]
    org.schema.remove_field(object_name, known["Name"])
    for row in list(org.tables[object_name].rows()):
        if known["Name"] in row:
            org.put(object_name, {name: value for name, value in row.items() if name != known["Name"]})
    del org.definitions[record_id]


def _known(org: OrgState, record_id: str) -> JsonObject:
    if record_id not in org.definitions:
        raise not_found()
    return org.definitions[record_id]


def _asked(org: OrgState, full_name: Any, metadata: Any) -> Definition:
    entity, _, name = str(full_name or "").partition(".")
    if not isinstance(metadata, dict) or not name:
        raise ApiError(400, "REQUIRED_FIELD_MISSING", "Required fields are missing: [FullName, Metadata]", [])
    found = org.schema.find(entity)
    known = entity == ACTIVITY or (found is not None and not found.setup and found.name != "Task")
    if not known:
        message = f"Entity Enumeration Or ID: bad value for restricted picklist field: {entity}"
        raise ApiError(400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, ["TableEnumOrId"])
    if not _NAME.fullmatch(name) or len(name) > 43:
        raise _unfit(
            f"The field name {name} must begin with a letter, use only letters, numbers and single "
            "underscores, and end in __c"
        )
    return Definition(entity if entity == ACTIVITY or found is None else found.name, name, metadata)


def _field(org: OrgState, asked: Definition) -> Field:
    meta = asked.metadata
    kind = meta.get("type")
    if kind not in _TYPES:
        raise _unfit(f"Must specify a valid type: {kind}")
    _check_parts(org, asked)
    field_type, length = _TYPES[kind]
    length = int(meta.get("length") or length)
    required, external = bool(meta.get("required")), bool(meta.get("externalId"))
    plain = Field(
        name=asked.name,
        label=str(meta["label"]),
        type=field_type,
        length=length if field_type not in ("boolean", "date", "datetime") else 0,
        precision=int(meta.get("precision") or 0),
        scale=int(meta.get("scale") or 0),
        nillable=not required and field_type != "boolean",
        defaulted=field_type == "boolean",
        permissionable=not required,
        external_id=external,
        unique=bool(meta.get("unique")),
        id_lookup=external,
        case_sensitive=bool(meta.get("caseSensitive")),
        custom=True,
        filterable=not (field_type == "textarea" and length >= LONG_TEXT),
        description=str(meta.get("description") or ""),
    )
    return replace(plain, **_special(asked, field_type))


def _special(asked: Definition, field_type: str) -> dict[str, Any]:
    """What only lookups, picklists and checkboxes have."""
    meta = asked.metadata
    if field_type == "reference":
        relation = f"{asked.name.removesuffix('__c')}__r"
        return {"reference_to": (str(meta["referenceTo"]),), "relationship": relation}
    if field_type in ("picklist", "multipicklist"):
        restricted = bool((meta.get("valueSet") or {}).get("restricted"))
        return {"choices": _choices(meta), "restricted": restricted}
    if field_type == "boolean":
        return {"default": str(meta.get("defaultValue", "false")).lower() == "true"}
    return {}


def _check_parts(org: OrgState, asked: Definition) -> None:
    meta, kind = asked.metadata, str(asked.metadata["type"])
    needed = ("label", *_NEEDS.get(kind, ()), *(("precision", "scale") if kind in _NUMBERS else ()))
    for name in needed:
        if meta.get(name) in (None, ""):
            raise _unfit(f"Must specify '{name}' for a CustomField of type {kind}")
    if kind == "Text" and not 1 <= int(meta["length"]) <= 255:
        raise _unfit("Length must be between 1 and 255 for a CustomField of type Text")
    marked = bool(meta.get("externalId")) or bool(meta.get("unique"))
    if marked and kind not in _EXTERNAL:
        raise _unfit(f"Cannot specify externalId or unique for a CustomField of type {kind}")
    if marked and asked.entity == ACTIVITY and not org.options.activity_external_ids:
        raise _unfit("External IDs are not available on activities")
    if kind == "Lookup" and org.schema.find(str(meta["referenceTo"])) is None:
        raise _unfit(f"referenceTo value of '{meta['referenceTo']}' does not resolve to a valid sObject type")


def _choices(meta: JsonObject) -> tuple[PicklistValue, ...]:
    values = ((meta.get("valueSet") or {}).get("valueSetDefinition") or {}).get("value") or []
    return tuple(
        PicklistValue(
            str(one.get("valueName") or one.get("fullName") or one.get("label")),
            str(one.get("label") or one.get("valueName") or one.get("fullName")),
            active=one.get("isActive") is not False,
            default=bool(one.get("default")),
        )
        for one in values
    )


def _unfit(message: str) -> ApiError:
    return ApiError(400, "FIELD_INTEGRITY_EXCEPTION", message, [])
