"""The task that follows when an application stands still: opened and not started, started and not sent."""

from __future__ import annotations

from datetime import UTC, datetime

from mapping.follow_up.first_task import CALLED, PlannedFollowUp, channel_for, in_hours
from mapping.follow_up.standing_in import doer
from mapping.inquiry import Inquiry
from mapping.messages.filling import message_lines
from mapping.ownership.owner import OwnerDecision
from mapping.ownership.turns import Turns
from mapping.playbook.model import AS_PREFERRED, FirstTouch, Playbook

_MINUTES = 30  # from the moment it is noticed to the task

#: By the state that an application stands still in: purpose, what happened, how the subject begins.
_STILL = {
    "opened": (
        "start_application",
        "The application link was opened a day ago, and no application was started.",
        "Help to start the application:",
    ),
    "started": (
        "finish_application",
        "The application was started two days ago and is not submitted.",
        "Help to finish the application:",
    ),
}


def what_stands_still(state: str) -> str:
    """What happened, in a sentence without personal data."""
    return _STILL[state][1]


def plan_reminder(
    inquiry: Inquiry,
    state: str,
    decision: OwnerDecision,
    playbook: Playbook,
    *,
    now: datetime,
    turns: Turns | None = None,
) -> PlannedFollowUp:
    """The task for the owner: by the channel that the borrower prefers and permits, inside all hours.

    turns tell who stands in for an owner who is away.
    """
    purpose, happened, begins = _STILL[state]
    rule = FirstTouch(_MINUTES, AS_PREFERRED, "MEDIUM", purpose)
    channel, why = channel_for(inquiry, rule, decision, playbook)
    wish, called = now.astimezone(UTC), channel in CALLED
    does = doer(inquiry, decision, playbook, wish, legal=called, turns=turns)
    due, why_due = in_hours(inquiry, does.who, playbook, wish, _MINUTES, legal=called)
    reason = " ".join(filter(None, (why, does.why, why_due)))
    application = inquiry.application
    lines = [happened]
    if application and application.reference:
        lines.append(f"Application: {application.reference}")
    message = message_lines(playbook, inquiry, does.who, (), channel=channel, purpose=purpose)
    return PlannedFollowUp(
        purpose=purpose,
        channel=channel,
        due_at=due,
        subject=f"{begins} {inquiry.borrower.full_name or 'the borrower'}",
        body="\n".join((*lines, *message, f"Why then: {reason}")),
        priority="MEDIUM",
        reason=reason,
        owner=does.stand_in,
    )
