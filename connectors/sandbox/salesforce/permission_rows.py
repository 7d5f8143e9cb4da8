"""Rules of the rows that grant things: one per field and set, and only for fields that can be granted."""

from __future__ import annotations

from connectors.sandbox.salesforce.errors import ApiError
from connectors.sandbox.salesforce.objects import SObject
from connectors.sandbox.salesforce.records import Row
from connectors.sandbox.salesforce.state import OrgState

_ONE_OF = {  # object → fields that together may occur once
    "FieldPermissions": ("ParentId", "Field"),
    "ObjectPermissions": ("ParentId", "SobjectType"),
    "PermissionSetAssignment": ("PermissionSetId", "AssigneeId"),
    "PermissionSet": ("Name",),
}


def check_permission_row(org: OrgState, kind: SObject, row: Row) -> None:
    """Raises: ApiError (400, 403) for a row that Salesforce would not take."""
    if kind.name not in _ONE_OF:
        return
    if not org.options.may_customize:
        message = "insufficient access rights on object id"
        raise ApiError(403, "INSUFFICIENT_ACCESS_OR_READONLY", message, [])
    if kind.name == "FieldPermissions":
        _check_grant(org, row)
    table = org.tables[kind.name]
    first, *others = _ONE_OF[kind.name]
    for holder in table.holders(first, row.get(first)):
        if all(str(table.live[holder].get(o)).lower() == str(row.get(o)).lower() for o in others):
            message = f"duplicate value found: {first} duplicates value on record with id: {holder[:15]}"
            raise ApiError(400, "DUPLICATE_VALUE", message, [])


def _check_grant(org: OrgState, row: Row) -> None:
    object_name, _, name = row["Field"].partition(".")
    holder = org.schema.find("Task" if object_name == "Activity" else object_name)
    field = holder.find(name) if holder else None
    if field is None or holder is None:
        message = f"Field Name: bad value for restricted picklist field: {row['Field']}"
        raise ApiError(400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, ["Field"])
    if not field.permissionable:
        message = (
            f"You can't grant permissions for the field {row['Field']}: it is required or a system field"
        )
        raise ApiError(400, "FIELD_INTEGRITY_EXCEPTION", message, ["Field"])
    if row.get("PermissionsEdit") and not row.get("PermissionsRead"):
        message = "Field permission Edit requires permission Read"
        raise ApiError(400, "FIELD_INTEGRITY_EXCEPTION", message, ["PermissionsEdit"])
