"""What comes next with an inquiry and why, for its page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, func, select

from jobs.desk.viewer import Viewer
from jobs.follow_up.situations import plan_of, situation_of
from jobs.known import load
from jobs.ledger import follow_ups, plans
from jobs.services import Services
from mapping.follow_up.cadence import PlannedTouch, next_touches, why
from mapping.playbook.cadences import OPEN_STAGES

_SHOWN = 6


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
    situation = situation_of(services, known, plan, follow_ups.earlier(connection, inquiry_id))
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
