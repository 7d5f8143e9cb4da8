"""The decisions about one inquiry, made and stored in one transaction without any network."""

from __future__ import annotations

from sqlalchemy import Connection

from jobs.ledger import borrowers, deliveries, inquiries, notices, submissions
from jobs.ledger.inquiries import Decided
from jobs.ledger.submissions import Submission
from jobs.recognise import Recognised, recognise, save
from jobs.services import Services
from mapping.compile import compile_bundle
from mapping.followup import PlannedFollowUp, missing_information, plan_first_touch
from mapping.identity import Verdict, identity_keys
from mapping.inquiry import Inquiry
from mapping.ownership import OwnerDecision, advance, choose_owner


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
        recognised = recognise(services, parties, keys, known)
        return _store(services, connection, submission, inquiry, recognised)


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
    save(services, connection, recognised, sticky)
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
            crm=services.settings.crms[crm].mapping,
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
