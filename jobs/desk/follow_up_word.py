"""A person's word about an inquiry's follow-up, at the desk or through the API: stop, pause, go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select

from jobs.desk.viewer import Viewer
from jobs.first_touch.clock import settle
from jobs.follow_up.planning import carry_on, owe_step
from jobs.follow_up.situations import plan_of
from jobs.known import load
from jobs.ledger import events, follow_ups, notices
from jobs.ledger.plans import Plan
from jobs.ledger.tables import inquiry
from jobs.services import Services
from mapping.crm.duplicates import MOVE_PURPOSE, PURPOSE
from mapping.follow_up.first_task import MEETING

_LONGEST_PAUSE_DAYS = 366
#: What is no follow-up: a meeting is the borrower's date, and the CRM is to be put in order all the same.
_NOT_FOLLOWED_UP = (MEETING, PURPOSE, MOVE_PURPOSE)


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
        seen = select(inquiry.c.id).where(inquiry.c.id == inquiry_id, viewer.may_open())
        if connection.execute(seen).first() is None:
            return False
        known = load(connection, services, inquiry_id)
        plan = replace(change(plan_of(connection, known, now)), since=now)
        gone = follow_ups.call_off_beside(connection, inquiry_id, _NOT_FOLLOWED_UP, _until(plan), now)
        if gone:
            settle(services, connection, inquiry_id)
        step = carry_on(services, connection, known, plan)
        step = replace(step, closed=(*gone, *step.closed))
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


def _until(plan: Plan) -> datetime | None:
    """Up to when nothing is to be done: for good once it was stopped; None while it is followed up."""
    return datetime.max.replace(tzinfo=UTC) if plan.state == "stopped" else plan.paused_until
