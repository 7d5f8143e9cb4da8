"""Creating, changing and deleting one record, with every rule that the org has for it."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.salesforce import person_accounts
from connectors.sandbox.salesforce.assignment import assigned_owner
from connectors.sandbox.salesforce.body_values import (
    Values,
    check_not_cleared,
    check_required,
    read_values,
)
from connectors.sandbox.salesforce.callers import Caller
from connectors.sandbox.salesforce.contact_roles import after_opportunity, after_role
from connectors.sandbox.salesforce.derived import defaults, derive
from connectors.sandbox.salesforce.duplicates import check_duplicates
from connectors.sandbox.salesforce.errors import (
    ApiError,
    converted_lead,
    entity_is_deleted,
    not_found,
)
from connectors.sandbox.salesforce.lookups import check_locks, check_lookups
from connectors.sandbox.salesforce.objects import SObject
from connectors.sandbox.salesforce.permission_rows import check_permission_row
from connectors.sandbox.salesforce.records import Row
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.trash import discard_with_children
from connectors.sandbox.salesforce.uniqueness import check_unique


def create(
    org: OrgState, caller: Caller, kind: SObject, body: object, *, key: tuple[str, Any] | None = None
) -> str:
    """The id of a new record. key is the external id field and value of an upsert.

    Raises: ApiError; nothing has changed then.
    """
    _check_kind(kind, caller)
    values = read_values(org, caller, kind, body, creating=True, key=key[0] if key else "")
    if key:
        values[key[0]] = key[1]
    row: Values = {**defaults(kind, caller.user_id), **{k: v for k, v in values.items() if v is not None}}
    person_accounts.before_create(org, kind, values, row)
    check_required(kind, row)
    row["Id"] = org.ids.next(kind.prefix)
    if owner := assigned_owner(org, caller, kind):
        row["OwnerId"] = owner
    stamped = dict.fromkeys(("CreatedDate", "LastModifiedDate", "SystemModstamp"), org.now)
    people = dict.fromkeys(("CreatedById", "LastModifiedById"), caller.user_id)
    row.update(stamped, IsDeleted=False, **people)
    check_locks(org, kind, row)
    check_lookups(org, kind, row, row)
    check_permission_row(org, kind, row)
    check_unique(org, kind, row, row["Id"])
    derive(org, kind, row, None)
    check_duplicates(org, caller, kind, row, None)
    with org.transaction():
        _store(org, caller, kind, row, None)
    return str(row["Id"])


def update(
    org: OrgState, caller: Caller, kind: SObject, record_id: str, body: object, *, key: str = ""
) -> None:
    """Change a record. Equal values count as a change of its stamps, as they do for Salesforce.

    Raises: ApiError; nothing has changed then.
    """
    _check_kind(kind, caller)
    before = live_row(org, kind, record_id)
    values = read_values(org, caller, kind, body, creating=False, key=key)
    if before.get("IsConverted") and not caller.by_hand:
        raise converted_lead()
    check_not_cleared(kind, values)
    if owner := assigned_owner(org, caller, kind):
        values["OwnerId"] = owner
    merged = {**before, **values}
    person_accounts.before_update(org, kind, values, merged)
    row: Values = {name: value for name, value in merged.items() if value is not None}
    now = org.now
    row.update(LastModifiedDate=now, SystemModstamp=now, LastModifiedById=caller.user_id)
    check_locks(org, kind, row)
    check_lookups(org, kind, values, row)
    check_unique(org, kind, values, record_id)
    derive(org, kind, row, before)
    check_duplicates(org, caller, kind, row, before)
    with org.transaction():
        _store(org, caller, kind, row, before)


def delete(org: OrgState, caller: Caller, kind: SObject, record_id: str) -> None:
    """Move a record and what hangs on it to the recycle bin. Raises: ApiError."""
    _check_kind(kind, caller)
    row = live_row(org, kind, record_id)
    check_locks(org, kind, row)
    person_accounts.before_delete(kind, row)
    with org.transaction():
        discard_with_children(org, caller.user_id, kind, row)


def live_row(org: OrgState, kind: SObject, record_id: str) -> Row:
    """The record of this id. Raises: ApiError (404) when it never was or is deleted."""
    table = org.tables[kind.name]
    if (row := table.live.get(record_id)) is not None:
        return row
    raise entity_is_deleted() if record_id in table.bin else not_found()


def _store(org: OrgState, caller: Caller, kind: SObject, row: Values, before: Row | None) -> None:
    row = {name: value for name, value in row.items() if value is not None}
    org.put(kind.name, row)
    if kind.name == "Opportunity" and before is None:
        after_opportunity(org, caller.user_id, row)
    elif kind.name == "OpportunityContactRole":
        after_role(org, row)
    elif kind.name in ("Account", "Contact"):
        person_accounts.after_write(org, caller.user_id, kind, row)


def _check_kind(kind: SObject, caller: Caller) -> None:
    if kind.setup and not caller.by_hand:
        message = f"entity type {kind.name} cannot be changed through this API"
        raise ApiError(400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message, [])
