"""What a property is: its definition, and how one is read from a request."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from connectors.sandbox.hubspot.body_fields import objects, text, truth, whole
from connectors.sandbox.hubspot.errors import JsonObject, invalid
from connectors.sandbox.timestamps import iso

# type → the fieldTypes that fit it (HubSpot's properties guide)
FIELD_TYPES = {
    "string": {"text", "textarea", "html", "phonenumber", "file", "calculation_equation"},
    "number": {"number", "calculation_equation"},
    "date": {"date"},
    "datetime": {"date"},
    "enumeration": {"select", "radio", "checkbox", "booleancheckbox", "calculation_equation"},
    "bool": {"booleancheckbox", "calculation_equation"},
}
BOOL_OPTIONS: tuple[JsonObject, ...] = (
    {"label": "True", "value": "true", "displayOrder": 0, "hidden": False},
    {"label": "False", "value": "false", "displayOrder": 1, "hidden": False},
)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
_REQUIRED = ("name", "label", "type", "fieldType", "groupName")


@dataclass(frozen=True, slots=True)
class Property:
    """One property of one kind of record; values are what an enumeration allows, unless external."""

    name: str
    label: str
    type: str
    field_type: str
    group: str
    description: str = ""
    options: tuple[JsonObject, ...] = ()
    unique: bool = False
    read_only: bool = False
    built_in: bool = False
    external: bool = False
    hidden: bool = False
    form_field: bool = False
    display_order: int = -1
    created_at: float = 0.0
    updated_at: float = 0.0
    archived_at: float | None = None
    values: frozenset[str] = field(default=frozenset())

    def json(self) -> JsonObject:
        """The definition as the properties API answers it."""
        body: JsonObject = {
            "name": self.name,
            "label": self.label,
            "type": self.type,
            "fieldType": self.field_type,
            "groupName": self.group,
            "description": self.description,
            "options": list(self.options),
            "displayOrder": self.display_order,
            "hasUniqueValue": self.unique,
            "hidden": self.hidden,
            "formField": self.form_field,
            "hubspotDefined": self.built_in,
            "calculated": False,
            "externalOptions": self.external,
            "archived": self.archived_at is not None,
            "createdAt": iso(self.created_at),
            "updatedAt": iso(self.updated_at),
            "modificationMetadata": {
                "archivable": not self.built_in,
                "readOnlyDefinition": self.built_in,
                "readOnlyValue": self.read_only,
            },
        }
        if self.archived_at is not None:
            body["archivedAt"] = iso(self.archived_at)
        return body


def _option(raw: JsonObject, order: int) -> JsonObject:
    if not {"label", "value", "hidden"} <= raw.keys():
        raise invalid("Each option needs label, value and hidden.")
    return {
        "label": text(raw, "label"),
        "value": text(raw, "value"),
        "description": text(raw, "description"),
        "displayOrder": whole(raw, "displayOrder", order),
        "hidden": truth(raw, "hidden"),
    }


def _options(body: JsonObject) -> tuple[JsonObject, ...]:
    options = tuple(_option(raw, order) for order, raw in enumerate(objects(body, "options")))
    if len({option["value"] for option in options}) != len(options):
        raise invalid("Property options must have unique values.")
    return options


def allowed_values(options: Sequence[JsonObject]) -> frozenset[str]:
    return frozenset(str(o["value"]) for o in options)


def parse_property(body: JsonObject, now: float) -> Property:
    """Read a definition from a create request. Raises: ApiError (400)."""
    missing = [key for key in _REQUIRED if not text(body, key)]
    if missing:
        raise invalid(f"Some required fields were not set: {', '.join(missing)}")
    name, kind = body["name"], body["type"]
    if not _NAME.fullmatch(name):
        raise invalid(
            "Property names must be at most 100 lower-case letters, digits and underscores, "
            "starting with a letter."
        )
    _check_field_type(kind, body["fieldType"])
    options = BOOL_OPTIONS if kind == "bool" else _options(body)
    return Property(
        name=name,
        label=body["label"],
        type=kind,
        field_type=body["fieldType"],
        group=body["groupName"],
        description=text(body, "description"),
        options=options,
        unique=truth(body, "hasUniqueValue"),
        hidden=truth(body, "hidden"),
        form_field=truth(body, "formField"),
        display_order=whole(body, "displayOrder", -1),
        external=truth(body, "externalOptions"),
        created_at=now,
        updated_at=now,
        values=allowed_values(options),
    )


def changed_property(present: Property, body: JsonObject, now: float) -> Property:
    """Apply a PATCH; options, when given, replace the whole list. Raises: ApiError (400)."""
    if truth(body, "hasUniqueValue", present.unique) is not present.unique:
        raise invalid("hasUniqueValue can only be set when a property is created.")
    options = present.options if body.get("options") is None else _options(body)
    changed = replace(
        present,
        label=text(body, "label", present.label),
        description=text(body, "description", present.description),
        type=text(body, "type", present.type),
        field_type=text(body, "fieldType", present.field_type),
        group=text(body, "groupName", present.group),
        hidden=truth(body, "hidden", present.hidden),
        form_field=truth(body, "formField", present.form_field),
        display_order=whole(body, "displayOrder", present.display_order),
        options=options,
        values=allowed_values(options),
        updated_at=now,
    )
    _check_field_type(changed.type, changed.field_type)
    return changed


def _check_field_type(kind: str, field_type: str) -> None:
    if field_type not in FIELD_TYPES.get(kind, ()):
        raise invalid(f"fieldType {field_type} is not valid for type {kind}")
