"""Bringing due deliveries to a CRM: claim under a lease, hand over in one batch, write down the receipts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from connectors.crm.base import (
    AuthFailed,
    CrmError,
    Outcome,
    RateLimited,
    Receipt,
    RecordKind,
    Rejected,
    Work,
)
from jobs.ledger import crms, deliveries, inquiries, notices
from jobs.ledger.crms import CrmState
from jobs.ledger.deliveries import Attempt, Claimed, Settlement
from jobs.retry import Verdict, after
from jobs.services import Services

_log = structlog.get_logger()
#: While the credentials are refused, one delivery asks again this often: a repaired token drains the rest.
_PROBE = timedelta(seconds=30)
#: A delivery that outlived this many crashed workers, at last alone, is what crashes them.
_MOST_CRASHES = 8


@dataclass(frozen=True, slots=True)
class _Handed:
    """A batch after the connector had it."""

    claimed: Sequence[Claimed]
    links: Mapping[tuple[RecordKind, str], str]  # known before
    receipts: Sequence[Receipt]
    token: str
    started_at: datetime
    calls: float


def deliver_due(services: Services, crm: str) -> int:
    """Take up what is due for one CRM and deliver it as one batch; how many were taken up.

    Nothing is claimed while the CRM is paused or silenced.
    """
    token = services.new_id()
    with services.leases.hold(token):
        claimed, links = _claim(services, crm, token)
        if not claimed:
            return 0
        started_at, connector = services.now(), services.crms[crm]
        before = connector.calls
        if claimed[0].crashes >= _MOST_CRASHES:
            receipts: Sequence[Receipt] = [_poisonous(one) for one in claimed]
        else:
            receipts = connector.deliver([_work(one, links) for one in claimed])
        handed = _Handed(
            claimed, links, receipts, token, started_at, (connector.calls - before) / len(claimed)
        )
        _write_down(services, crm, handed)
    return len(claimed)


def seconds_until_due(services: Services, crm: str) -> float:
    """How long until the next delivery of this CRM may be taken up; infinite when nothing waits."""
    with services.ledger.read() as connection:
        due = deliveries.next_due_at(connection, crm)
        state = crms.state(connection, crm)
    if due is None:
        return math.inf
    return (max(due, state.until or due) - services.now()).total_seconds()


def _claim(
    services: Services, crm: str, token: str
) -> tuple[list[Claimed], dict[tuple[RecordKind, str], str]]:
    now = services.now()
    with services.ledger.read() as connection:
        state = crms.state(connection, crm)
        due = deliveries.next_due_at(connection, crm)
    # Looking costs nobody anything; taking up needs the writer's place.
    if due is None or due > now or (state.until is not None and state.until > now):
        return [], {}
    with services.ledger.write() as connection:
        rows = deliveries.claim(
            connection,
            crm=crm,
            token=token,
            now=now,
            lease=services.lease,
            limit=1 if state.state == "paused" else services.settings.work.batch,
        )
    claimed = deliveries.opened(rows, services.sealer)
    with services.ledger.read() as connection:
        return claimed, crms.links(connection, crm, [key for one in claimed for key in _keys(one)])


def _keys(claimed: Claimed) -> list[str]:
    bundle = claimed.bundle
    keys = [contact.key for contact in bundle.contacts] + [task.key for task in bundle.tasks]
    return keys + ([bundle.deal.key] if bundle.deal else [])


def _work(claimed: Claimed, links: dict[tuple[RecordKind, str], str]) -> Work:
    # Taken up before: its outcome may be unknown, so look before creating.
    return Work(claimed.bundle, links, look_first=claimed.claims > 0)


def _poisonous(one: Claimed) -> Receipt:
    error = Rejected(
        f"Delivering this stopped the program {one.crashes} times.",
        remedy="Report it; press Retry after the update.",
    )
    return Receipt(one.bundle.key, (Outcome("contact", one.bundle.contacts[0].key, error=error),))


def _write_down(services: Services, crm: str, handed: _Handed) -> None:
    now = services.now()
    with services.ledger.write() as connection:
        held = deliveries.held(connection, handed.token)
        found: dict[tuple[RecordKind, str], str] = {}
        delivered: list[str] = []
        settled: list[Settlement] = []
        attempts: list[Attempt] = []
        for one, receipt in zip(handed.claimed, handed.receipts, strict=True):
            late = one.id not in held
            new = _links(receipt)
            progressed = bool(new.keys() - handed.links.keys())
            verdict = after(one, receipt.error, now, services.dice, progressed=progressed)
            attempts.append(
                _attempt(services, one, receipt, handed, now, "late" if late else verdict.outcome)
            )
            if late:
                # Another worker has it by now and will look for itself: this result is history only.
                _log.warning("delivery_late", delivery=one.id)
                continue
            found.update(new)
            settled.append(_settlement(one, verdict))
            if verdict.state == "delivered":
                delivered.append(one.inquiry_id)
            elif verdict.state == "dead":
                _tell(services, connection, one, verdict, now)
            _log.info("delivery", delivery=one.id, crm=crm, outcome=verdict.outcome)
        deliveries.settle(connection, settled, now)
        crms.save_links(connection, services.ledger, crm, found, now)
        inquiries.mark_follow_ups(connection, delivered, "in_crm")
        deliveries.add_attempts(connection, attempts)
        _note_state(services, connection, crm, [receipt.error for receipt in handed.receipts], now)


def _links(receipt: Receipt) -> dict[tuple[RecordKind, str], str]:
    return {(one.kind, one.key): one.remote_id for one in receipt.outcomes if one.remote_id and not one.error}


def _settlement(one: Claimed, verdict: Verdict) -> Settlement:
    error = verdict.error
    return Settlement(
        id=one.id,
        state=verdict.state,
        attempts=verdict.attempts,
        next_attempt_at=verdict.next_attempt_at,
        error_code=error.code if error else "",
        error=str(error) if error else "",
        remedy=error.remedy if error else "",
    )


def _attempt(
    services: Services, one: Claimed, receipt: Receipt, handed: _Handed, now: datetime, outcome: str
) -> Attempt:
    detail = tuple(
        {
            "kind": each.kind,
            "action": each.action or "",
            "remote_id": each.remote_id,
            "error": str(each.error) if each.error else "",
            "note": each.note,
        }
        for each in receipt.outcomes
    )
    return Attempt(services.new_id(), one.id, handed.started_at, now, outcome, detail, handed.calls)


def _tell(services: Services, connection: Connection, one: Claimed, verdict: Verdict, now: datetime) -> None:
    notices.raise_alert(
        connection,
        id=services.new_id(),
        at=now,
        kind="delivery",
        object_id=one.id,
        message=f"An inquiry was not delivered: {verdict.error}",
    )


def _note_state(
    services: Services, connection: Connection, crm: str, errors: Sequence[CrmError | None], now: datetime
) -> None:
    """Pause the CRM when its credentials fail, silence it for its limit, and clear both when it works."""
    new = CrmState()
    for error in errors:
        if isinstance(error, AuthFailed):
            new = CrmState("paused", until=now + _PROBE, reason=str(error), remedy=error.remedy)
            break
        if isinstance(error, RateLimited):
            # A little apart, so that all processes do not come back in the same instant.
            wait = error.retry_after * (1 + services.dice() / 10)
            new = CrmState("limited", until=now + timedelta(seconds=wait), reason=str(error))
    if new.state == "ok":
        if all(error is not None for error in errors):
            return  # nothing got through, so nothing was learnt about the connection
        if crms.state(connection, crm).state == "ok":
            return
    if crms.set_state(connection, services.ledger, crm, new, now) and new.state == "paused":
        message = f"The CRM {crm} refuses our credentials. Nothing is lost, deliveries wait. {new.remedy}"
        notices.raise_alert(
            connection, id=services.new_id(), at=now, kind="crm", object_id=crm, message=message
        )
