"""The recycle bin: what is deleted goes there with what hangs on it, and can come back."""

from __future__ import annotations

from connectors.sandbox.salesforce.errors import not_found
from connectors.sandbox.salesforce.objects import SObject
from connectors.sandbox.salesforce.records import Row
from connectors.sandbox.salesforce.state import OrgState


def discard_with_children(org: OrgState, user_id: str, kind: SObject, row: Row) -> None:
    """Delete a record, and the children that do not live without it."""
    for relation in org.schema.children(kind.name):
        if not relation.cascade:
            continue
        child = org.schema.objects[relation.child]
        table = org.tables[child.name]
        for child_id in list(table.holders(relation.field, row["Id"])):
            discard_with_children(org, user_id, child, table.live[child_id])
    gone = {**row, "IsDeleted": True, "SystemModstamp": org.now}
    gone.update(LastModifiedDate=org.now, LastModifiedById=user_id)
    org.discard(kind.name, gone)


def undelete(org: OrgState, user_id: str, kind: SObject, record_id: str) -> None:
    """Bring a record back from the recycle bin, as a person does. Raises: ApiError (404)."""
    row = org.tables[kind.name].bin.get(record_id)
    if row is None or row.get("MasterRecordId"):
        raise not_found()
    org.put(
        kind.name,
        {
            **row,
            "IsDeleted": False,
            "SystemModstamp": org.now,
            "LastModifiedDate": org.now,
            "LastModifiedById": user_id,
        },
    )
