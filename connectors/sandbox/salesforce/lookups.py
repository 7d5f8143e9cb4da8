"""Records that point at records: does the target exist, may it be meant, may this user own that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.salesforce.errors import ApiError, converted_lead, row_locked
from connectors.sandbox.salesforce.fields import Field
from connectors.sandbox.salesforce.objects import SObject
from connectors.sandbox.salesforce.records import Row
from connectors.sandbox.salesforce.state import OrgState

_LOCKING = {  # a write of a child takes a lock on these parents
    "Task": ("WhoId", "WhatId"),
    "OpportunityContactRole": ("OpportunityId", "ContactId"),
    "Contact": ("AccountId",),
    "Opportunity": ("AccountId",),
}


def check_lookups(org: OrgState, kind: SObject, changes: Mapping[str, Any], row: Row) -> None:
    """Refuse lookups among `changes` that lead nowhere. row is the record as it would be.

    Raises: ApiError (400).
    """
    for field in kind.lookups:
        value = changes.get(field.name)
        if value is not None:
            _check_target(org, field, value)
            if field.name == "OwnerId":
                _check_owner(org, kind, value)
    if kind.name == "Task":
        _check_task(org, row)


def _check_target(org: OrgState, field: Field, record_id: str) -> None:
    kind = org.schema.of_id(record_id)
    if kind is None or kind.name not in field.reference_to:
        message = f"{field.label}: id value of incorrect type: {record_id}"
        raise ApiError(400, "MALFORMED_ID", message, [field.name])
    table = org.tables[kind.name]
    if record_id in table.live:
        return
    if record_id in table.bin:
        raise ApiError(400, "ENTITY_IS_DELETED", "entity is deleted", [field.name])
    raise ApiError(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", [field.name])


def _check_owner(org: OrgState, kind: SObject, owner_id: str) -> None:
    user = org.tables["User"].find(owner_id)
    if user is not None:
        if not user.get("IsActive"):
            message = f"operation performed with inactive user [{owner_id}] as owner of {kind.label.lower()}"
            raise ApiError(400, "INACTIVE_OWNER_OR_USER", message, [])
        return
    queues = org.tables["QueueSobject"]
    allowed = {queues.live[one]["SobjectType"] for one in queues.holders("QueueId", owner_id)}
    if kind.name not in allowed:
        message = "Queue not associated with this SObject type"
        raise ApiError(400, "INVALID_CROSS_REFERENCE_KEY", message, ["OwnerId"])


def _check_task(org: OrgState, row: Row) -> None:
    who = row.get("WhoId", "")
    if not who.startswith("00Q"):
        return
    lead = org.tables["Lead"].find(who)
    if lead is not None and lead.get("IsConverted"):
        raise converted_lead()
    if row.get("WhatId"):
        message = "Related To ID: a task about a lead cannot be related to another record"
        raise ApiError(400, "FIELD_INTEGRITY_EXCEPTION", message, ["WhatId"])


def check_locks(org: OrgState, kind: SObject, row: Row) -> None:
    """Refuse a write to a record that is locked, or to a child of one. Raises: ApiError (400)."""
    if not org.locked:
        return
    parents = [row.get(name) for name in _LOCKING.get(kind.name, ())]
    for record_id in (row.get("Id"), *parents):
        if record_id is None or record_id not in org.locked:
            continue
        left = org.locked[record_id]
        if left is not None:
            if left <= 1:
                del org.locked[record_id]
            else:
                org.locked[record_id] = left - 1
        raise row_locked(record_id)
