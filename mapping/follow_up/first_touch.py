"""Speed to lead: until when somebody has to have been in touch, and when that is over by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mapping.follow_up.first_task import CALLED, MEETING
from mapping.hours.calling import calling_hours
from mapping.hours.windows import Hours, after_open
from mapping.inquiry import Inquiry, Stage
from mapping.playbook.model import Playbook

#: Channels by which somebody gets in touch; whatever else a first task is, no clock runs for it.
IN_TOUCH = ("call", "text", "email")

#: What may happen to an inquiry, by the kind of event, that makes a first touch needless.
_SINCE = {
    "application": "The application moved on.",
    "meeting": "A meeting was booked or changed.",
    "documents": "Documents came in.",
    "call": "The borrower called.",
    "message": "The borrower or partner wrote again.",
    "withdrawal": "The borrower withdrew consent.",
}


def has_clock(playbook: Playbook, owner: str, channel: str, purpose: str) -> bool:
    """Whether a clock runs for the first task of an inquiry of a member (email) at all."""
    runs = playbook.reassign is not None and playbook.member(owner) is not None
    return runs and channel in IN_TOUCH and purpose != MEETING


def clock_ends(
    inquiry: Inquiry, owner: str, channel: str, due_at: datetime, playbook: Playbook, *, since: datetime
) -> datetime:
    """When the member (email) who has the inquiry since then will have had the rule's time (UTC).

    Only minutes count in which the member works or is on duty and, for calls and texts, the borrower may be
    called. Never before the task is due.
    """
    member, rule = playbook.member(owner), playbook.reassign
    if member is None or rule is None:
        return due_at
    legal = (
        calling_hours(inquiry, country=playbook.country, house=playbook.calling) if channel in CALLED else ()
    )
    hours: tuple[Hours, ...] = (member.works, *legal)
    ends = after_open(hours, since.astimezone(UTC), timedelta(minutes=rule.after_minutes))
    return max(ends or due_at, due_at)


@dataclass(frozen=True, slots=True)
class Settled:
    """Why nobody has to get in touch for the first time any more; done: because somebody did."""

    words: str
    done: bool = False


def settled_by(stage: Stage, task_state: str, events: frozenset[str], playbook: Playbook) -> Settled | None:
    """Why the clock may stop, as far as we know ourselves; None = it runs on.

    task_state is our follow-up's, events the kinds of what happened since the inquiry came.
    """
    if task_state == "done":
        return Settled("The first task was done.", done=True)
    if task_state == "cancelled":
        return Settled("The first task was called off.")
    if stage is not Stage.NEW:
        return Settled(f"The inquiry moved on to: {stage.replace('_', ' ')}.")
    if playbook.reassign is None:
        return Settled("The playbook gives nothing on any more.")
    return next((Settled(words) for kind, words in _SINCE.items() if kind in events), None)
