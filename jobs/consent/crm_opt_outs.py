"""Telling every CRM that holds a person to leave the person alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Connection

from jobs.known import KnownInquiry, load
from jobs.ledger import borrowers, deliveries, events, inquiries
from jobs.ledger.borrowers import Borrower
from jobs.services import Services
from mapping.crm.closing import left_alone
from mapping.crm.compile import BorrowerFacts, compile_contact


def change_waiting(
    services: Services, connection: Connection, borrower_id: str, channels: Collection[str]
) -> None:
    """What the CRMs are still owed must not bring a contact that a workflow there may write to."""
    for id_, crm, bundle in deliveries.waiting_of(connection, services.sealer, borrower_id):
        settings = services.settings.crms.get(crm)
        rules = services.playbook.crm[settings.mapping].contact if settings else ()
        after = left_alone(bundle, borrower_id, channels, rules)
        if after != bundle:
            deliveries.change_bundle(connection, services.sealer, id_, after)


def tell_the_others(
    services: Services,
    connection: Connection,
    borrower_id: str,
    channels: Sequence[str],
    told: Collection[str],
) -> list[str]:
    """CRMs that hold the person by another inquiry, or as a co-borrower: the contact alone."""
    crms = sorted(
        deliveries.crms_holding(connection, borrower_id) & services.settings.crms.keys() - set(told)
    )
    about = inquiries.newest_with(connection, borrower_id) if crms else ""
    if not about:
        return []
    who, known = borrowers.get(connection, services.sealer, borrower_id), load(connection, services, about)
    person, step = _person(who, channels), events.next_step(connection, about)
    rows = [_contact_alone(services, known, person, crm, step) for crm in crms]
    deliveries.add(connection, rows)
    return [str(row["id"]) for row in rows]


def _person(who: Borrower, channels: Sequence[str]) -> BorrowerFacts:
    profile = who.profile
    return BorrowerFacts(
        who.id,
        profile.party,
        profile.emails,
        profile.phones,
        profile.first_names,
        shared_email=False,
        formerly=profile.formerly,
        opted_out=frozenset(channels),
    )


def _contact_alone(
    services: Services, known: KnownInquiry, person: BorrowerFacts, crm: str, step: int
) -> dict[str, object]:
    """A delivery that brings nothing but the contact."""
    id_ = services.new_id()
    bundle = compile_contact(
        key=id_,
        inquiry=known.details,
        person=person,
        decision=known.owner,
        playbook=services.playbook,
        crm=services.settings.crms[crm].mapping,
    )
    return deliveries.entry(
        services.sealer,
        id=id_,
        inquiry_id=known.id,
        borrower_id=person.id,
        crm=crm,
        bundle=bundle,
        now=services.now(),
        shadow=False,
        lane="urgent",
        step=step,
    )
