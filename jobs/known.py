"""An inquiry as it stands in the ledger, and what the CRMs are owed when something about it is new."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, select

from jobs.follow_up.left_to_highlevel import to_be_stopped
from jobs.ledger import borrowers, deliveries, events, suppressions
from jobs.ledger.borrowers import Borrower
from jobs.ledger.claims import Lane
from jobs.ledger.codec import from_json
from jobs.ledger.tables import inquiry as inquiry_table
from jobs.services import Services
from mapping.consent.agreed import taken_back
from mapping.crm.bundle import FollowUpStart, Move
from mapping.crm.compile import BorrowerFacts, compile_bundle
from mapping.follow_up.checklist import still_missing
from mapping.follow_up.first_task import PlannedFollowUp
from mapping.inquiry import Inquiry, Stage
from mapping.ownership.owner import OwnerDecision


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
    priority: int | None = None


def load(
    connection: Connection, services: Services, inquiry_id: str, *, as_stored: bool = False
) -> KnownInquiry:
    """The inquiry, opened.

    Its consent is closed where the borrower has left a channel by now, also by an inquiry that was somebody
    else's before a merge; as_stored: as it was written down.
    """
    row = connection.execute(select(inquiry_table).where(inquiry_table.c.id == inquiry_id)).one()
    details = from_json(services.sealer.open_json(row.details, f"inquiry.details:{inquiry_id}"), Inquiry)
    if not as_stored and (left := suppressions.of_people(connection, [row.borrower_id])):
        closed = sorted(channel for _, channel in left)
        details = replace(details, consent=taken_back(details.consent, closed))
    who = borrowers.get(connection, services.sealer, row.borrower_id)
    kept = "The owner of the inquiry stays." if row.owner else "Nobody owns the inquiry yet."
    owner = OwnerDecision(row.owner, row.owner_name, "sticky", (kept,), (), "")
    return KnownInquiry(
        row.id,
        details,
        who,
        Stage(row.stage),
        owner,
        row.shadow,
        row.next_follow_up_at,
        row.priority,
    )


def owe(
    services: Services,
    connection: Connection,
    known: KnownInquiry,
    tasks: Sequence[tuple[str, PlannedFollowUp]],
    *,
    moved_from: Stage | None = None,
    crms: Collection[str] | None = None,
    closed: Sequence[str] = (),
    left: Collection[str] = (),
    start: FollowUpStart | None = None,
    owner_from: str = "",
    lane: Lane = "live",
    done: Collection[str] = (),
    quiet: bool = False,
    move: Move | None = None,
) -> list[str]:
    """One more delivery of an inquiry to each CRM of its path, or to these; the ids of those that are due.

    closed are follow-ups that were called off, done those of them that somebody has done; left are tasks that
    HighLevel does itself after start; owner_from is the owner the CRMs were told before, when it is another
    one now. quiet: it is about follow-ups only, so that the deal need not be read. move: the deal hangs on
    another borrower's contact there.
    """
    path = services.settings.paths.get(known.details.path)
    step = events.next_step(connection, known.id)
    told = [crm for crm in path.crm if crms is None or crm in crms] if path else []
    kinds = {services.settings.crms[crm].kind for crm in told}
    stops = to_be_stopped(services, connection, known, closed, start) if "highlevel" in kinds else ()
    rows = []
    for crm in told:
        id_, theirs = services.new_id(), services.settings.crms[crm].kind == "highlevel"
        mine = [one for one in tasks if not (theirs and one[0] in left)]
        begun, ended = (start, stops) if theirs else (None, ())
        if tasks and not (mine or closed or begun or ended or moved_from):
            continue  # HighLevel is at it already
        bundle = compile_bundle(
            key=id_,
            inquiry=known.details,
            borrower=facts_of(known),
            co_borrower=None,
            inquiry_id=known.id,
            follow_ups=mine,
            decision=known.owner,
            playbook=services.playbook,
            crm=services.settings.crms[crm].mapping,
            missing=still_missing(known.details, services.playbook, known.stage),
            stage=known.stage,
            moved_from=moved_from,
            owner_from=owner_from,
            priority=known.priority,
        )
        if quiet and bundle.deal:
            bundle = replace(bundle, deal=replace(bundle.deal, overwrite=frozenset()))
        bundle = replace(
            bundle,
            closed=tuple(closed),
            done=frozenset(done),
            start=begun,
            stops=ended,
            move=move,
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
                lane=lane,
                step=step,
            )
        )
    deliveries.add(connection, rows)
    return [str(row["id"]) for row in rows if row["state"] == "due"]


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
