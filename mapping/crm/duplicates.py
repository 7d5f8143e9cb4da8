"""Tasks for a person where we can do nothing: contacts in a CRM are one, or a deal is on the wrong one."""

from __future__ import annotations

from datetime import UTC, datetime

from mapping.follow_up.first_task import PlannedFollowUp, in_hours
from mapping.inquiry import Inquiry
from mapping.ownership.owner import OwnerDecision
from mapping.playbook.model import Playbook

PURPOSE = "merge_contacts"
MOVE_PURPOSE = "move_deal"
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


def plan_deal_move(
    inquiry: Inquiry, decision: OwnerDecision, playbook: Playbook, *, now: datetime, deal: str, contact: str
) -> PlannedFollowUp:
    """The task on the borrower's own contact; deal and contact are where the two are found in the CRM."""
    due, why = in_hours(inquiry, decision, playbook, now.astimezone(UTC), _MINUTES, legal=False)
    name = inquiry.borrower.full_name or "the borrower"
    return PlannedFollowUp(
        purpose=MOVE_PURPOSE,
        channel="review",
        due_at=due,
        subject=f"Move the deal of {name} to this contact",
        body="\n".join(
            (
                "Two borrowers were taken for one person, and this deal was put on the other's contact.",
                f"The deal: {deal}",
                f"Where it is now: {contact}",
                "Firstpath cannot move it there. Give it this contact, with its open tasks and notes.",
            )
        ),
        priority="MEDIUM",
        reason=f"A deal is on another person's contact. {why}".strip(),
    )
