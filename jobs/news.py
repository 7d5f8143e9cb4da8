"""News of an inquiry that is known: kept with it, its stage moved on, a task planned, the CRMs told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, select

from jobs.ledger import borrowers, deliveries, events, notices, submissions
from jobs.ledger.borrowers import Borrower
from jobs.ledger.codec import from_json, to_json
from jobs.ledger.submissions import Submission
from jobs.ledger.tables import inquiry as inquiry_table
from jobs.services import Services
from mapping.compile import BorrowerFacts, compile_bundle
from mapping.followup import PlannedFollowUp, missing_information
from mapping.inquiry import Inquiry, Stage
from mapping.news import (
    OUTCOMES,
    News,
    heard_together,
    is_nothing_new,
    next_stage,
    plan_after_news,
    told_elsewhere,
    what_happened,
)
from mapping.ownership import OwnerDecision

#: News that come from a system, not from the borrower.
_PORTALS = ("application", "documents")


@dataclass(frozen=True, slots=True)
class KnownInquiry:
    """An inquiry as it stands in the ledger."""

    id: str
    details: Inquiry
    borrower: Borrower
    stage: Stage
    owner: OwnerDecision
    shadow: bool
    next_follow_up_at: datetime | None


def known_inquiry(services: Services, refs: Sequence[str]) -> str:
    """The id of the inquiry that the sender means; "" when there is none."""
    hashes = events.hashed_refs(services.sealer, refs)
    with services.ledger.read() as connection:
        return events.inquiry_with(connection, hashes)


def add_news(services: Services, submission: Submission, inquiry_id: str, heard: Inquiry) -> None:
    """Store what happened with everything that follows from it, in one transaction, once."""
    with services.ledger.write() as connection:
        services.ledger.lock(connection, f"inquiry:{inquiry_id}")
        if not submissions.settle_processed(connection, [submission.id]):
            return
        known = load(connection, services, inquiry_id)
        owed = tell(services, connection, known, heard, submission.id)
    for delivery_id in owed:
        services.bell.ring("deliver", delivery_id)


def load(connection: Connection, services: Services, inquiry_id: str) -> KnownInquiry:
    """The inquiry, opened."""
    row = connection.execute(select(inquiry_table).where(inquiry_table.c.id == inquiry_id)).one()
    details = services.sealer.open_json(row.details, f"inquiry.details:{inquiry_id}")
    who = borrowers.get(connection, services.sealer, row.borrower_id)
    kept = "The owner of the inquiry stays." if row.owner else "Nobody owns the inquiry yet."
    owner = OwnerDecision(row.owner, row.owner_name, "sticky", (kept,), (), "")
    return KnownInquiry(
        row.id, from_json(details, Inquiry), who, Stage(row.stage), owner, row.shadow, row.next_follow_up_at
    )


def tell(
    services: Services, connection: Connection, known: KnownInquiry, heard: Inquiry, submission_id: str
) -> list[str]:
    """Keep the news of an inquiry whose lock is held; the ids of the deliveries that are due."""
    now, news = services.now(), what_happened(heard)
    after = heard_together(known.details, heard)
    stage = next_stage(known.stage, heard)
    repeated = is_nothing_new(known.details, heard)
    plan = None if repeated else _plan(services, after, news, heard, known, stage)
    tasks = [(services.new_id(), plan)] if plan else []
    for id_, task in tasks:
        events.add_follow_up(connection, services.sealer, known.id, known.owner.owner, id_, task)
    if (news.kind == "meeting" and plan) or stage in OUTCOMES:
        purposes = () if stage in OUTCOMES else ("meeting",)
        kept = [id_ for id_, _ in tasks]
        events.cancel_follow_ups(connection, known.id, purposes=purposes, keep=kept)
    open_still = plan or stage not in OUTCOMES
    due = earliest(known.next_follow_up_at, plan, now) if open_still else None
    events.change_inquiry(connection, services.sealer, known.id, after, stage, due)
    events.name(connection, known.id, events.hashed_refs(services.sealer, heard.refs))
    events.add(
        connection,
        services.sealer,
        id=services.new_id(),
        inquiry_id=known.id,
        submission_id=submission_id,
        at=now,
        kind=news.kind,
        summary=news.summary,
        details=to_json(heard),
    )
    notices.record(
        connection,
        id=services.new_id(),
        at=now,
        actor="system",
        action="inquiry.news",
        object_kind="inquiry",
        object_id=known.id,
        detail=news.summary,
    )
    if repeated and replace(after, refs=known.details.refs) == known.details:
        return []  # the CRMs hold all of it
    moved_from = known.stage if stage is not known.stage else None
    changed = replace(known, details=after, stage=stage)
    return owe(services, connection, changed, tasks, moved_from=moved_from)


def owe(
    services: Services,
    connection: Connection,
    known: KnownInquiry,
    tasks: Sequence[tuple[str, PlannedFollowUp]],
    *,
    moved_from: Stage | None = None,
    crms: Collection[str] | None = None,
) -> list[str]:
    """One more delivery of an inquiry to each CRM of its path, or to these; the ids of those that are due."""
    path = services.settings.paths.get(known.details.path)
    step = events.next_step(connection, known.id)
    rows = []
    for crm in path.crm if path else ():
        if crms is not None and crm not in crms:
            continue
        id_ = services.new_id()
        bundle = compile_bundle(
            key=id_,
            inquiry=known.details,
            borrower=facts_of(known),
            co_borrower=None,
            inquiry_id=known.id,
            follow_ups=tasks,
            decision=known.owner,
            playbook=services.playbook,
            crm=services.settings.crms[crm].mapping,
            missing=missing_information(known.details, services.playbook),
            stage=known.stage,
            moved_from=moved_from,
        )
        rows.append(
            deliveries.entry(
                services.sealer,
                id=id_,
                inquiry_id=known.id,
                borrower_id=known.borrower.id,
                crm=crm,
                bundle=bundle,
                now=services.now(),
                shadow=known.shadow,
                step=step,
            )
        )
    deliveries.add(connection, rows)
    return [str(row["id"]) for row in rows if row["state"] == "due"]


def _plan(
    services: Services, after: Inquiry, news: News, heard: Inquiry, known: KnownInquiry, stage: Stage
) -> PlannedFollowUp | None:
    # Who writes, calls or books after the end of it is answered all the same: it may be the next loan.
    over = stage is Stage.SPAM or (stage in OUTCOMES and news.kind in _PORTALS)
    if over or told_elsewhere(heard):
        return None
    return plan_after_news(after, news, heard, known.owner, services.playbook, now=services.now())


def earliest(before: datetime | None, plan: PlannedFollowUp | None, now: datetime) -> datetime | None:
    """The next date: a date that has passed is no longer next once there is a new one."""
    dates = [plan.due_at] if plan else []
    if before is not None and (before > now or not dates):
        dates.append(before)
    return min(dates, default=None)


def facts_of(known: KnownInquiry) -> BorrowerFacts:
    """The borrower as this inquiry has them."""
    profile = known.borrower.profile
    return BorrowerFacts(
        id=known.borrower.id,
        party=known.details.borrower,
        emails=profile.emails,
        phones=profile.phones,
        first_names=profile.first_names,
        shared_email=False,
        formerly=profile.formerly,
    )
