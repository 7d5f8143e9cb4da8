"""The first touch of an inquiry: its clock begins with the decision, and stops when somebody got in touch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from jobs.delivering.owing import Change, owe
from jobs.known import load
from jobs.ledger import events, first_touches, inquiries, notices, plans
from jobs.ledger.claims import Lane
from jobs.ledger.codec import to_json
from jobs.ledger.first_touches import Clock, ClockState
from jobs.ledger.tables import inquiry as inquiry_table
from jobs.services import Services
from mapping.follow_up.first_task import PlannedFollowUp
from mapping.follow_up.first_touch import clock_ends, has_clock, settled_by
from mapping.inquiry import Inquiry, Party, Stage
from mapping.ownership.owner import OwnerDecision


def begin(
    services: Services,
    inquiry: Inquiry,
    inquiry_id: str,
    owner: OwnerDecision,
    task: tuple[str, PlannedFollowUp],
    lane: Lane,
) -> Mapping[str, object] | None:
    """The clock of a new inquiry, as a row; None when none runs.

    What is brought over from earlier, and what no CRM is told, is nobody's to hurry for.
    """
    id_, plan = task
    playbook, path = services.playbook, services.settings.paths[inquiry.path]
    runs = owner.may_act and has_clock(playbook, owner.owner, plan.channel, plan.purpose)
    if not runs or lane != "live" or not path.crm:
        return None
    now = services.now()
    due = clock_ends(inquiry, owner.owner, plan.channel, plan.due_at, playbook, since=now)
    return first_touches.row(inquiry_id, id_, since=now, due_at=due)


def end_if_settled(services: Services, connection: Connection, clock: Clock) -> bool:
    """Stop the clock if we know without asking the CRM that it may stop; whether it did."""
    stage = connection.execute(
        select(inquiry_table.c.stage).where(inquiry_table.c.id == clock.inquiry_id)
    ).scalar_one()
    task = first_touches.task(connection, clock.follow_up_id)
    happened = first_touches.events_of(connection, clock.inquiry_id)
    state = task.state if task is not None else "cancelled"
    settled = settled_by(Stage(stage), state, happened, services.playbook)
    if settled is not None:
        end(services, connection, clock, "done" if settled.done else "stopped", settled.words)
    return settled is not None


def settle(services: Services, connection: Connection, inquiry_id: str) -> None:
    """Stop the clock of an inquiry at once, if we know by now that it may stop: nobody has to hurry."""
    clock = first_touches.get(connection, inquiry_id)
    if clock is not None and clock.state == "running":
        end_if_settled(services, connection, clock)


def end(
    services: Services,
    connection: Connection,
    clock: Clock,
    state: ClockState,
    reason: str,
    actor: str = "system",
) -> bool:
    """Stop the clock, with its event and its line in the trail; False when somebody else changed it.

    What follows the first touch is worked out anew.
    """
    now = services.now()
    if not first_touches.stop(connection, clock, state, reason, now):
        return False
    if state == "done":
        inquiries.mark_done(connection, clock.follow_up_id)
    plans.look_now(connection, clock.inquiry_id, now)
    tell(services, connection, clock.inquiry_id, f"first_touch.{state}", reason, now, actor)
    return True


def tell(
    services: Services,
    connection: Connection,
    inquiry_id: str,
    action: str,
    words: str,
    now: datetime,
    actor: str = "system",
) -> None:
    """Show on the inquiry's page, and in the trail, what became of the first touch; no personal data."""
    events.add(
        connection,
        services.sealer,
        id=services.new_id(),
        inquiry_id=inquiry_id,
        submission_id="",
        at=now,
        kind="first_touch",
        summary=words,
        details=to_json(Inquiry("", "", now, Party())),
    )
    notices.record(
        connection,
        id=services.new_id(),
        at=now,
        actor=actor,
        action=action,
        object_kind="inquiry",
        object_id=inquiry_id,
        detail=words,
    )


def mark_done(services: Services, inquiry_id: str, actor: str) -> bool:
    """Somebody at the desk says that the borrower was reached; False when no clock runs any more.

    The task is ticked off in the CRMs too.
    """
    with services.ledger.write() as connection:
        services.ledger.lock(connection, f"inquiry:{inquiry_id}")
        clock = first_touches.get(connection, inquiry_id)
        if clock is None or clock.state != "running":
            return False
        notices.acknowledge(connection, kind="first_touch", object_id=inquiry_id, by=actor, at=services.now())
        end(services, connection, clock, "done", "Somebody at the desk said that it was done.", actor)
        known, task = load(connection, services, inquiry_id), [clock.follow_up_id]
        owed = owe(services, connection, known, Change(closed=task, done=task))
    for delivery_id in owed:
        services.bell.ring("deliver", delivery_id)
    return True
