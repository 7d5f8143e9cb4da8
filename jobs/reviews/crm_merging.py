"""Contacts of one person in a CRM: merged there where it can and may be, else marked for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row

from connectors.crm.base import RecordKind
from jobs.known import KnownInquiry, facts_of, load
from jobs.ledger import deliveries, events
from jobs.ledger.borrowers import Borrower
from jobs.services import Services
from mapping.consent.agreed import taken_back
from mapping.crm.bundle import Bundle, ContactRecord
from mapping.crm.closing import left_alone
from mapping.crm.compile import compile_bundle
from mapping.crm.duplicates import plan_contact_merge
from mapping.follow_up.first_task import PlannedFollowUp
from mapping.inquiry import Inquiry

Links = Mapping[tuple[RecordKind, str], str]
#: What people call the CRMs, by kind.
CRM_NAMES = {"hubspot": "HubSpot", "salesforce": "Salesforce", "highlevel": "HighLevel"}


@dataclass(frozen=True, slots=True)
class Owed:
    """A delivery that tells a CRM of a merge; follow_up_id is its task, "" when it has none."""

    delivery_id: str
    follow_up_id: str = ""


@dataclass(frozen=True, slots=True)
class CrmsTold:
    """What the CRMs know of a merge of gone into kept.

    asked are the inquiries that were gone's, pending their deliveries that are still to come, stood is who
    stood in each CRM before.
    """

    kept: Borrower
    gone_id: str
    asked: Sequence[str]
    pending: Sequence[Row[Any]]
    stood: Mapping[str, Links]

    def contacts(self, crm: str) -> tuple[str, str]:
        """The contacts of both in one CRM, "" where there is none."""
        links = self.stood[crm]
        return links.get(("contact", self.kept.id), ""), links.get(("contact", self.gone_id), "")

    def doubled(self, crm: str) -> bool:
        """Whether one person has, or may have, two contacts there: a delivery that was tried made one."""
        here, there = self.contacts(crm)
        tried = any(row.crm == crm and row.claims > 0 for row in self.pending)
        return bool(here) and (there != here if there else tried)


def owe_contact_merges(
    services: Services, connection: Connection, told: CrmsTold, closed: frozenset[str]
) -> list[Owed]:
    """What each CRM has to hear of a merge, once; closed are the channels that the person closed."""
    owed: list[Owed] = []
    done: set[str] = set()
    for inquiry_id in reversed(told.asked):
        known = load(connection, services, inquiry_id)
        known = replace(known, borrower=told.kept, details=_closed(known.details, closed))
        path = services.settings.paths.get(known.details.path)
        for crm in sorted(set(path.crm) - done) if path and not known.shadow else ():
            here, there = told.contacts(crm)
            doubled = told.doubled(crm)
            if doubled or (closed and (here or there)):
                done.add(crm)
                owed.append(_owe(services, connection, known, crm, told.gone_id if doubled else "", there))
            if closed and here and there and there != here:
                owed += _leave_alone(services, connection, known, crm, told.gone_id, closed)
    return owed


def _leave_alone(
    services: Services,
    connection: Connection,
    known: KnownInquiry,
    crm: str,
    double: str,
    closed: frozenset[str],
) -> list[Owed]:
    """As long as a contact stands there twice, the one that is too many says no as well."""
    rules = services.playbook.crm[services.settings.crms[crm].mapping].contact
    bare = Bundle(services.new_id(), (ContactRecord(double, {}),))
    bundle = left_alone(bare, double, closed, rules)
    return [_store(services, connection, known, crm, bundle)] if bundle != bare else []


def _closed(details: Inquiry, channels: frozenset[str]) -> Inquiry:
    return replace(details, consent=taken_back(details.consent, sorted(channels))) if channels else details


def _owe(
    services: Services, connection: Connection, known: KnownInquiry, crm: str, double: str, there: str
) -> Owed:
    """double is the borrower whose contact is one too many, "" when there is none; there is that contact."""
    merges_itself = services.settings.crms[crm].merge_contacts
    follow_up_id, tasks = "", list[tuple[str, PlannedFollowUp]]()
    if double and not merges_itself:
        follow_up_id = services.new_id()
        tasks = [(follow_up_id, _task(services, known, crm, there))]
        events.add_follow_up(connection, services.sealer, known.id, known.owner.owner, *tasks[0])
    bundle = _bundle(services, known, crm, tasks)
    if double and merges_itself:
        bundle = replace(bundle, absorbed=(double,))
    return replace(_store(services, connection, known, crm, bundle), follow_up_id=follow_up_id)


def _store(services: Services, connection: Connection, known: KnownInquiry, crm: str, bundle: Bundle) -> Owed:
    row = deliveries.entry(
        services.sealer,
        id=bundle.key,
        inquiry_id=known.id,
        borrower_id=known.borrower.id,
        crm=crm,
        bundle=bundle,
        now=services.now(),
        shadow=False,
        step=events.next_step(connection, known.id),
    )
    deliveries.add(connection, [row])
    return Owed(bundle.key)


def _task(services: Services, known: KnownInquiry, crm: str, there: str) -> PlannedFollowUp:
    connector = services.crms.get(crm)
    address = connector.record_url("contact", there) if connector and there else ""
    return plan_contact_merge(
        known.details,
        known.owner,
        services.playbook,
        now=services.now(),
        name=known.borrower.profile.party.full_name,
        crm=CRM_NAMES.get(services.settings.crms[crm].kind, crm),
        other_contact=address or (f"contact {there}" if there else ""),
    )


def _bundle(
    services: Services, known: KnownInquiry, crm: str, tasks: Sequence[tuple[str, PlannedFollowUp]]
) -> Bundle:
    """The contact as it is now and its task; the deals stand there already."""
    bundle = compile_bundle(
        key=services.new_id(),
        inquiry=known.details,
        borrower=replace(facts_of(known), party=known.borrower.profile.party),
        co_borrower=None,
        inquiry_id=known.id,
        follow_ups=tasks,
        decision=known.owner,
        playbook=services.playbook,
        crm=services.settings.crms[crm].mapping,
        missing=(),
        stage=known.stage,
    )
    return replace(bundle, deal=None)
