"""The rows that tooling queries see: fields, objects and value sets, put together from the definitions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.salesforce.callers import Caller
from connectors.sandbox.salesforce.errors import ApiError
from connectors.sandbox.salesforce.fields import Field
from connectors.sandbox.salesforce.objects import SObject
from connectors.sandbox.salesforce.records import Records, Row
from connectors.sandbox.salesforce.soql.syntax import Comparison, Condition, Every, Statement
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.views import View

_VALUE_SETS = {  # MasterLabel → object and field
    "LeadSource": ("Lead", "LeadSource"),
    "LeadStatus": ("Lead", "Status"),
    "OpportunityStage": ("Opportunity", "StageName"),
    "OpportunityType": ("Opportunity", "Type"),
    "TaskStatus": ("Task", "Status"),
    "TaskPriority": ("Task", "Priority"),
    "TaskType": ("Task", "Type"),
    "ContactRole": ("OpportunityContactRole", "Role"),
    "AccountType": ("Account", "Type"),
}
_SINGLE = ("Metadata", "FullName")
_REIFIED = ("entitydefinition.qualifiedapiname", "entitydefinitionid", "durableid")


class ToolingWorld:
    """What a tooling query runs over. Definitions are seen whether or not the caller may see the field."""

    def __init__(self, org: OrgState, caller: Caller) -> None:
        self._org = org
        self.caller = caller

    def kind(self, name: str) -> SObject | None:
        """The object of this name; records can be asked for here too."""
        found = next((k for n, k in self._org.schema.tooling.items() if n.lower() == name.lower()), None)
        return found or self._org.schema.find(name)

    def view(self, kind: SObject) -> View:
        """What the caller sees of it: everything, for definitions."""
        if kind.name not in self._org.schema.tooling:
            return self._org.views.of(self.caller.user_id, kind)
        return self._org.views.everything(kind)

    def rows(self, kind: SObject, *, everything: bool) -> Iterable[Row]:
        """Its rows."""
        makers = {
            "CustomField": custom_fields,
            "FieldDefinition": field_definitions,
            "EntityDefinition": entity_definitions,
            "StandardValueSet": value_sets,
        }
        make = makers.get(kind.name)
        return make(self._org) if make else self._org.tables[kind.name].rows(everything=everything)

    def table(self, kind: SObject) -> Records | None:
        """Definitions have no indexes."""
        return self._org.tables.get(kind.name)

    def target(self, name: str) -> SObject | None:
        """The object that a lookup points at."""
        return self._org.schema.tooling.get(name) or self._org.schema.objects.get(name)

    def parent(self, names: tuple[str, ...], key: str) -> tuple[SObject, Row] | None:
        """The record or definition behind a lookup's value."""
        if "EntityDefinition" in names:
            kind = self._org.schema.tooling["EntityDefinition"]
            row: Row | None = next(
                (one for one in entity_definitions(self._org) if one["DurableId"] == key), None
            )
        else:
            found = self._org.schema.of_id(key)
            if found is None:
                return None
            kind, row = found, self._org.tables[found.name].find(key)
        return (kind, row) if row is not None else None

    def today(self) -> float:
        """Epoch seconds now."""
        return self._org.clock()


def custom_fields(org: OrgState) -> Iterator[JsonObject]:
    """One row per custom field."""
    for known in org.definitions.values():
        yield custom_field_row(org, known)


def custom_field_row(org: OrgState, known: JsonObject) -> JsonObject:
    """A custom field as the Tooling API shows it."""
    bare = known["Name"].removesuffix("__c")
    namespace, _, name = bare.rpartition("__")
    return {
        "Id": known["Id"],
        "DeveloperName": name,
        "NamespacePrefix": namespace or None,
        "TableEnumOrId": known["Entity"],
        "EntityDefinitionId": known["Entity"],
        "FullName": f"{known['Entity']}.{known['Name']}",
        "Metadata": known["Metadata"],
        "CreatedDate": known["At"],
        "LastModifiedDate": known["At"],
        "SystemModstamp": known["At"],
        "CreatedById": org.integration_user,
        "LastModifiedById": org.integration_user,
        "IsDeleted": False,
    }


