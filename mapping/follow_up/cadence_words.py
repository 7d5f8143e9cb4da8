"""The words of a touch as a task: what is to be done, what is missing, why it is there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mapping.follow_up.first_task import PlannedFollowUp
from mapping.follow_up.task_text import need
from mapping.follow_up.task_words import task_words
from mapping.inquiry import Inquiry
from mapping.ownership.owner import OwnerDecision
from mapping.playbook.cadences import Cadence, Touch
from mapping.playbook.model import Playbook

_VERBS = {
    "call": "Call",
    "text": "Text",
    "email": "Email",
    "document_request": "Ask for documents:",
    "review": "Review:",
}


def touch_task(
    inquiry: Inquiry,
    owner: OwnerDecision,
    playbook: Playbook,
    touch: Touch,
    due: datetime,
    missing: Sequence[str],
    reason: str,
) -> PlannedFollowUp:
    """The task of a touch, by a channel that is open, due at a moment inside all hours."""
    body = task_words(
        inquiry,
        owner,
        playbook,
        missing,
        channel=touch.channel,
        purpose=touch.purpose,
        due=due,
        reason=reason,
        template=touch.template,
    )
    return PlannedFollowUp(
        purpose=touch.purpose,
        channel=touch.channel,
        due_at=due,
        subject=_subject(inquiry, touch, missing),
        body=body,
        priority=touch.priority,
        reason=reason,
    )


def _subject(inquiry: Inquiry, touch: Touch, missing: Sequence[str]) -> str:
    """For example "Call Renata Okafor: second try (purchase in CA)"."""
    person = inquiry.borrower.full_name or "the borrower"
    what = touch.purpose.replace("_", " ")
    if touch.channel == "document_request" and missing:
        what = f"{len(missing)} still missing"
    return f"{_VERBS[touch.channel]} {person}: {what} ({need(inquiry)})"


def place_in(cadence: Cadence, touch: Touch) -> str:
    """Where in which cadence a touch stands, in a sentence."""
    name = cadence.name.replace("_", " ")
    if touch.repeat:
        return f"{touch.repeat.capitalize()} touch of {name}."
    if touch.day < 0:
        return f"{-touch.day} days before the date of {name}."
    return f"Day {touch.day} of {name}." if touch.day else f"The first day of {name}."
