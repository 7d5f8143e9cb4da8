"""The words of a task for whoever does it: what is known, what to say, when it may be said, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mapping.follow_up.first_task import CALLED
from mapping.follow_up.task_text import task_body
from mapping.hours.calling import calling_hours
from mapping.inquiry import Inquiry
from mapping.messages.filling import message_lines
from mapping.ownership.owner import OwnerDecision
from mapping.playbook.model import Playbook


def task_words(
    inquiry: Inquiry,
    does: OwnerDecision,
    playbook: Playbook,
    missing: Sequence[str],
    *,
    channel: str,
    purpose: str,
    due: datetime,
    reason: str,
    template: str = "",
) -> str:
    """The body of a task: its message is signed by whoever does it, its hours are by that one's clock."""
    legal = (
        calling_hours(inquiry, country=playbook.country, house=playbook.calling) if channel in CALLED else ()
    )
    zone = (playbook.member(does.owner) or playbook).timezone
    message = message_lines(playbook, inquiry, does, missing, channel=channel, purpose=purpose, name=template)
    return task_body(inquiry, does, missing, legal, due, zone, reason, message)