def field_definitions(org: OrgState) -> Iterator[JsonObject]:
    """One row per field of every object that can be customised."""
    for kind in org.schema.objects.values():
        for field in kind.fields.values():
            yield {
                "Id": f"{kind.name}.{field.name}",
                "DurableId": f"{kind.name}.{field.name}",
                "QualifiedApiName": field.name,
                "DeveloperName": field.name.removesuffix("__c").rpartition("__")[2],
                "NamespacePrefix": field.name.removesuffix("__c").rpartition("__")[0] or None,
                "Label": field.label,
                "DataType": _data_type(field),
                "Length": field.length,
                "IsIndexed": field.unique or field.external_id or field.type in ("id", "reference"),
                "EntityDefinitionId": kind.name,
            }


def _data_type(field: Field) -> str:
    names = {"double": "Number", "currency": "Currency", "percent": "Percent"}
    if field.type in names:
        return f"{names[field.type]}({field.precision - field.scale}, {field.scale})"
    if field.type == "string":
        marks = " (External ID) (Unique Case Insensitive)" if field.external_id and field.unique else ""
        return f"Text({field.length}){marks}"
    named = {"reference": "Lookup", "boolean": "Checkbox", "datetime": "Date/Time", "textarea": "Text Area"}
    return named.get(field.type, field.type.capitalize())


def entity_definitions(org: OrgState) -> Iterator[JsonObject]:
    """One row per object."""
    for kind in org.schema.objects.values():
        yield {
            "Id": kind.name,
            "DurableId": kind.name,
            "QualifiedApiName": kind.name,
            "DeveloperName": kind.name.removesuffix("__c"),
            "Label": kind.label,
            "KeyPrefix": kind.prefix,
            "IsCustomizable": not kind.setup,
        }


def value_sets(org: OrgState) -> Iterator[JsonObject]:
    """One row per standard value set, with its values in Metadata."""
    stages = {stage.name: stage for stage in org.options.stages}
    for label, (object_name, name) in _VALUE_SETS.items():
        values: list[JsonObject] = []
        for choice in org.schema.objects[object_name].fields[name].choices:
            value: JsonObject = {"label": choice.label, "valueName": choice.value, "default": choice.default}
            if label == "OpportunityStage":
                stage = stages[choice.value]
                value.update(closed=stage.closed, won=stage.won, probability=stage.probability)
                value["forecastCategory"] = stage.forecast
            values.append({**value, "isActive": choice.active})
        metadata: Any = {"sorted": False, "standardValue": values}
        row = {"Id": label, "DurableId": label, "MasterLabel": label, "FullName": label, "Metadata": metadata}
        yield row


def check_tooling(statement: Statement, rows: list[Row]) -> None:
    """The rules of tooling queries. Raises: ApiError (400)."""
    chosen = {path.parts[-1] for path in statement.fields if len(path.parts) == 1}
    if chosen & set(_SINGLE) and len(rows) > 1:
        message = (
            "When retrieving results with Metadata or FullName fields, the query qualifications must specify "
            f"no more than one row for retrieval. Result size: {len(rows)}"
        )
        raise ApiError(400, "MALFORMED_QUERY", message)
    if statement.source.lower() == "fielddefinition" and not _filters_entity(statement.where):
        message = "FieldDefinition: a filter on a reified column is required [EntityDefinitionId,DurableId]"
        raise ApiError(400, "MALFORMED_QUERY", message)


def _filters_entity(where: Condition | None) -> bool:
    if isinstance(where, Every):
        return any(_filters_entity(part) for part in where.parts)
    if not isinstance(where, Comparison):
        return False
    return where.operator in ("=", "in") and ".".join(where.path.parts).lower() in _REIFIED
