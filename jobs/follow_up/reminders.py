"""Applications that stand still become follow-ups: each state of each application once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from jobs.delivering.owing import Change, owe
from jobs.follow_up.situations import turns_to_stand_in
from jobs.known import KnownInquiry, load
from jobs.ledger import events, links, notices
from jobs.ledger.codec import to_json
from jobs.ledger.links import OPENED, STARTED, Waiting
from jobs.reviews.asking import close_unanswered
from jobs.services import Services
from mapping.follow_up.first_task import PlannedFollowUp
from mapping.follow_up.news import OUTCOMES
from mapping.follow_up.reminders import plan_reminder, what_stands_still
from mapping.inquiry import Inquiry

#: How long an application may stay in a state before somebody is asked to help.
PATIENCE: Mapping[str, timedelta] = {OPENED: timedelta(hours=24), STARTED: timedelta(hours=48)}
#: What stood still before we looked for so long is no news.
_TOO_OLD = timedelta(days=30)
_TOGETHER = 20


def remind_due(services: Services) -> int:
    """Plan the follow-ups that are due now, and close questions that nobody answered; how many.

    Raises LedgerUnavailable. An opening of somebody who is not known yet has no task: it
    counts only.
    """
    return sum(_remind(services, state) for state in PATIENCE) + close_unanswered(services)


def _remind(services: Services, state: str) -> int:
    now = services.now()
    with services.ledger.read() as connection:
        found = links.waiting(
            connection, state, before=now - PATIENCE[state], after=now - _TOO_OLD, limit=_TOGETHER
        )
    return sum(_remind_of(services, one, state) for one in found)


def _remind_of(services: Services, still: Waiting, state: str) -> bool:
    with services.ledger.write() as connection:
        services.ledger.lock(connection, f"inquiry:{still.inquiry_id}")
        if not links.remember_reminder(connection, still.id, state):
            return False
        known = load(connection, services, still.inquiry_id)
        if known.stage in OUTCOMES:
            return False
        owed = _plan(connection, services, known, state)
    for delivery_id in owed:
        services.bell.ring("deliver", delivery_id)
    return True


def _plan(connection: Connection, services: Services, known: KnownInquiry, state: str) -> list[str]:
    """The task, the event and one more delivery to each CRM."""
    now = services.now()
    turns = turns_to_stand_in(services, connection, known)
    plan = plan_reminder(known.details, state, known.owner, services.playbook, now=now, turns=turns)
    task = services.new_id()
    events.add_follow_up(connection, services.sealer, known.id, known.owner.owner, task, plan)
    due = _earliest(known.next_follow_up_at, plan, now)
    events.change_inquiry(connection, services.sealer, known.id, known.details, known.stage, due)
    nothing = Inquiry("", known.details.path, now, known.details.borrower)
    events.add(
        connection,
        services.sealer,
        id=services.new_id(),
        inquiry_id=known.id,
        submission_id="",
        at=now,
        kind="opening",
        summary=what_stands_still(state),
        details=to_json(nothing),
    )
    notices.record(
        connection,
        id=services.new_id(),
        at=now,
        actor="system",
        action="inquiry.reminder",
        object_kind="inquiry",
        object_id=known.id,
        detail=what_stands_still(state),
    )
    return owe(services, connection, known, Change([(task, plan)]))


def _earliest(before: datetime | None, plan: PlannedFollowUp | None, now: datetime) -> datetime | None:
    """The next date: a date that has passed is no longer next once there is a new one."""
    dates = [plan.due_at] if plan else []
    if before is not None and (before > now or not dates):
        dates.append(before)
    return min(dates, default=None)
