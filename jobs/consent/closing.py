"""Channels closed for a person: what is planned on them stops, and every CRM that holds them hears it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from jobs.consent.crm_opt_outs import change_waiting, tell_the_others
from jobs.delivering.owing import Change, owe
from jobs.first_touch.clock import settle
from jobs.known import KnownInquiry, load
from jobs.ledger import consents, events, follow_ups, inquiries, notices, plans, suppressions
from jobs.ledger.claims import Lane
from jobs.ledger.codec import to_json
from jobs.ledger.consents import Evidence
from jobs.services import Services
from mapping.consent.agreed import refused, taken_back, without
from mapping.consent.record import Said
from mapping.crm.closing import tasks_over
from mapping.follow_up.first_task import PlannedFollowUp, plan_first_touch
from mapping.follow_up.news import OUTCOMES
from mapping.inquiry import Inquiry

#: The channels of consent as people say them.
CHANNEL_NAMES = {"email": "email", "phone": "calls", "sms": "texts"}


@dataclass(frozen=True, slots=True)
class Closing:
    """Which channels are closed, and on whose word.

    opted_out: the person asked to be left alone, which the CRMs are told about the contact itself; False: a
    no on a form. way is the intake path it came by, "desk" or a CRM's name; besides is the inquiry that says
    so itself and needs no change. by_another: it is about somebody with the same number or address.
    """

    channels: tuple[str, ...]
    way: str
    evidence: Evidence
    heard: Inquiry
    opted_out: bool = True
    submission_id: str = ""
    actor: str = "system"
    besides: str = ""
    by_another: bool = False


def leave_alone(
    services: Services, connection: Connection, borrower_id: str, hashes: Sequence[str], closing: Closing
) -> list[str]:
    """Suppress these addresses and numbers, and close the channels for everybody whom they reach.

    borrower_id asked for it; the ids of the deliveries that are due. An opt-out is about a number: whether
    the others who gave it are the same person need not be known.
    """
    now = services.now()
    suppressions.suppress(connection, hashes, closing.channels, closing.submission_id, now)
    owed = close_channels(services, connection, borrower_id, closing)
    for other in suppressions.sharing(connection, hashes):
        if other != borrower_id:
            record(services, connection, closing, inquiries.of_borrower(connection, other)[:1], now)
            owed += close_channels(services, connection, other, replace(closing, by_another=True))
    return owed


def close_channels(
    services: Services, connection: Connection, borrower_id: str, closing: Closing
) -> list[str]:
    """Close them in every open inquiry of a borrower; the ids of the deliveries that are due.

    Planned follow-ups on these channels are cancelled, and where nothing else is planned another task is.
    With an opt-out every CRM that holds the person is told ahead of everything else, and what it is still
    owed from before says so too. Whoever is called has locked the person's keys. Safe to repeat.
    """
    ids = [one for one in inquiries.of_borrower(connection, borrower_id) if one != closing.besides]
    services.ledger.lock(connection, *(f"inquiry:{one}" for one in ids))
    known = [load(connection, services, one, as_stored=True) for one in ids]
    standing = [one for one in known if one.stage not in OUTCOMES] or known[:1]
    owed: list[str] = []
    told: set[str] = set()
    for one in standing:
        stopped = events.cancel_follow_ups(connection, one.id, channels=tasks_over(closing.channels))
        if stopped or not _closed_already(one, closing):
            owed += _close(services, connection, one, closing, stopped)
            told |= set(_crms_of(services, one))
    if closing.opted_out:
        change_waiting(services, connection, borrower_id, closing.channels)
        owed += tell_the_others(services, connection, borrower_id, closing.channels, told)
    return owed


def _closed_already(known: KnownInquiry, closing: Closing) -> bool:
    consent = known.details.consent
    said = consent.opted_out if closing.opted_out else refused(consent)
    return set(closing.channels) <= set(said)


def _close(
    services: Services, connection: Connection, known: KnownInquiry, closing: Closing, stopped: Sequence[str]
) -> list[str]:
    """Close them in one inquiry; stopped are its tasks that were called off. Its plan is looked at anew."""
    consent = known.details.consent
    narrower = taken_back if closing.opted_out else without
    after = replace(known.details, consent=narrower(consent, closing.channels))
    changed = replace(known, details=after)
    tasks = _instead(services, connection, changed)
    for id_, task in tasks:
        events.add_follow_up(connection, services.sealer, known.id, known.owner.owner, id_, task)
    plans.look_now(connection, known.id, services.now())
    coming = follow_ups.next_due(connection, known.id, services.now())
    due = known.next_follow_up_at if known.stage in OUTCOMES else coming or known.next_follow_up_at
    events.change_inquiry(connection, services.sealer, known.id, after, known.stage, due)
    _write_down(services, connection, known.id, closing)
    if stopped:
        settle(services, connection, known.id)  # nobody is given on what nobody may do
    lane: Lane = "urgent" if closing.opted_out else "live"
    return owe(services, connection, changed, Change(tasks, closed=stopped), lane=lane)


def _instead(
    services: Services, connection: Connection, known: KnownInquiry
) -> list[tuple[str, PlannedFollowUp]]:
    """Another task, where the inquiry is open and nothing else is planned any more."""
    if known.stage in OUTCOMES or follow_ups.next_due(connection, known.id, services.now()):
        return []
    plan = plan_first_touch(known.details, known.owner, services.playbook, now=services.now(), returning=True)
    return [(services.new_id(), plan)]


def _write_down(services: Services, connection: Connection, inquiry_id: str, closing: Closing) -> None:
    """For the inquiry's page, the desk's alerts and the audit trail."""
    channels = ", ".join(CHANNEL_NAMES[one] for one in closing.channels)
    who = "Somebody with the same number or address" if closing.by_another else "The borrower"
    words = f"{who} asked for no more {channels}."
    now, heard = services.now(), to_json(closing.heard)
    if not closing.opted_out:
        words = f"Closed, because a later inquiry says no to {channels}."
    event = {"kind": "withdrawal", "summary": words, "details": heard, "submission_id": ""}
    events.add(connection, services.sealer, id=services.new_id(), inquiry_id=inquiry_id, at=now, **event)
    notices.raise_alert(
        connection, id=services.new_id(), at=now, kind="withdrawal", object_id=inquiry_id, message=words
    )
    notices.record(
        connection,
        id=services.new_id(),
        at=now,
        actor=closing.actor,
        action="consent.withdrawn",
        object_kind="inquiry",
        object_id=inquiry_id,
        detail=f"{channels}, by {closing.way}",
    )


def record(
    services: Services, connection: Connection, closing: Closing, inquiry_ids: Sequence[str], at: datetime
) -> None:
    """Keep the evidence: one line for each inquiry it is about, one alone when it is about nobody we know."""
    said = Said(at, "withdrawn", dict.fromkeys(closing.channels, False))
    rows = [
        consents.row(
            services.sealer,
            id=services.new_id(),
            said=said,
            way=closing.way,
            inquiry_id=inquiry_id,
            submission_id=closing.submission_id,
            evidence=closing.evidence,
        )
        for inquiry_id in inquiry_ids or ("",)
    ]
    consents.add(connection, rows)


def _crms_of(services: Services, known: KnownInquiry) -> Sequence[str]:
    path = services.settings.paths.get(known.details.path)
    return path.crm if path else ()
