"""What comes next with an inquiry and why, for its page; and a person's word about it: stop, pause, go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from jobs.desk.viewer import Viewer
from jobs.known import load
from jobs.ledger import events, notices, plans
from jobs.ledger.plans import Plan
from jobs.ledger.tables import inquiry
from jobs.planning import carry_on, owe_step
from jobs.services import Services
from jobs.situations import plan_of, situation_of
from mapping.cadence import PlannedTouch, next_touches, why
from mapping.playbook.cadences import OPEN_STAGES

_SHOWN = 6
_LONGEST_PAUSE_DAYS = 366


@dataclass(frozen=True, slots=True)
class ComingTouch:
    """A touch that is not in the CRM yet."""

    due_at: datetime
    channel: str
    purpose: str
    cadence: str
    reason: str


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """The plan of one inquiry. state is running, paused, stopped or over; said is why, in a sentence."""

    state: str
    said: str
    paused_until: datetime | None
    carried_by: str
    coming: tuple[ComingTouch, ...]


def plan_shown(services: Services, connection: Connection, inquiry_id: str) -> ShownPlan:
    """What is planned as things stand now; nothing is changed."""
    now = services.now()
    known = load(connection, services, inquiry_id)
    plan = plan_of(connection, known, now)
    situation = situation_of(services, known, plan, plans.earlier(connection, inquiry_id))
    begins = max(now, plan.paused_until or now)
    situation = replace(situation, since=max(situation.since, begins)) if begins > now else situation
    coming = next_touches(situation, services.playbook, now=begins, most=_SHOWN)
    ended = known.stage not in OPEN_STAGES and not coming
    paused = plan.paused_until is not None and plan.paused_until > now
    said = f"{why(situation, services.playbook, begins)} {plan.why}".strip()
    return ShownPlan(
        state="over" if ended else "paused" if paused else plan.state,
        said="It has an outcome: nothing follows." if ended else said,
        paused_until=plan.paused_until if paused else None,
        carried_by=plan.carried_by or "",
        coming=tuple(map(_shown, coming)),
    )


def _shown(one: PlannedTouch) -> ComingTouch:
    plan, cadence = one.plan, one.cadence
    return ComingTouch(plan.due_at, plan.channel, plan.purpose, cadence.phase or cadence.name, plan.reason)


def without_next_date(services: Services, viewer: Viewer) -> int:
    """How many open inquiries have no next follow-up date, or one that passed: it should be none."""
    before = {"before": services.now() - plans.FORGOTTEN}
    queries = [select(func.count()).where(undated, viewer.may_see()) for undated in plans.UNDATED]
    with services.ledger.read() as connection:
        return sum(connection.execute(query, before).scalar_one() for query in queries)


def stop(services: Services, viewer: Viewer, inquiry_id: str) -> bool:
    """Nobody follows up any more, until somebody says otherwise; False when it is not there to be seen."""

    def stopped(plan: Plan) -> Plan:
        return replace(plan, state="stopped", paused_until=None, why="")

    return _say(services, viewer, inquiry_id, "follow_up.stopped", stopped)


def go_on(services: Services, viewer: Viewer, inquiry_id: str) -> bool:
    """Follow up again from now on; False when it is not there to be seen."""

    def running(plan: Plan) -> Plan:
        return replace(plan, state="running", paused_until=None, why="")

    return _say(services, viewer, inquiry_id, "follow_up.resumed", running)


def pause(services: Services, viewer: Viewer, inquiry_id: str, until: date) -> bool:
    """Nothing before that day, in the office's zone; False when it is not there to be seen, or no such day.

    A day is at most a year ahead, and not today.
    """
    zone = ZoneInfo(services.playbook.timezone)
    days = (until - services.now().astimezone(zone).date()).days
    if not 0 < days <= _LONGEST_PAUSE_DAYS:
        return False
    begins = datetime.combine(until, time(), zone)

    def paused(plan: Plan) -> Plan:
        return replace(plan, state="running", paused_until=begins, why="A person paused it.")

    return _say(services, viewer, inquiry_id, "follow_up.paused", paused, detail=f"until {until:%Y-%m-%d}")


def _say(
    services: Services,
    viewer: Viewer,
    inquiry_id: str,
    action: str,
    change: Callable[[Plan], Plan],
    *,
    detail: str = "",
) -> bool:
    """Change the plan and carry it on at once: what no longer fits is closed in the CRMs."""
    now = services.now()
    with services.ledger.write() as connection:
        services.ledger.lock(connection, f"inquiry:{inquiry_id}")
        seen = select(inquiry.c.id).where(inquiry.c.id == inquiry_id, viewer.may_see())
        if connection.execute(seen).first() is None:
            return False
        known = load(connection, services, inquiry_id)
        plan = replace(change(plan_of(connection, known, now)), since=now)
        step = carry_on(services, connection, known, plan)
        events.set_next(connection, inquiry_id, step.next_at)
        notices.record(
            connection,
            id=services.new_id(),
            at=now,
            actor=viewer.id,
            action=action,
            object_kind="inquiry",
            object_id=inquiry_id,
            detail=detail,
        )
        owed = owe_step(services, connection, known, step)
    for delivery_id in owed:
        services.bell.ring("deliver", delivery_id)
    return True
