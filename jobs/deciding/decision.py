"""What is decided about one inquiry, worked out before anything is stored: no database, no network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from msgspec import structs

from jobs.consent.closing import Closing
from jobs.consent.heeding import SaidBefore, heeding
from jobs.consent.saying import closings_of, said_in
from jobs.deciding.explaining import alerts, explained
from jobs.deciding.recognise import Recognised, parties_of, recognise, telling_keys
from jobs.first_touch.clock import begin
from jobs.follow_up.priority import first_priority
from jobs.ledger import borrowers, deliveries, events, holders, inquiries
from jobs.ledger.claims import Lane
from jobs.ledger.holders import Holders
from jobs.ledger.inquiries import Decided
from jobs.ledger.reviews import Review
from jobs.ledger.submissions import Submission
from jobs.paths.current import paths
from jobs.reviews.asking import questions
from jobs.services import Services
from mapping.consent.record import given_again
from mapping.crm.compile import compile_bundle
from mapping.follow_up.first_task import missing_information, plan_first_touch
from mapping.follow_up.standing_in import choose_present
from mapping.identity import IdentityRules, search_keys
from mapping.inquiry import NO_LOANS, Inquiry
from mapping.ownership.capacity import Loads, with_one_more
from mapping.ownership.owner import OwnerDecision, Standing, after_turn


@dataclass(frozen=True, slots=True)
class Case:
    """An inquiry to be decided, with the (kind, hash) keys of its parties, borrower first."""

    submission_id: str
    path: str
    lane: Lane
    inquiry: Inquiry
    keys: tuple[tuple[tuple[str, str], ...], ...]
    partner_id: str = ""  # who sent the borrower
    as_of: datetime | None = None  # the moment at which it is decided; None = now

    @property
    def all_keys(self) -> list[tuple[str, str]]:
        """The keys of every party."""
        return [key for each in self.keys for key in each]

    def telling_keys(self, rules: IdentityRules) -> list[tuple[str, str]]:
        """Those by which somebody is looked up."""
        return telling_keys(self.inquiry, self.keys, rules)


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything about one case, sealed and ready to be stored."""

    submission_id: str
    recognised: tuple[Recognised, ...]
    borrowers: tuple[borrowers.Entry, ...]
    inquiry: inquiries.Entry
    deliveries: tuple[Mapping[str, object], ...]
    alerts: tuple[Mapping[str, Any], ...]
    reviews: tuple[Review, ...]
    event: Mapping[str, Any]
    owner: OwnerDecision
    turns: Mapping[str, float]  # the round robin after this decision
    loads: Loads  # what the members have on the table after it
    refs: tuple[str, ...]  # hashed names under which the sender speaks of it
    said: tuple[Mapping[str, object], ...]  # the line in the record of consent, if anything was said
    closings: tuple[Closing, ...]  # what the borrower said no to for the first time
    first_touch: Mapping[str, object] | None  # the clock until somebody has to have been in touch
    pursued_instead_of: str = ""  # the borrower whose earlier inquiries are not pursued any more


def open_case(services: Services, submission: Submission, inquiry: Inquiry, partner_id: str = "") -> Case:
    """The case of an inquiry that was understood."""
    keys = tuple(holders.hashed(services.sealer, search_keys(party)) for party in parties_of(inquiry))
    return Case(submission.id, submission.path, submission.lane, inquiry, keys, partner_id)


def work_out(
    services: Services, case: Case, known: Holders, standing: Standing, before: SaidBefore
) -> Decision:
    """Who it is, who owns it, what happens next, and what the CRMs are to hold.

    standing is what the owner is chosen by, but for the borrower's present one; before is what was said
    about being contacted.
    """
    playbook, now = services.playbook, case.as_of or services.now()
    people = holders.those_with(known, services.sealer, case.all_keys)
    inquiry_id = services.new_id()
    found = recognise(
        case.inquiry,
        case.keys,
        people,
        known.crowded,
        services.new_id,
        inquiry_id=inquiry_id,
        rules=playbook.survivorship,
        identity_rules=playbook.identity,
        stored=known.stored,
    )
    recognised = [_left_alone(one, before) for one in found]
    main = recognised[0]
    closed = before.closed([hash_ for _, hash_ in main.keys], main.borrower.id)
    inquiry = heeding(case.inquiry, closed)
    beside = next((one.borrower.owner for one in recognised[1:]), "")
    standing = replace(standing, borrower_owner=main.borrower.owner, co_borrower_owner=beside)
    owner = choose_present(inquiry, playbook, standing, now=now, returning=main.known_before)
    plan = plan_first_touch(inquiry, owner, playbook, now=now, returning=main.known_before)
    shadow = paths(services)[case.path].state == "shadow"
    decided = Decided(
        id=inquiry_id,
        submission_id=case.submission_id,
        borrower_id=main.borrower.id,
        co_borrower_id=recognised[1].borrower.id if len(recognised) > 1 else "",
        partner_id=case.partner_id,
        inquiry=inquiry,
        owner=owner.owner,
        owner_name=owner.name,
        known_borrower=main.known_before,
        shadow=shadow,
        playbook=f"{playbook.name}@{playbook.revision}",
        decisions=explained(
            inquiry,
            recognised,
            owner,
            plan,
            takes_over=not shadow and _takes_over(inquiry, main, owner),
        ),
        missing=missing_information(inquiry, playbook),
        follow_ups=((services.new_id(), plan),),
        priority=first_priority(services, inquiry),
    )
    return _with_all_that_follows(services, case, decided, recognised, owner, standing, closed)


