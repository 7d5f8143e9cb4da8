"""Plans that are due are looked at: touches go into the CRMs in time; every open inquiry has a next date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import structlog
from sqlalchemy import Connection

from jobs.follow_up.glancing import Glance, glance, heed_people
from jobs.follow_up.owner_watch import watch_owner
from jobs.follow_up.planning import Step, carry_on, owe_step
from jobs.follow_up.situations import plan_of
from jobs.known import load
from jobs.ledger import events, notices, plans
from jobs.ledger.engine import LedgerUnavailable
from jobs.services import Services

_TOGETHER = 100
#: After a failure it is tried again so much later, so that one inquiry keeps no other waiting.
_AGAIN = timedelta(hours=1)
_log = structlog.get_logger()


def follow_up_due(services: Services) -> int:
    """Look at the plans that are due, and at open inquiries without a next date; how many were looked at.

    Raises LedgerUnavailable. Each is one transaction: whatever stops it in between, it is done again whole.
    """
    now = services.now()
    with services.ledger.read() as connection:
        found = plans.due(connection, now, _TOGETHER)
        found += plans.without_next(connection, now - plans.FORGOTTEN, _TOGETHER)
    seen = glance(services, set(found)) if found else {}
    for inquiry_id in dict.fromkeys(found):
        try:
            _look_at(services, inquiry_id, seen.get(inquiry_id, {}))
        except LedgerUnavailable:
            raise
        except Exception as error:
            _log.error("follow_up_failed", inquiry=inquiry_id, error=type(error).__name__)
            _set_aside(services, inquiry_id)
    return len(found)


def _look_at(services: Services, inquiry_id: str, seen: Mapping[str, Glance]) -> None:
    now = services.now()
    with services.ledger.write() as connection:
        services.ledger.lock(connection, f"inquiry:{inquiry_id}")
        known = load(connection, services, inquiry_id)
        plan = plan_of(connection, known, now)
        dated = known.next_follow_up_at is not None and known.next_follow_up_at > now
        if (plan.look_at is None or plan.look_at > now) and dated:
            return  # somebody else has looked
        owed = heed_people(services, connection, known, seen) if seen else []
        if seen:
            known = load(connection, services, inquiry_id)
            plan = plan_of(connection, known, now)
        watch_owner(services, connection, known)
        step = carry_on(services, connection, known, plan)
        events.set_next(connection, inquiry_id, step.next_at)
        _write_down(services, connection, inquiry_id, step)
        owed += owe_step(services, connection, known, step)
    for delivery_id in owed:
        services.bell.ring("deliver", delivery_id)


def _write_down(services: Services, connection: Connection, inquiry_id: str, step: Step) -> None:
    if not step.tasks and not step.closed:
        return
    notices.record(
        connection,
        id=services.new_id(),
        at=services.now(),
        actor="system",
        action="follow_up.planned" if step.tasks else "follow_up.called_off",
        object_kind="inquiry",
        object_id=inquiry_id,
        detail=", ".join(task.purpose for _, task in step.tasks) or f"{len(step.closed)} no longer fit",
    )


def _set_aside(services: Services, inquiry_id: str) -> None:
    """A person hears of it, and it is tried again later."""
    now = services.now()
    with services.ledger.write() as connection:
        notices.raise_alert(
            connection,
            id=services.new_id(),
            at=now,
            kind="follow_up",
            object_id=inquiry_id,
            message="The next follow-up of this inquiry could not be planned: please set a date in the CRM. "
            "It is tried again every hour.",
        )
        plans.look_now(connection, inquiry_id, now + _AGAIN)
        events.set_next(connection, inquiry_id, now + _AGAIN)
