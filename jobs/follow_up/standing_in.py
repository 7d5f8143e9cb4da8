"""Tasks that stand in the CRMs and fall into an absence that was entered later go to whoever stands in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from jobs.follow_up.new_hands import in_new_hands
from jobs.known import KnownInquiry
from jobs.ledger import inquiries
from jobs.services import Services
from mapping.follow_up.first_task import CALLED, MEETING, PlannedFollowUp, in_hours
from mapping.follow_up.standing_in import doer
from mapping.ownership.turns import Turns

Task = tuple[str, PlannedFollowUp]


def to_stand_ins(
    services: Services, connection: Connection, known: KnownInquiry, turns: Turns
) -> tuple[Task, ...]:
    """Give the owner's open tasks that fall into an absence to whoever stands in: what the CRMs hand over.

    The caller holds the inquiry's lock.
    """
    member = services.playbook.member(known.owner.owner)
    if member is None or not member.absences:
        return ()
    rows = inquiries.open_follow_ups(connection, known.id)
    mine = [row for row in rows if row.owner == known.owner.owner and row.due_at > services.now()]
    tasks = [(row.id, given) for row in mine if (given := _given(services, known, row, turns)) is not None]
    for id_, task in tasks:
        inquiries.hand_over(connection, services.sealer, id_, task.owner, task)
    return tuple(tasks)


def _given(services: Services, known: KnownInquiry, row: Any, turns: Turns) -> PlannedFollowUp | None:
    """The task as somebody else is to do it; None when it stays. A meeting is with whom it was booked."""
    playbook, called = services.playbook, row.channel in CALLED
    name = (row.touch or "").split("/")[0]
    cadence = next((one for one in playbook.cadences if one.name == name), None)
    if row.purpose == MEETING or (cadence is not None and cadence.left_to_highlevel):
        return None
    waits = cadence.waits_for_owner if cadence else bool(row.touch)
    does = doer(known.details, known.owner, playbook, row.due_at, legal=called, waits=waits, turns=turns)
    if not does.stand_in:
        return None
    due, _ = in_hours(known.details, does.who, playbook, row.due_at, 0, legal=called)
    task = in_new_hands(services, known, row, does.who, due=due, reason=f"{row.reason} {does.why}")
    return replace(task, owner=does.stand_in, owner_from=known.owner.owner)
