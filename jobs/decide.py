"""The decisions about one inquiry, made and stored in one transaction without any network."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from jobs.ledger import borrowers, deliveries, inquiries, notices, submissions
from jobs.ledger.borrowers import Borrower
from jobs.ledger.inquiries import Decided
from jobs.ledger.submissions import Submission
from jobs.services import Services
from mapping.compile import BorrowerFacts, compile_bundle
from mapping.followup import PlannedFollowUp, missing_information, plan_first_touch
from mapping.identity import Identity, Verdict, identify, identity_keys
from mapping.inquiry import Inquiry, Party
from mapping.ownership import OwnerDecision, advance, choose_owner


@dataclass(frozen=True, slots=True)
class Recognised:
    """A party with the borrower it turned out to be, and the (kind, hash) keys heard from it."""

    borrower: Borrower
    known_before: bool
    identity: Identity
    shared_email: bool
    keys: tuple[tuple[str, str], ...]

    @property
    def facts(self) -> BorrowerFacts:
        """What the CRM is to know."""
        profile = self.borrower.profile
        return BorrowerFacts(
            id=self.borrower.id,
            party=profile.party,
            emails=profile.emails,
            phones=profile.phones,
            first_names=profile.first_names,
            shared_email=self.shared_email,
        )


def decide(services: Services, submission: Submission, inquiry: Inquiry) -> list[str]:
    """Store the inquiry with everything decided; the ids of the deliveries that are due.

    Somebody else having decided this submission meanwhile changes nothing and returns no ids.
    """
    parties = [party for party in (inquiry.borrower, inquiry.co_borrower) if party is not None]
    keys = [borrowers.hashed(services.sealer, identity_keys(party)) for party in parties]
    names = [f"person:{kind}:{hash_}" for each in keys for kind, hash_ in each]
    with services.ledger.write() as connection:
        # One sorted request for all locks: two inquiries of one person, or for one round robin, wait in line.
        services.ledger.lock(connection, *names, "owner_turn")
        if not submissions.settle(connection, submission.id, "processed"):
            return []
        known = borrowers.find(connection, services.sealer, [key for each in keys for key in each])
        recognised = _recognise(services, parties, keys, known)
        return _store(services, connection, submission, inquiry, recognised)


def _recognise(
    services: Services,
    parties: list[Party],
    keys: list[tuple[tuple[str, str], ...]],
    known: list[Borrower],
) -> list[Recognised]:
    result: list[Recognised] = []
    for index, party in enumerate(parties):
        other = parties[1 - index] if len(parties) > 1 else None
        # The co-borrower is a different person by their own word: never the one just recognised.
        taken = {one.borrower.id for one in result}
        candidates = [one for one in known if one.id not in taken]
        identity = identify(party, [one.known() for one in candidates], other_party=other)
        who, known_before = _who(services, party, identity, known)
        shared = _shares_email(party, who, known, [one.borrower for one in result])
        result.append(Recognised(who, known_before, identity, shared, keys[index]))
    return result


def _who(
    services: Services, party: Party, identity: Identity, known: list[Borrower]
) -> tuple[Borrower, bool]:
    """The borrower this party is, with what was heard now, and whether we knew them before."""
    same = identity.verdict is Verdict.SAME
    before = next((one for one in known if same and one.id == identity.borrower_id), None)
    if before is not None:
        profile = borrowers.merged(before.profile, party)
        return replace(before, profile=profile, inquiries=before.inquiries + 1), True
    relative = next((one for one in known if one.id == identity.household_with), None)
    household = relative.household_id if relative else ""
    return Borrower(services.new_id(), borrowers.merged(None, party), household, "", 1), False


def _shares_email(party: Party, who: Borrower, known: list[Borrower], named_first: list[Borrower]) -> bool:
    """A CRM may keep an address on one contact only: who came first, or was named first, keeps it."""
    earlier = [*named_first, *(one for one in known if one.id < who.id)]
    return bool(party.email) and any(party.email in one.profile.emails for one in earlier)


def _save(services: Services, connection: Connection, recognised: list[Recognised], owner: str) -> None:
    now = services.now()
    for index, one in enumerate(recognised):
        who = replace(one.borrower, owner=owner) if owner and index == 0 else one.borrower
        borrowers.save(connection, services.sealer, who, one.keys, now=now, new=not one.known_before)
    for one in recognised:
        if one.identity.household_with:
            _join_household(services, connection, one.identity.household_with, one.borrower)
    if len(recognised) > 1:
        first, second = (one.borrower for one in recognised)
        _join_household(services, connection, first.id, second, first.household_id)


def _join_household(
    services: Services, connection: Connection, id_: str, other: Borrower, household_id: str = ""
) -> None:
    """Into the household that either is in already, else into a new one."""
    known = other.household_id or household_id
    borrowers.join_household(
        connection, known or services.new_id(), (id_, other.id), services.now(), new=not known
    )


def _store(
    services: Services,
    connection: Connection,
    submission: Submission,
    inquiry: Inquiry,
    recognised: list[Recognised],
) -> list[str]:
    main, playbook, now = recognised[0], services.playbook, services.now()
    turns = inquiries.turns(connection)
    owner = choose_owner(inquiry, playbook, now=now, sticky=main.borrower.owner, turns=turns)
    if owner.method in ("round_robin", "rule"):
        inquiries.save_turns(connection, turns, dict(advance(turns, owner.owner, playbook.team)))
    # Sticky is who may act: the queue that holds an inquiry nobody is licensed for does not become its owner.
    sticky = owner.owner if owner.method not in ("fallback", "held") else ""
    _save(services, connection, recognised, sticky)
    plan = plan_first_touch(inquiry, owner, playbook, now=now, returning=main.known_before)
    path = services.settings.paths[submission.path]
    decided = Decided(
        id=services.new_id(),
        submission_id=submission.id,
        borrower_id=main.borrower.id,
        co_borrower_id=recognised[1].borrower.id if len(recognised) > 1 else "",
        inquiry=inquiry,
        owner=owner.owner,
        owner_name=owner.name,
        known_borrower=main.known_before,
        shadow=path.state == "shadow",
        playbook=f"{playbook.name}@{playbook.revision}",
        decisions=_explained(inquiry, recognised, owner, plan),
        missing=missing_information(inquiry, playbook),
        follow_ups=((services.new_id(), plan),),
    )
    inquiries.add(connection, services.sealer, decided)
    _alert(services, connection, decided, recognised, owner)
    return _owe(services, connection, decided, recognised, owner)


def _explained(
    inquiry: Inquiry, recognised: list[Recognised], owner: OwnerDecision, plan: PlannedFollowUp
) -> tuple[tuple[str, str], ...]:
    """Every decision in words, in the order they were made."""
    people = zip(("borrower", "co-borrower"), recognised, strict=False)
    return (
        ("type", f"{inquiry.type}: {inquiry.type_reason}"),
        *((role, f"{one.identity.verdict}: {'; '.join(one.identity.reasons)}") for role, one in people),
        *(("owner", reason) for reason in owner.reasons),
        *(("passed over", f"{member}: {why}") for member, why in owner.considered),
        ("follow-up", plan.reason),
    )


def _alert(
    services: Services,
    connection: Connection,
    decided: Decided,
    recognised: list[Recognised],
    owner: OwnerDecision,
) -> None:
    messages = [("owner", owner.alert)] if owner.alert else []
    if any(one.identity.verdict is Verdict.REVIEW for one in recognised):
        messages.append(
            ("review", "May be a borrower we know; it was opened as new and delivered meanwhile.")
        )
    for kind, message in messages:
        notices.raise_alert(
            connection,
            id=services.new_id(),
            at=services.now(),
            kind=kind,
            object_id=decided.id,
            message=message,
        )
    notices.record(
        connection,
        id=services.new_id(),
        at=services.now(),
        actor="system",
        action="inquiry.decided",
        object_kind="inquiry",
        object_id=decided.id,
        detail=f"{owner.method} under playbook {decided.playbook}",
    )


def _owe(
    services: Services,
    connection: Connection,
    decided: Decided,
    recognised: list[Recognised],
    owner: OwnerDecision,
) -> list[str]:
    """One delivery per CRM of the path; in shadow they are only kept for showing."""
    owed: list[str] = []
    for crm in services.settings.paths[decided.inquiry.path].crm:
        delivery_id = services.new_id()
        bundle = compile_bundle(
            key=delivery_id,
            inquiry=decided.inquiry,
            borrower=recognised[0].facts,
            co_borrower=recognised[1].facts if len(recognised) > 1 else None,
            inquiry_id=decided.id,
            follow_ups=decided.follow_ups,
            decision=owner,
            playbook=services.playbook,
            crm=services.settings.crms[crm].kind,
            missing=decided.missing,
        )
        deliveries.add(
            connection,
            services.sealer,
            id=delivery_id,
            inquiry_id=decided.id,
            borrower_id=decided.borrower_id,
            crm=crm,
            bundle=bundle,
            now=services.now(),
            shadow=decided.shadow,
        )
        owed.append(delivery_id)
    return [] if decided.shadow else owed
