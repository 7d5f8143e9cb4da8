"""The JSON of one record, checked against what the caller may see and set, as values to store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.salesforce.callers import Caller
from connectors.sandbox.salesforce.errors import (
    ApiError,
    in_sobject_data,
    no_such_column,
    not_writable,
    required_missing,
    unreadable,
)
from connectors.sandbox.salesforce.fields import Field
from connectors.sandbox.salesforce.objects import SObject
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.uniqueness import holders
from connectors.sandbox.salesforce.values import stored
from connectors.sandbox.salesforce.views import View

Values = dict[str, Any]


def read_values(
    org: OrgState, caller: Caller, kind: SObject, body: object, *, creating: bool, key: str = ""
) -> Values:
    """Field name → value (None clears). key is the external id field that stands in the address.

    Raises: ApiError (400) for unknown, unwritable or unfitting fields.
    """
    if not isinstance(body, dict):
        raise unreadable("Unexpected JSON: a record must be an object of fields")
    view = org.views.everything(kind) if caller.by_hand else org.views.of(caller.user_id, kind)
    values: Values = {}
    refused: list[str] = []
    for name, raw in body.items():
        if name == "attributes":
            continue
        field = view.find(name)
        if field is None:
            parent, value = _by_parent(org, caller, view, name, raw)
            values[parent.name] = value
            continue
        if field.name == key or (field.name == "Id" and not creating):
            raise in_sobject_data(field.name)
        if not _writable(view, field, creating=creating):
            refused.append(field.name)
            continue
        values[field.name] = stored(field, raw, listed_only=_listed_only(org, kind, field))
    if "Id" in refused:
        message = "cannot specify Id in an insert call"
        raise ApiError(400, "INVALID_FIELD_FOR_INSERT_UPDATE", message, ["Id"])
    if refused:
        raise not_writable(refused)
    return values


def check_required(kind: SObject, row: Mapping[str, Any]) -> None:
    """Refuse a record without what it must have. Raises: ApiError (400)."""
    missing = [name for name in kind.required if row.get(name) is None]
    if missing:
        raise required_missing(missing)


def check_not_cleared(kind: SObject, values: Mapping[str, Any]) -> None:
    """Refuse to clear what must not be empty. Raises: ApiError (400)."""
    emptied = []
    for name, value in values.items():
        field = kind.fields[name]
        if value is None and not field.nillable:
            emptied.append(name)
    if emptied:
        raise required_missing(emptied)


def _writable(view: View, field: Field, *, creating: bool) -> bool:
    return (field.createable if creating else field.updateable) and field.name not in view.read_only


def _listed_only(org: OrgState, kind: SObject, field: Field) -> bool:
    return field.restricted or f"{kind.name}.{field.name}" in org.options.restricted_picklists


def _by_parent(org: OrgState, caller: Caller, view: View, name: str, raw: object) -> tuple[Field, str | None]:
    """A parent named by its external id: "Account": {"Key__c": "7"} sets AccountId."""
    lookup = view.relation(name)
    if lookup is None or lookup.polymorphic or not isinstance(raw, dict | None):
        raise no_such_column(name, view.kind.name)
    if raw is None:
        return lookup, None
    target = org.schema.objects[lookup.reference_to[0]]
    pairs = [(key, value) for key, value in raw.items() if key != "attributes"]
    if len(pairs) != 1:
        raise ApiError(400, "INVALID_FIELD", f"{name}: name the parent by exactly one external id field", [])
    key, value = pairs[0]
    field = org.views.of(caller.user_id, target).find(key)
    if field is None or not (field.external_id or field.id_lookup):
        raise ApiError(
            400, "INVALID_FIELD", f"{key} is not an External ID or indexed field for {target.name}", []
        )
    found = holders(org, target, field, value)
    if len(found) != 1:
        message = f"Foreign key external ID: {value} not found for field {field.name} in entity {target.name}"
        raise ApiError(400, "INVALID_FIELD", message, [])
    return lookup, found[0]
