"""The task for a person where two contacts in a CRM turned out to be one and are not merged by us."""

from __future__ import annotations

from datetime import UTC, datetime

from mapping.followup import PlannedFollowUp, in_hours
from mapping.inquiry import Inquiry
from mapping.ownership import OwnerDecision
from mapping.playbook.model import Playbook

PURPOSE = "merge_contacts"
_MINUTES = 60


def plan_contact_merge(
    inquiry: Inquiry,
    decision: OwnerDecision,
    playbook: Playbook,
    *,
    now: datetime,
    name: str,
    crm: str,
    other_contact: str,
) -> PlannedFollowUp:
    """The task on the contact that stays.

    name is the person's, crm the CRM's for people, other_contact where the other one is ("" = not known).
    """
    due, why = in_hours(inquiry, decision, playbook, now.astimezone(UTC), _MINUTES, legal=False)
    name = name or "the borrower"
    where = other_contact or f"look for {name} among the newest contacts, by email and phone"
    return PlannedFollowUp(
        purpose=PURPOSE,
        channel="review",
        due_at=due,
        subject=f"Possible duplicate: merge the contacts of {name}",
        body="\n".join(
            (
                "Firstpath was told that this contact and another one are one person.",
                f"The other one: {where}",
                f"Look at both, then merge it into this contact in {crm}: that cannot be undone there.",
            )
        ),
        priority="MEDIUM",
        reason=f"Two contacts in the CRM are one person. {why}".strip(),
    )
