"""What a contact role brings about: one primary contact per opportunity, and ContactId of an opportunity."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.salesforce.records import Row
from connectors.sandbox.salesforce.state import OrgState


def after_opportunity(org: OrgState, user_id: str, row: Row) -> None:
    """A new opportunity that names a contact gets a primary contact role."""
    if not row.get("ContactId"):
        return
    stamps: dict[str, Any] = dict.fromkeys(("CreatedDate", "LastModifiedDate", "SystemModstamp"), org.now)
    people: dict[str, Any] = dict.fromkeys(("CreatedById", "LastModifiedById"), user_id)
    role = {
        "Id": org.ids.next(org.schema.objects["OpportunityContactRole"].prefix),
        "OpportunityId": row["Id"],
        "ContactId": row["ContactId"],
        "IsPrimary": True,
        "IsDeleted": False,
        **stamps,
        **people,
    }
    org.put("OpportunityContactRole", role)


def after_role(org: OrgState, row: Row) -> None:
    """A role that was made primary takes that from the others, and shows as the opportunity's ContactId."""
    if not row.get("IsPrimary"):
        return
    table = org.tables["OpportunityContactRole"]
    for other in list(table.holders("OpportunityId", row["OpportunityId"])):
        if other != row["Id"] and table.live[other].get("IsPrimary"):
            org.put(
                "OpportunityContactRole", {**table.live[other], "IsPrimary": False, "SystemModstamp": org.now}
            )
    opportunity = org.tables["Opportunity"].live[row["OpportunityId"]]
    if opportunity.get("ContactId") != row["ContactId"]:
        org.put("Opportunity", {**opportunity, "ContactId": row["ContactId"], "SystemModstamp": org.now})
