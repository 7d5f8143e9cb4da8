"""Speed to lead: what nobody did in time is looked at in the CRM, and given to the next one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from connectors.crm.base import CrmError, RateLimited, Seen, Watched
from jobs.first_touch.clock import end, end_if_settled
from jobs.first_touch.handing_on import hand_on
from jobs.first_touch.peoples_deeds import mirror, what_people_did
from jobs.known import load
from jobs.ledger import crms, first_touches
from jobs.ledger.first_touches import Clock
from jobs.services import Services
from mapping.follow_up.first_touch import clock_ends

#: So many are looked at in one round: HubSpot reads them all in two calls.
_TOGETHER = 20
#: How long whoever looks may take; what a crash left is looked at again after it.
_TAKEN_FOR = timedelta(minutes=2)
#: What cannot be known now is asked again later: the CRM is down or silenced, or has not been told yet.
_LATER = timedelta(minutes=1)
_MUCH_LATER = timedelta(minutes=15)
#: Whom nobody could ask about for so long, nobody is given any more.
_TOO_OLD = timedelta(days=7)


@dataclass(slots=True)
class _Case:
    """One clock that we took, with what is to be looked at in each CRM, and what was seen there."""

    clock: Clock
    watched: Mapping[str, Watched]
    seen: dict[str, Seen] = field(default_factory=dict)
    later: timedelta | None = None


def reassign_due(services: Services) -> int:
    """Look after the first touches that are due now; how many. Raises LedgerUnavailable.

    Each is taken by one worker, looked at once, and concluded in one transaction; what a crash interrupts is
    looked at again. Nothing is given on while a CRM cannot be asked.
    """
    now = services.now()
    with services.ledger.read() as connection:
        found = first_touches.due(connection, now, _TOGETHER)
    if not found:
        return 0
    cases = [case for clock in found if (case := _take(services, clock)) is not None]
    for crm in services.crms:
        _look(services, crm, [case for case in cases if crm in case.watched and case.later is None])
    owed = [id_ for case in cases for id_ in _conclude(services, case)]
    for delivery_id in owed:
        services.bell.ring("deliver", delivery_id)
    return len(found)


def _take(services: Services, clock: Clock) -> _Case | None:
    """The case to be looked at; None when it is settled here, was put off, or is somebody else's."""
    now = services.now()
    with services.ledger.write() as connection:
        services.ledger.lock(connection, f"inquiry:{clock.inquiry_id}")
        if end_if_settled(services, connection, clock):
            return None
        if now - clock.since > _TOO_OLD:
            end(services, connection, clock, "stopped", "The CRM could not be asked for a week.")
            return None
        wait = _not_yet(services, connection, clock, now)
        if wait is not None:
            first_touches.put_off(connection, clock, wait)
            return None
        watched = _watched(services, connection, clock)
        if watched is None:
            first_touches.put_off(connection, clock, now + _MUCH_LATER)
            return None
        until = now + _TAKEN_FOR
        if not first_touches.put_off(connection, clock, until):
            return None
    return _Case(replace(clock, due_at=until), watched)


def _not_yet(services: Services, connection: Connection, clock: Clock, now: datetime) -> datetime | None:
    """When to look, if not now: the owner has the rule's time from when the CRMs had the inquiry."""
    came = first_touches.arrival(connection, clock.inquiry_id, clock.since)
    if came.waiting or came.at is None:
        return now + _LATER
    if came.dead:
        return now + _MUCH_LATER  # a person's turn: until then the owner may have nothing to do it by
    known = load(connection, services, clock.inquiry_id)
    task = first_touches.task(connection, clock.follow_up_id)
    since = max(clock.since, came.at)
    does = task.owner or known.owner.owner
    ends = clock_ends(known.details, does, task.channel, task.due_at, services.playbook, since=since)
    return ends if ends > now else None


def _watched(services: Services, connection: Connection, clock: Clock) -> Mapping[str, Watched] | None:
    """What to look at in each CRM of the path; None when one of them cannot be asked now."""
    known, now = load(connection, services, clock.inquiry_id), services.now()
    path = services.settings.paths.get(known.details.path)
    found: dict[str, Watched] = {}
    for crm in path.crm if path else ():
        state = crms.state(connection, crm)
        links = crms.links(connection, crm, (known.id, clock.follow_up_id, known.borrower.id))
        deal, task = links.get(("deal", known.id)), links.get(("task", clock.follow_up_id))
        contact = links.get(("contact", known.borrower.id))
        if state.silenced(now) or state.probing or not (deal and task and contact):
            return None
        found[crm] = Watched(deal, task, contact)
    return found or None


def _look(services: Services, crm: str, cases: Sequence[_Case]) -> None:
    """One look for all of them. A CRM that does not answer tells nothing: they are asked about later."""
    if not cases:
        return
    try:
        seen = services.crms[crm].look([case.watched[crm] for case in cases])
    except CrmError as error:
        wait = timedelta(seconds=error.retry_after) if isinstance(error, RateLimited) else _LATER
        for case in cases:
            case.later = max(wait, _LATER)
        return
    for case, how in zip(cases, seen, strict=True):
        case.seen[crm] = how


def _conclude(services: Services, case: _Case) -> list[str]:
    """What follows from the look, in one transaction; the deliveries that are due."""
    clock, now = case.clock, services.now()
    with services.ledger.write() as connection:
        services.ledger.lock(connection, f"inquiry:{clock.inquiry_id}", "owner_turn")
        if first_touches.get(connection, clock.inquiry_id) != clock:
            return []  # it took us too long, and somebody else has it
        if case.later is not None:
            first_touches.put_off(connection, clock, now + case.later)
            return []
        if end_if_settled(services, connection, clock):
            return []
        known = load(connection, services, clock.inquiry_id)
        task = first_touches.task(connection, clock.follow_up_id)
        deed = what_people_did(case.seen, known, services, does=task.owner)
        if deed is not None:
            end(services, connection, clock, deed.state, deed.words)
            return mirror(services, connection, known, deed)
        return hand_on(services, connection, known, clock)
