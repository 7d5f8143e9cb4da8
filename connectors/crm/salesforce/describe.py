"""What an object of this org looks like: its fields as the integration user sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.crm.base import FieldSpec

# Salesforce's field type → ours; every other type reads as text.
_KINDS: Mapping[str, str] = {
    "boolean": "bool",
    "int": "number",
    "long": "number",
    "double": "number",
    "currency": "number",
    "percent": "number",
    "date": "date",
    "datetime": "datetime",
    "picklist": "enumeration",
    "multipicklist": "enumeration",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a describe. length is in UTF-16 units, 0 where it does not apply.

    options are the active values of a picklist with their labels; restricted says that only they are taken.
    """

    name: str
    label: str
    type: str
    length: int = 0
    createable: bool = True
    updateable: bool = True
    filterable: bool = True
    restricted: bool = False
    unique: bool = False
    external_id: bool = False
    options: tuple[tuple[str, str], ...] = ()

    @property
    def kind(self) -> str:
        """string, number, date, datetime, enumeration or bool."""
        return _KINDS.get(self.type, "string")

    def option(self, text: str) -> str | None:
        """The picklist value that a text names by value or label; None when there is none."""
        wanted = text.strip().casefold()
        by_value = next((value for value, _ in self.options if value.casefold() == wanted), None)
        by_label = next((value for value, label in self.options if label.casefold() == wanted), None)
        return by_value if by_value is not None else by_label

    def spec(self) -> FieldSpec:
        """The field in the words of every connector; a picklist that takes any value has no options."""
        values = tuple(value for value, _ in self.options) if self.restricted else ()
        long = self.type == "textarea" and self.length > 255
        return FieldSpec(self.name, self.label, self.kind, values, unique=self.unique, long=long)


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """An object: its fields by exact API name, and how its ids begin."""

    name: str
    prefix: str
    createable: bool
    updateable: bool
    fields: Mapping[str, Field]

    def of_type(self, kind: str) -> tuple[str, ...]:
        """The names of the fields of a Salesforce type that a query may filter by."""
        return tuple(name for name, field in self.fields.items() if field.type == kind and field.filterable)


def read_object(raw: Mapping[str, Any]) -> ObjectInfo:
    """The object in the answer to a describe."""
    fields = [
        _field(field) for field in raw.get("fields") or () if isinstance(field, dict) and field.get("name")
    ]
    return ObjectInfo(
        name=str(raw.get("name") or ""),
        prefix=str(raw.get("keyPrefix") or ""),
        createable=bool(raw.get("createable")),
        updateable=bool(raw.get("updateable")),
        fields={field.name: field for field in fields},
    )


def _field(raw: Mapping[str, Any]) -> Field:
    return Field(
        name=str(raw["name"]),
        label=str(raw.get("label") or raw["name"]),
        type=str(raw.get("type") or "string"),
        length=int(raw.get("length") or 0),
        createable=bool(raw.get("createable")),
        updateable=bool(raw.get("updateable")),
        filterable=bool(raw.get("filterable", True)),
        restricted=bool(raw.get("restrictedPicklist")),
        unique=bool(raw.get("unique")),
        external_id=bool(raw.get("externalId")),
        options=tuple(
            (str(option["value"]), str(option.get("label") or option["value"]))
            for option in raw.get("picklistValues") or ()
            if isinstance(option, dict) and option.get("active") and option.get("value") is not None
        ),
    )
