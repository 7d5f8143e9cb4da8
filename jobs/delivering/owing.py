"""What the CRMs are owed when something about an inquiry is new: one more delivery for each of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from jobs.follow_up.left_to_highlevel import to_be_stopped
from jobs.known import KnownInquiry, facts_of
from jobs.ledger import deliveries, events
from jobs.ledger.claims import Lane
from jobs.services import Services
from mapping.crm.bundle import Bundle, FollowUpStart, Move
from mapping.crm.compile import compile_bundle
from mapping.follow_up.checklist import still_missing
from mapping.follow_up.first_task import PlannedFollowUp
from mapping.inquiry import Stage


@dataclass(frozen=True, slots=True)
class Change:
    """What is new, beside how the inquiry stands now.

    closed are follow-ups that were called off, done those of them that somebody has done; left are tasks that
    HighLevel does itself after start; owner_from is the owner the CRMs were told before, when it is another
    one now. quiet: it is about follow-ups only, so that the deal need not be read. move: the deal hangs on
    another borrower's contact there.
    """

    tasks: Sequence[tuple[str, PlannedFollowUp]] = ()
    moved_from: Stage | None = None
    closed: Sequence[str] = ()
    done: Collection[str] = ()
    left: Collection[str] = ()
    start: FollowUpStart | None = None
    owner_from: str = ""
    quiet: bool = False
    move: Move | None = None


def owe(
    services: Services,
    connection: Connection,
    known: KnownInquiry,
    change: Change,
    *,
    crms: Collection[str] | None = None,
    lane: Lane = "live",
) -> list[str]:
    """One more delivery of an inquiry to each CRM of its path, or to these; the ids of those that are due."""
    step = events.next_step(connection, known.id)
    rows = [
        deliveries.entry(
            services.sealer,
            id=bundle.key,
            inquiry_id=known.id,
            borrower_id=known.borrower.id,
            crm=crm,
            bundle=bundle,
            now=services.now(),
            shadow=known.shadow,
            lane=lane,
            step=step,
        )
        for crm, bundle in _bundles(services, connection, known, change, crms)
    ]
    deliveries.add(connection, rows)
    return [str(row["id"]) for row in rows if row["state"] == "due"]


def _bundles(
    services: Services,
    connection: Connection,
    known: KnownInquiry,
    change: Change,
    crms: Collection[str] | None,
) -> Iterator[tuple[str, Bundle]]:
    """For each CRM that is told."""
    path = services.settings.paths.get(known.details.path)
    told = [crm for crm in path.crm if crms is None or crm in crms] if path else []
    by_itself = {crm for crm in told if services.settings.crms[crm].kind == "highlevel"}
    stops = to_be_stopped(services, connection, known, change.closed, change.start) if by_itself else ()
    for crm in told:
        here, ended = (change, stops) if crm in by_itself else (replace(change, left=(), start=None), ())
        here = replace(here, tasks=[one for one in here.tasks if one[0] not in here.left])
        news = here.tasks or here.closed or here.start or ended or here.moved_from
        if news or not change.tasks:  # else HighLevel is at it already
            yield crm, _bundle(services, known, here, crm, ended)


def _bundle(
    services: Services, known: KnownInquiry, change: Change, crm: str, stops: tuple[FollowUpStart, ...]
) -> Bundle:
    bundle = compile_bundle(
        key=services.new_id(),
        inquiry=known.details,
        borrower=facts_of(known),
        co_borrower=None,
        inquiry_id=known.id,
        follow_ups=change.tasks,
        decision=known.owner,
        playbook=services.playbook,
        crm=services.settings.crms[crm].mapping,
        missing=still_missing(known.details, services.playbook, known.stage),
        stage=known.stage,
        moved_from=change.moved_from,
        owner_from=change.owner_from,
        priority=known.priority,
    )
    deal = bundle.deal
    return replace(
        bundle,
        deal=replace(deal, overwrite=frozenset()) if change.quiet and deal else deal,
        closed=tuple(change.closed),
        done=frozenset(change.done),
        start=change.start,
        stops=stops,
        move=change.move,
    )
