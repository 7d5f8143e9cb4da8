"""What an object (a kind of record) is, and how describe shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.salesforce.fields import Field

MASTER_RECORD_TYPE = "012000000000000AAA"


@dataclass(frozen=True, slots=True)
class RecordTypeSeed:
    """A record type; person marks those that make person accounts."""

    object_name: str
    name: str
    developer_name: str
    person: bool = False
    default: bool = False


@dataclass
class SObject:
    """A kind of record. fields keeps the order of describe; find() minds no case, as the API does.

    setup objects are made in Setup: API callers only read them. restorable: undelete works for it. Change
    fields by add() and remove() only: required, unique, lookups and starting (what a new record holds before
    anybody says anything) follow them.
    """

    name: str
    label: str
    plural: str
    prefix: str
    fields: dict[str, Field]
    custom: bool = False
    mergeable: bool = False
    setup: bool = False
    restorable: bool = True

    def __post_init__(self) -> None:
        self._by_lower = {name.lower(): field for name, field in self.fields.items()}
        every = self.fields.values()
        self.required = tuple(field.name for field in every if field.required)
        self.unique = tuple(field for field in every if field.unique)
        self.lookups = tuple(field for field in every if field.reference_to)
        self.starting = {field.name: field.default for field in every if field.default is not None}

    def find(self, name: str) -> Field | None:
        """The field of this API name."""
        return self.fields.get(name) or self._by_lower.get(name.lower())

    def add(self, field: Field) -> None:
        """Define a field, or replace its definition."""
        self.fields[field.name] = field
        self.__post_init__()

    def remove(self, name: str) -> None:
        """Delete a field's definition."""
        del self.fields[name]
        self.__post_init__()


@dataclass(frozen=True, slots=True)
class ChildRelationship:
    """Who points at an object: the other end of a lookup."""

    child: str
    field: str
    name: str | None
    cascade: bool = False

    def json(self) -> JsonObject:
        """As describe lists it."""
        return {
            "cascadeDelete": self.cascade,
            "childSObject": self.child,
            "deprecatedAndHidden": False,
            "field": self.field,
            "junctionIdListNames": [],
            "junctionReferenceTo": [],
            "relationshipName": self.name,
            "restrictedDelete": False,
        }


_NEVER = dict.fromkeys(
    (
        "activateable",
        "customSetting",
        "deprecatedAndHidden",
        "hasSubtypes",
        "isInterface",
        "isSubtype",
    ),
    False,
)
_ALWAYS = dict.fromkeys(
    ("layoutable", "queryable", "replicateable", "retrieveable", "searchable", "triggerable"), True
)
_UNUSED: JsonObject = {
    **dict.fromkeys(("actionOverrides", "namedLayoutInfos"), ()),
    **dict.fromkeys(
        (
            "defaultImplementation",
            "extendedBy",
            "extendsInterfaces",
            "implementedBy",
            "implementsInterfaces",
            "listviewable",
            "lookupLayoutable",
            "networkScopeFieldName",
        )
    ),
    "compactLayoutable": True,
    "searchLayoutable": True,
    "sobjectDescribeOption": "FULL",
}


def brief(kind: SObject, base: str) -> JsonObject:
    """One line of the global describe; base is "/services/data/v62.0"."""
    here = f"{base}/sobjects/{kind.name}"
    by_caller = ("createable", "deletable", "feedEnabled", "mruEnabled", "updateable")
    return {
        **_NEVER,
        **_ALWAYS,
        **dict.fromkeys(by_caller, not kind.setup),
        "associateEntityType": None,
        "associateParentEntity": None,
        "custom": kind.custom,
        "deepCloneable": kind.name == "Opportunity",
        "keyPrefix": kind.prefix or None,
        "label": kind.label,
        "labelPlural": kind.plural,
        "mergeable": kind.mergeable,
        "name": kind.name,
        "undeletable": kind.restorable and not kind.setup,
        "urls": {"rowTemplate": here + "/{ID}", "describe": f"{here}/describe", "sobject": here},
    }


def full(
    kind: SObject,
    visible: Iterable[Field],
    children: Iterable[ChildRelationship],
    record_types: list[JsonObject],
    base: str,
) -> JsonObject:
    """The whole describe of an object: all 45 keys."""
    plural = kind.plural.lower()
    more: JsonObject = {
        **_UNUSED,
        "childRelationships": [child.json() for child in children],
        "fields": [field.json() for field in visible],
        "recordTypeInfos": [*record_types, _master(kind, base, chosen=not record_types)],
        "supportedScopes": [
            {"label": f"All {plural}", "name": "everything"},
            {"label": f"My {plural}", "name": "mine"},
        ],
    }
    return dict(sorted({**brief(kind, base), **more}.items()))


def record_type_info(kind: SObject, row: Mapping[str, Any], base: str, *, chosen: bool) -> JsonObject:
    """A record type as describe lists it; chosen: it is the default for the caller."""
    return {
        "active": row["IsActive"],
        "available": True,
        "defaultRecordTypeMapping": chosen,
        "developerName": row["DeveloperName"],
        "master": False,
        "name": row["Name"],
        "recordTypeId": row["Id"],
        "urls": {"layout": f"{base}/sobjects/{kind.name}/describe/layouts/{row['Id']}"},
    }


def _master(kind: SObject, base: str, *, chosen: bool) -> JsonObject:
    row = {"IsActive": True, "DeveloperName": "Master", "Name": "Master", "Id": MASTER_RECORD_TYPE}
    return {**record_type_info(kind, row, base, chosen=chosen), "master": True}
