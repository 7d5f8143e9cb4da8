"""Bringing due deliveries to a CRM: claim under a lease, hand over in one batch, write down the receipts."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from connectors.crm.base import Outcome, Receipt, RecordKind, Rejected, Work
from jobs.consent.heard_in_crm import heed_opt_outs
from jobs.delivering.receipts import Handed, write_down
from jobs.ledger import claims, crms, delivered, follow_ups
from jobs.ledger.claims import LANES, Claimed, Lane
from jobs.ledger.crms import CrmState
from jobs.services import Services
from mapping.crm.bundle import Bundle

#: A delivery that outlived this many crashed workers, at last alone, is what crashes them.
_MOST_CRASHES = 8


@dataclass(frozen=True, slots=True)
class _Taken:
    """A batch before the connector has it; state is the CRM's when it was taken up."""

    state: CrmState
    claimed: Sequence[Claimed] = ()
    links: dict[tuple[RecordKind, str], str] = field(default_factory=dict)
    earlier: dict[str, Bundle] = field(default_factory=dict)


def deliver_due(services: Services, crm: str, lanes: Sequence[Lane] = LANES) -> int:
    """Take up what is due for one CRM in these lanes and deliver it as one batch; how many were taken up.

    Nothing is claimed while the CRM is silenced; while it is locked out or down, one delivery asks at a time.
    Backfill waits while what is left of the day's calls is kept for live inquiries.
    """
    token = services.new_id()
    with services.leases.hold(token):
        taken = _take(services, crm, token, lanes)
        if not taken.claimed:
            return 0
        handed = _hand_over(services, crm, token, taken)
        write_down(services, crm, handed)
    heed_opt_outs(services, crm, handed.receipts)
    return len(taken.claimed)


def seconds_until_due(services: Services, crm: str, lanes: Sequence[Lane] = LANES) -> float:
    """How long until the next delivery of these lanes may be taken up; infinite when nothing waits."""
    now = services.now()
    with services.ledger.read() as connection:
        state, due = _outlook(connection, crm, lanes, now)
    if due is None:
        return math.inf
    return (max(due, state.until or due) - now).total_seconds()


def _outlook(
    connection: Connection, crm: str, lanes: Sequence[Lane], now: datetime
) -> tuple[CrmState, datetime | None]:
    """The CRM's state, and when the next delivery that may be taken up is due."""
    state = crms.state(connection, crm)
    return state, claims.next_due_at(connection, crm, _open_lanes(state, lanes, now))


def _open_lanes(state: CrmState, lanes: Sequence[Lane], now: datetime) -> Sequence[Lane]:
    """What may be taken up: an opt-out by every thread, backfill only while calls are left for live ones."""
    short = state.calls_short(now)
    wanted = [lane for lane in lanes if lane != "backfill" or not short]
    return wanted if "urgent" in wanted else ["urgent", *wanted]


def _take(services: Services, crm: str, token: str, lanes: Sequence[Lane]) -> _Taken:
    now = services.now()
    with services.ledger.read() as connection:
        state, due = _outlook(connection, crm, lanes, now)
    # Looking costs nobody anything; taking up needs the writer's place.
    if due is None or due > now or state.silenced(now):
        return _Taken(state)
    with services.ledger.write() as connection:
        if state.probing:
            state = crms.locked_state(connection, services.ledger, crm)
            if state.silenced(now):
                return _Taken(state)  # somebody else is asking already
        rows = claims.claim(
            connection,
            crm=crm,
            token=token,
            now=now,
            lease=services.lease,
            limit=1 if state.probing else services.crms[crm].batch,
            lanes=_open_lanes(state, lanes, now),
        )
        if rows and state.probing:
            crms.hold_back(connection, crm, now + services.lease)
    claimed = claims.opened(rows, services.sealer)
    with services.ledger.read() as connection:
        gone = follow_ups.called_off(connection, [task.key for one in claimed for task in one.bundle.tasks])
        claimed = [_without(one, gone) for one in claimed]
        links = crms.links(connection, crm, [key for one in claimed for key in _keys(one)])
        known = [key for one in claimed for key in _borrowers(one) if ("contact", key) in links]
        last = delivered.last_of(connection, crm, known)
    return _Taken(state, claimed, links, delivered.opened(last, services.sealer))


def _without(claimed: Claimed, gone: Collection[str]) -> Claimed:
    """The delivery without the tasks that were called off meanwhile; what an earlier attempt may have made of
    them is closed."""
    bundle = claimed.bundle
    off = [task.key for task in bundle.tasks if task.key in gone]
    if not off:
        return claimed
    kept = tuple(task for task in bundle.tasks if task.key not in gone)
    closed = (*bundle.closed, *(off if claimed.claims > 0 else ()))
    return replace(claimed, bundle=replace(bundle, tasks=kept, closed=closed))


def _borrowers(claimed: Claimed) -> list[str]:
    """Whom a first attempt brings; a later one looks for itself."""
    return [contact.key for contact in claimed.bundle.contacts] if claimed.claims == 0 else []


def _keys(claimed: Claimed) -> list[str]:
    bundle = claimed.bundle
    keys = [contact.key for contact in bundle.contacts] + [task.key for task in bundle.tasks]
    keys += (*bundle.closed, *bundle.absorbed)
    keys += (bundle.move.taken_from, *bundle.move.tasks) if bundle.move else ()
    return keys + ([bundle.deal.key] if bundle.deal else [])


def _hand_over(services: Services, crm: str, token: str, taken: _Taken) -> Handed:
    started_at, connector, claimed = services.now(), services.crms[crm], taken.claimed
    if claimed[0].crashes >= _MOST_CRASHES:
        poisonous = [_poisonous(one) for one in claimed]
        return Handed(claimed, taken.links, poisonous, token, started_at, calls=0.0, asked=False)
    before = connector.calls
    receipts = connector.deliver([_work(one, taken) for one in claimed])
    calls = (connector.calls - before) / len(claimed)
    excused = taken.state.state == "down"
    return Handed(claimed, taken.links, receipts, token, started_at, calls, excused=excused)


def _work(claimed: Claimed, taken: _Taken) -> Work:
    # Taken up before: its outcome may be unknown, so look before creating.
    return Work(claimed.bundle, taken.links, look_first=claimed.claims > 0, earlier=taken.earlier)


def _poisonous(one: Claimed) -> Receipt:
    error = Rejected(
        f"Delivering this stopped the program {one.crashes} times.",
        remedy="Report it; press Retry after the update.",
    )
    return Receipt(one.bundle.key, (Outcome("contact", one.bundle.contacts[0].key, error=error),))
