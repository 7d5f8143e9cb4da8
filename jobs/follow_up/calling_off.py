"""Something happened to an inquiry: its plan begins anew, and touches that no longer fit are called off."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from jobs.follow_up.situations import plan_of, situation_of
from jobs.known import KnownInquiry
from jobs.ledger import follow_ups, plans, pursuits
from jobs.ledger.follow_ups import Earlier
from jobs.ledger.plans import Plan
from jobs.services import Services
from mapping.crm.closing import tasks_over
from mapping.follow_up.cadence import applies
from mapping.follow_up.cadence_choice import ASSIGN_OWNER, Situation, is_nobodys
from mapping.follow_up.engagement import engaged_by
from mapping.follow_up.first_task import MEETING, PlannedFollowUp
from mapping.follow_up.first_touch import IN_TOUCH
from mapping.follow_up.news import OUTCOMES, News
from mapping.inquiry import NO_LOANS, Inquiry, Stage


def replan(
    services: Services,
    connection: Connection,
    before: KnownInquiry,
    after: KnownInquiry,
    news: News,
    heard: Inquiry,
    tasks: Sequence[tuple[str, PlannedFollowUp]],
) -> list[str]:
    """Something happened: the plan begins anew after the tasks that the news asks for.

    Returns the ids of the follow-ups that were called off: with an outcome all, after news of a meeting the
    earlier meeting, and the touches that no longer fit. What is planned for whoever ended before stays.
    """
    now, moved = services.now(), after.stage is not before.stage
    ended = moved and after.stage in OUTCOMES
    was = plan_of(connection, before, now)
    plan = replace(
        was,
        since=now,
        look_at=min((task.due_at for _, task in tasks), default=now),
        stage_at=now if moved else was.stage_at,
        engaged_at=engaged_by(before.details, news, heard, now) or was.engaged_at,
        application_at=was.application_at or (now if after.details.application else None),
        funded_at=now if moved and after.stage is Stage.FUNDED else was.funded_at,
    )
    plans.save(connection, plan)
    if moved and after.stage in (Stage.LOST, Stage.SPAM):
        pursuits.let_go(connection, after.id, now)
    kept = {id_ for id_, _ in tasks}
    other = "" if ended else "meeting" if news.kind == "meeting" and tasks else None
    called_off = (
        follow_ups.call_off_others(connection, after.id, other, kept, now) if other is not None else []
    )
    return [*called_off, *call_off(services, connection, after, plan, keep=kept)]


def call_off(
    services: Services, connection: Connection, known: KnownInquiry, plan: Plan, *, keep: Collection[str] = ()
) -> list[str]:
    """Call off the touches that no longer fit as things stand; the ids, which the CRMs have to be told.

    Of touches whose date has passed the latest stays to be done: the others gave way to it. Tasks of no
    cadence stay until they are over.
    """
    now = services.now()
    before = follow_ups.earlier(connection, known.id)
    situation = situation_of(services, known, plan, before)
    touches = [one for one in before if one.open and one.touch and one.id not in keep]
    late = sorted((one for one in touches if one.due_at <= now), key=lambda one: one.due_at)
    theirs = {one.name for one in services.playbook.cadences if one.left_to_highlevel}
    gave_way = {one.id for one in late[:-1] if one.touch.split("/")[0] not in theirs}
    gone = [
        one.id
        for one in touches
        if one.id in gave_way
        or _is_paused(one, plan, now)
        or not applies(one.touch, one.channel, situation, services.playbook)
    ]
    beside = [one for one in before if one.open and not one.touch and one.id not in keep]
    told_anew = bool(beside) and pursuits.says_more(connection, plan.carried_by)
    gone += [one.id for one in beside if _is_over(one, situation, services, told_anew=told_anew)]
    follow_ups.call_off(connection, gone, now)
    return gone


def _is_over(one: Earlier, situation: Situation, services: Services, *, told_anew: bool) -> bool:
    """Whether a task of no cadence is not wanted any more: an owner is there, its channel was left, or the
    borrower is reached for the first time about a newer inquiry that says what it is about (told_anew).

    Whoever is left alone was, as a rule, before this look; a merge finds out later whose number it is. A
    meeting was booked by the borrower.
    """
    playbook, inquiry = services.playbook, situation.inquiry
    if one.purpose == ASSIGN_OWNER:
        kept = situation.owner.owner.casefold() == playbook.fallback.casefold()
        return not kept and not is_nobodys(situation, playbook)
    if one.purpose == MEETING:
        return False
    first = one.purpose in {rule.purpose for rule in playbook.follow_up} and one.channel in IN_TOUCH
    if first and told_anew and inquiry.type not in NO_LOANS:
        return True
    return one.channel in tasks_over(inquiry.consent.opted_out)


def _is_paused(one: Earlier, plan: Plan, now: datetime) -> bool:
    return plan.paused_until is not None and now < plan.paused_until and one.due_at < plan.paused_until
