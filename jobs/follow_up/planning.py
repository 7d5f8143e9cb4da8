"""The plan of one inquiry, inside the transaction of whoever holds the inquiry's lock.

Three things happen to it: what no longer fits is called off, what comes next is put into the CRMs in time,
and the moment is set at which it is looked at again. That moment is never later than the next date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from jobs.delivering.owing import Change, owe
from jobs.first_touch.clock import settle
from jobs.follow_up.calling_off import call_off
from jobs.follow_up.situations import situation_of, turns_to_stand_in
from jobs.follow_up.standing_in import to_stand_ins
from jobs.known import KnownInquiry
from jobs.ledger import events, follow_ups, plans
from jobs.ledger.follow_ups import Earlier
from jobs.ledger.plans import Plan
from jobs.services import Services
from mapping.crm.bundle import FollowUpStart
from mapping.follow_up.cadence import PlannedTouch, next_touches
from mapping.follow_up.first_task import PlannedFollowUp
from mapping.playbook.cadences import Cadence, FollowUpWindow


@dataclass(frozen=True, slots=True)
class Step:
    """What a look at a plan came to: tasks for the CRMs, tasks to be closed there, and the next date.

    left are the tasks that HighLevel does itself once start has begun there.
    """

    tasks: tuple[tuple[str, PlannedFollowUp], ...]
    closed: tuple[str, ...]
    next_at: datetime | None
    left: frozenset[str] = frozenset()
    start: FollowUpStart | None = None


def carry_on(services: Services, connection: Connection, known: KnownInquiry, plan: Plan) -> Step:
    """Look at a plan: call off, put the next touches into the CRMs, and set when to look again."""
    now, window = services.now(), services.playbook.in_crm
    closed = call_off(services, connection, known, plan)
    if closed:
        settle(services, connection, known.id)  # nobody has to hurry for what was called off
    turns = turns_to_stand_in(services, connection, known)
    given = to_stand_ins(services, connection, known, turns)
    before = follow_ups.earlier(connection, known.id)
    dues = sorted(one.due_at for one in before if one.open and one.due_at > now)
    if plan.paused_until and plan.paused_until > now:
        resumes = min([*dues, plan.paused_until])
        plans.save(connection, replace(plan, look_at=resumes))
        return Step(given, tuple(closed), resumes)
    if plan.paused_until:
        plan = replace(plan, paused_until=None, since=plan.paused_until, why="")
    situation = situation_of(services, known, plan, before, turns)
    room = max(0, window.touches - len(dues))
    # One that is due at once is beside those to come.
    coming = next_touches(situation, services.playbook, now=now, most=room + 2)
    at_once = sum(one.plan.due_at <= now for one in coming[:1])
    horizon = now + timedelta(days=window.days)
    ready = [one for one in coming[: room + at_once] if one.plan.due_at <= horizon]
    waiting = coming[len(ready)] if len(coming) > len(ready) else None
    dues = sorted([*dues, *(one.plan.due_at for one in ready[at_once:])])
    again = now if ready else None  # what comes after the last one
    next_at = min([*dues, *([waiting.plan.due_at] if waiting else [])], default=again)
    plans.save(connection, replace(plan, look_at=_look_at(dues, waiting, window, now) or again))
    step = _store(services, connection, known, ready, before, closed, next_at)
    return replace(step, tasks=(*given, *step.tasks))


def owe_step(services: Services, connection: Connection, known: KnownInquiry, step: Step) -> list[str]:
    """Owe the CRMs what a look came to; the ids of the deliveries that are due.

    What is due only later gives way to new inquiries.
    """
    if not step.tasks and not step.closed:
        return []
    soon = services.now() + timedelta(days=1)
    urgent = step.closed or any(task.due_at < soon for _, task in step.tasks)
    return owe(
        services,
        connection,
        known,
        Change(step.tasks, closed=step.closed, left=step.left, start=step.start, quiet=True),
        lane="live" if urgent else "backfill",
    )


def _look_at(
    dues: Sequence[datetime], waiting: PlannedTouch | None, window: FollowUpWindow, now: datetime
) -> datetime | None:
    """When the next touch may go into the CRM, or a date passes, whichever is first; None = never again."""
    if waiting is None:
        return dues[0] if dues else None
    room_at = dues[len(dues) - window.touches] if len(dues) >= window.touches else now
    ready_at = max(room_at, waiting.plan.due_at - timedelta(days=window.days))
    return min([ready_at, *dues[:1]])


def _store(
    services: Services,
    connection: Connection,
    known: KnownInquiry,
    ready: Sequence[PlannedTouch],
    before: Sequence[Earlier],
    closed: Sequence[str],
    next_at: datetime | None,
) -> Step:
    """The touches as follow-ups of the ledger."""
    path = services.settings.paths.get(known.details.path)
    kinds = {services.settings.crms[crm].kind for crm in path.crm} if path else set()
    tasks, left = [], set()
    start: FollowUpStart | None = None
    for touch in ready:
        id_, theirs = services.new_id(), touch.cadence.left_to_highlevel
        tasks.append((id_, touch.plan))
        if theirs and "highlevel" in kinds:
            left.add(id_)
            start = start or _start(touch.cadence, before)
        nobodys = theirs and kinds == {"highlevel"}
        events.add_follow_up(
            connection,
            services.sealer,
            known.id,
            known.owner.owner,
            id_,
            touch.plan,
            touch=touch.key,
            state="in_crm" if nobodys else "planned",
        )
    return Step(tuple(tasks), tuple(closed), next_at, frozenset(left), start)


def _start(cadence: Cadence, before: Sequence[Earlier]) -> FollowUpStart | None:
    """What begins the cadence in HighLevel; None when it has begun."""
    if any(one.touch.startswith(f"{cadence.name}/") for one in before):
        return None
    return FollowUpStart(cadence.workflow, cadence.tag)
