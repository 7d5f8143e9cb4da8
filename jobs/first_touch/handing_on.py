"""Giving an inquiry to the next one, because the one who has it did not get in touch in time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from jobs.delivering.owing import Change, owe
from jobs.first_touch.clock import end, tell
from jobs.follow_up.new_hands import in_new_hands
from jobs.known import KnownInquiry
from jobs.ledger import borrowers, first_touches, inquiries, notices, plans, workload
from jobs.ledger.first_touches import Clock
from jobs.services import Services
from mapping.follow_up.first_task import CALLED, PlannedFollowUp, in_hours
from mapping.follow_up.first_touch import clock_ends
from mapping.ownership.capacity import day_began, limited
from mapping.ownership.owner import OwnerDecision, Standing, after_turn, choose_owner
from mapping.playbook.team import Reassign

_NOBODY = "Nobody else may take it now, so it stays. Assign it by hand, or see that somebody gets in touch."


def hand_on(services: Services, connection: Connection, known: KnownInquiry, clock: Clock) -> list[str]:
    """Give it to the next one, or tell the desk that it stays; the deliveries that are due.

    The caller holds the locks of the inquiry and of the round robin, and has seen that nobody got in touch.
    """
    rule = services.playbook.reassign
    if rule is None:
        return []  # it was taken out of the playbook in this very moment: the next look stops the clock
    does = _who_has_it(services, connection, known, clock)
    late = f"{does.name} did not get in touch within {rule.after_minutes} minutes."
    if clock.times >= rule.at_most:
        _give_up(services, connection, clock, f"{late} It was given on {_times(clock.times)} already.")
        return []
    next_owner = _choose(services, connection, known, (*clock.missed, known.owner.owner, does.owner))
    if not next_owner.may_act:
        _give_up(services, connection, clock, f"{late} {_NOBODY}")
        return []
    to = replace(next_owner, reasons=(late, *next_owner.reasons))
    return _give(services, connection, known, clock, rule, to)


def _who_has_it(
    services: Services, connection: Connection, known: KnownInquiry, clock: Clock
) -> OwnerDecision:
    """Who was to get in touch: the owner, or whoever stands in."""
    task = first_touches.task(connection, clock.follow_up_id)
    member = services.playbook.member(task.owner) if task is not None else None
    if member is None or task.owner == known.owner.owner:
        return known.owner
    return replace(known.owner, owner=member.email, name=member.name)


def _choose(
    services: Services, connection: Connection, known: KnownInquiry, missed: Collection[str]
) -> OwnerDecision:
    """Who is next: somebody who is at work or on duty, and has not missed it. Their turn is taken."""
    now, playbook = services.now(), services.playbook
    turns = inquiries.turns(connection)
    standing = Standing(
        turns,
        loads=workload.loads(connection, limited(playbook), day_began(playbook, now)),
        missed=missed,
    )
    at_work = replace(playbook, route_in_hours_only=True)
    chosen = choose_owner(known.details, at_work, standing, now=now)
    inquiries.save_turns(connection, turns, after_turn(turns, chosen, playbook))
    return chosen


def _give(
    services: Services,
    connection: Connection,
    known: KnownInquiry,
    clock: Clock,
    rule: Reassign,
    to: OwnerDecision,
) -> list[str]:
    tasks = _tasks(services, connection, known, clock, rule, to)
    plan, given = dict(tasks)[clock.follow_up_id], replace(known, owner=to)
    owed = owe(services, connection, given, Change(tasks, owner_from=known.owner.owner))
    now = services.now()
    due = clock_ends(known.details, to.owner, plan.channel, plan.due_at, services.playbook, since=now)
    late = (known.owner.owner, _who_has_it(services, connection, known, clock).owner)
    first_touches.give_on(connection, clock, late, since=now, due_at=due)
    reasons = [*(("owner", reason) for reason in to.reasons)]
    reasons += [("licence", to.licence)] if to.licence else []
    inquiries.give_to(connection, known.id, to.owner, to.name, reasons, due_at=plan.due_at)
    for id_, task in tasks:
        inquiries.hand_over(connection, services.sealer, id_, to.owner, task)
    borrowers.give_to(connection, known.borrower.id, to.owner)
    plans.look_now(connection, known.id, now)
    words = f"{to.reasons[0]} It is {to.name}'s now, to be done within {rule.after_minutes} minutes."
    tell(services, connection, known.id, "inquiry.given_on", " ".join(to.reasons), now)
    _alert(services, connection, known.id, words, now)
    return owed


def _tasks(
    services: Services,
    connection: Connection,
    known: KnownInquiry,
    clock: Clock,
    rule: Reassign,
    to: OwnerDecision,
) -> list[tuple[str, PlannedFollowUp]]:
    """Everything the owner still has to do; the first task is due when the next owner is to do it.

    What somebody stands in for stays with them.
    """
    mine = {known.owner.owner, ""}
    rows = [
        row
        for row in inquiries.open_follow_ups(connection, known.id)
        if row.id == clock.follow_up_id or row.owner in mine
    ]
    found = []
    for row in rows:
        due, reason = row.due_at, row.reason
        if row.id == clock.follow_up_id:
            due, why = _due(services, known, rule, to, row.channel)
            reason = f"Given on. {why}"
        found.append((row.id, in_new_hands(services, known, row, to, due=due, reason=reason)))
    return found


def _due(
    services: Services, known: KnownInquiry, rule: Reassign, to: OwnerDecision, channel: str
) -> tuple[datetime, str]:
    """When the next owner is to have been in touch, and why then."""
    wish = services.now().astimezone(UTC) + timedelta(minutes=rule.after_minutes)
    due, why = in_hours(
        known.details, to, services.playbook, wish, rule.after_minutes, legal=channel in CALLED
    )
    return due, f"Due {rule.after_minutes} minutes after that." if due == wish else why


def _give_up(services: Services, connection: Connection, clock: Clock, words: str) -> None:
    if end(services, connection, clock, "given_up", words):
        _alert(services, connection, clock.inquiry_id, words, services.now())


def _alert(services: Services, connection: Connection, inquiry_id: str, words: str, now: datetime) -> None:
    """Tell the desk, and the owner's account there; one alert about a first touch is open, the newest."""
    notices.acknowledge(connection, kind="first_touch", object_id=inquiry_id, by="system", at=now)
    notices.raise_alert(
        connection, id=services.new_id(), at=now, kind="first_touch", object_id=inquiry_id, message=words
    )


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