def _with_all_that_follows(
    services: Services,
    case: Case,
    decided: Decided,
    recognised: list[Recognised],
    owner: OwnerDecision,
    standing: Standing,
    closed: Mapping[str, str],
) -> Decision:
    """What is to be stored beside the inquiry itself; closed are channels closed before, and how."""
    inquiry, main = decided.inquiry, recognised[0]
    return Decision(
        submission_id=case.submission_id,
        recognised=tuple(recognised),
        borrowers=_borrowers(services, recognised, owner),
        inquiry=inquiries.entry(services.sealer, decided),
        deliveries=_owed(services, case, decided, recognised, owner),
        alerts=alerts(services, decided, recognised, owner, given_again(case.inquiry.consent, closed)),
        reviews=questions(services, decided.id, recognised),
        said=said_in(services, case.inquiry, decided.id, case.submission_id),
        closings=closings_of(case.inquiry, closed, decided.id, case.submission_id),
        event={
            "id": services.new_id(),
            "at": case.as_of or services.now(),
            "actor": "system",
            "action": "inquiry.decided",
            "object_kind": "inquiry",
            "object_id": decided.id,
            "detail": f"{owner.method} under playbook {decided.playbook}",
        },
        owner=owner,
        turns=after_turn(standing.turns, owner, services.playbook),
        loads=standing.loads if decided.shadow else with_one_more(standing.loads, owner.owner),
        refs=events.hashed_refs(services.sealer, inquiry.refs),
        first_touch=None
        if decided.shadow
        else begin(services, inquiry, decided.id, owner, decided.follow_ups[0], case.lane),
        pursued_instead_of=main.borrower.id if _takes_over(inquiry, main, owner) else "",
    )


def _takes_over(inquiry: Inquiry, main: Recognised, owner: OwnerDecision) -> bool:
    """Whether the borrower is pursued with this inquiry from now on: nobody is pursued twice at once.

    One that nobody may act on yet leaves the borrower to whoever pursues an earlier one.
    """
    return main.known_before and inquiry.type not in NO_LOANS and owner.may_act


def _left_alone(one: Recognised, before: SaidBefore) -> Recognised:
    """With the channels that this person asked us to leave, for the CRMs."""
    closed = before.closed([hash_ for _, hash_ in one.keys], one.borrower.id)
    return structs.replace(
        one, opted_out=frozenset(name for name, how in closed.items() if how == "opted_out")
    )


def _borrowers(
    services: Services, recognised: list[Recognised], owner: OwnerDecision
) -> tuple[borrowers.Entry, ...]:
    # Sticky is who may act: the queue that holds an inquiry nobody is licensed for does not become its owner.
    sticky = owner.owner if owner.may_act else ""
    people = [one.borrower for one in recognised]
    if sticky:
        people[0] = structs.replace(people[0], owner=sticky)
    return tuple(
        borrowers.entry(services.sealer, who, one.keys, now=services.now(), new=not one.known_before)
        for who, one in zip(people, recognised, strict=True)
    )


def _owed(
    services: Services, case: Case, decided: Decided, recognised: list[Recognised], owner: OwnerDecision
) -> tuple[Mapping[str, object], ...]:
    """One delivery per CRM of the path."""
    return tuple(
        _delivery(services, case.lane, decided, recognised, owner, crm)
        for crm in services.settings.paths[case.path].crm
    )


def _delivery(
    services: Services,
    lane: Lane,
    decided: Decided,
    recognised: list[Recognised],
    owner: OwnerDecision,
    crm: str,
) -> Mapping[str, object]:
    id_ = services.new_id()
    bundle = compile_bundle(
        key=id_,
        inquiry=decided.inquiry,
        borrower=recognised[0].facts,
        co_borrower=recognised[1].facts if len(recognised) > 1 else None,
        inquiry_id=decided.id,
        follow_ups=decided.follow_ups,
        decision=owner,
        playbook=services.playbook,
        crm=services.settings.crms[crm].mapping,
        missing=decided.missing,
        priority=decided.priority.score,
    )
    return deliveries.entry(
        services.sealer,
        id=id_,
        inquiry_id=decided.id,
        borrower_id=decided.borrower_id,
        crm=crm,
        bundle=bundle,
        now=services.now(),
        shadow=decided.shadow,
        lane=lane,
    )
