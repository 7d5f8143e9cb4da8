"""News of an inquiry that is known: kept with it, its stage moved on, a task planned, the CRMs told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from jobs.consent.saying import heed
from jobs.delivering.owing import Change, owe
from jobs.follow_up.calling_off import replan
from jobs.follow_up.owner_watch import watch_owner
from jobs.follow_up.priority import prioritise
from jobs.follow_up.situations import turns_to_stand_in
from jobs.known import KnownInquiry, load
from jobs.ledger import events, follow_ups, notices, submission_states
from jobs.ledger.codec import to_json
from jobs.ledger.submissions import Submission
from jobs.services import Services
from mapping.follow_up.checklist import still_missing
from mapping.follow_up.first_task import PlannedFollowUp
from mapping.follow_up.news import (
    OUTCOMES,
    News,
    came_late,
    heard_together,
    is_nothing_new,
    next_stage,
    plan_after_news,
    says_the_same,
    told_elsewhere,
    what_happened,
)
from mapping.inquiry import Inquiry, Stage
from mapping.ownership.turns import Turns
from mapping.reading.application import in_order, is_late

#: News that come from a system, not from the borrower.
_PORTALS = ("application", "documents")


def known_inquiry(services: Services, refs: Sequence[str]) -> str:
    """The id of the inquiry that the sender means; "" when there is none."""
    hashes = events.hashed_refs(services.sealer, refs)
    with services.ledger.read() as connection:
        return events.inquiry_with(connection, hashes)


def add_news(services: Services, submission: Submission, inquiry_id: str, heard: Inquiry) -> None:
    """Store what happened with everything that follows from it, in one transaction, once."""
    with services.ledger.write() as connection:
        services.ledger.lock(connection, f"inquiry:{inquiry_id}")
        if not submission_states.settle_processed(connection, [submission.id]):
            return
        known = load(connection, services, inquiry_id)
        owed = tell(services, connection, known, heard, submission.id)
        owed += heed(services, connection, known, heard, submission.id)
    for delivery_id in owed:
        services.bell.ring("deliver", delivery_id)


def tell(
    services: Services, connection: Connection, known: KnownInquiry, heard: Inquiry, submission_id: str
) -> list[str]:
    """Keep the news of an inquiry whose lock is held; the ids of the deliveries that are due."""
    said, heard = heard, in_order(known.details, heard)
    now, news = services.now(), what_happened(heard)
    if is_late(known.details, said):
        news = came_late(said, news)
    after = heard_together(known.details, heard)
    stage = next_stage(known.stage, heard)
    repeated = is_nothing_new(known.details, heard)
    turns = turns_to_stand_in(services, connection, known)
    plan = None if repeated else _plan(services, after, news, heard, known, stage, turns)
    tasks = [(services.new_id(), plan)] if plan else []
    for id_, task in tasks:
        events.add_follow_up(connection, services.sealer, known.id, known.owner.owner, id_, task)
    changed = replace(known, details=after, stage=stage)
    if repeated:
        closed, due = [], known.next_follow_up_at
    else:
        closed = replan(services, connection, known, changed, news, heard, tasks)
        due = follow_ups.next_due(connection, known.id, now) or (None if stage in OUTCOMES else now)
    _keep(services, connection, changed, news, said, heard, due, submission_id)
    watch_owner(services, connection, changed)  # now that the property's state may be known
    changed = replace(changed, priority=prioritise(services, connection, known.id, after, stage))
    if repeated and says_the_same(known.details, after):
        return []  # the CRMs hold all of it
    moved_from = known.stage if stage is not known.stage else None
    return owe(services, connection, changed, Change(tasks, moved_from=moved_from, closed=closed))


def _keep(
    services: Services,
    connection: Connection,
    changed: KnownInquiry,
    news: News,
    said: Inquiry,
    heard: Inquiry,
    due: datetime | None,
    submission_id: str,
) -> None:
    """The inquiry as it is now, and what happened to it; said is what came, before it was put in order."""
    now, after = services.now(), changed.details
    missing = still_missing(after, services.playbook, changed.stage)
    events.change_inquiry(connection, services.sealer, changed.id, after, changed.stage, due, missing=missing)
    events.name(connection, changed.id, events.hashed_refs(services.sealer, heard.refs))
    events.add(
        connection,
        services.sealer,
        id=services.new_id(),
        inquiry_id=changed.id,
        submission_id=submission_id,
        at=now,
        kind=news.kind,
        summary=news.summary,
        details=to_json(said),
    )
    notices.record(
        connection,
        id=services.new_id(),
        at=now,
        actor="system",
        action="inquiry.news",
        object_kind="inquiry",
        object_id=changed.id,
        detail=news.summary,
    )


def _plan(
    services: Services,
    after: Inquiry,
    news: News,
    heard: Inquiry,
    known: KnownInquiry,
    stage: Stage,
    turns: Turns,
) -> PlannedFollowUp | None:
    # Who writes, calls or books after the end of it is answered all the same: it may be the next loan.
    over = stage is Stage.SPAM or (stage in OUTCOMES and news.kind in _PORTALS)
    if over or told_elsewhere(heard):
        return None
    now = services.now()
    return plan_after_news(after, news, heard, known.owner, services.playbook, now=now, turns=turns)
