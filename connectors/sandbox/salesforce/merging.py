"""Merging: one record stays, the others go to the recycle bin with a note of where they went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connectors.sandbox.salesforce.derived import derive
from connectors.sandbox.salesforce.errors import ApiError
from connectors.sandbox.salesforce.objects import SObject
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.writes import live_row

_MOST_LOSERS = 2
_OWN = frozenset({"Id", "CreatedDate", "CreatedById", "MasterRecordId", "IsDeleted"})


def merge(org: OrgState, user_id: str, kind: SObject, master_id: str, loser_ids: Sequence[str]) -> None:
    """The master keeps its values and fills its gaps; children move over; losers get MasterRecordId.

    Raises: ApiError (400, 404). Call it inside a transaction.
    """
    if not kind.mergeable or not 1 <= len(loser_ids) <= _MOST_LOSERS or master_id in loser_ids:
        message = f"{kind.name}: merge one or two other records into a record"
        raise ApiError(400, "INVALID_OPERATION", message, [])
    master: dict[str, Any] = dict(live_row(org, kind, master_id))
    before = dict(master)
    losers = [live_row(org, kind, one) for one in loser_ids]
    for loser in losers:
        _move_children(org, kind, loser["Id"], master_id)
        gone = {**loser, "IsDeleted": True, "MasterRecordId": master_id}
        gone.update(SystemModstamp=org.now, LastModifiedDate=org.now, LastModifiedById=user_id)
        org.discard(kind.name, gone)
        master.update(
            {name: value for name, value in loser.items() if name not in master and name not in _OWN}
        )
    master.update(SystemModstamp=org.now, LastModifiedDate=org.now, LastModifiedById=user_id)
    derive(org, kind, master, before)
    org.put(kind.name, {name: value for name, value in master.items() if value is not None})


def _move_children(org: OrgState, kind: SObject, from_id: str, to_id: str) -> None:
    for relation in org.schema.children(kind.name):
        table = org.tables[relation.child]
        if relation.field == "MasterRecordId":
            continue
        for child_id in list(table.holders(relation.field, from_id)):
            row = {**table.live[child_id], relation.field: to_id, "SystemModstamp": org.now}
            org.put(relation.child, row)
