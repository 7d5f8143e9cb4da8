"""Writing down what came of a batch: receipts into the ledger, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import Connection

from connectors.crm.base import Receipt, RecordKind
from jobs.crm import health
from jobs.crm.health import Batch
from jobs.delivering.retry import Verdict, after
from jobs.ledger import claims, crms, deliveries, inquiries, notices
from jobs.ledger.claims import Claimed
from jobs.ledger.deliveries import Attempt, Settlement
from jobs.services import Services

_log = structlog.get_logger()
Links = Mapping[tuple[RecordKind, str], str]


@dataclass(frozen=True, slots=True)
class Handed:
    """A batch after the connector had it.

    links were known before. asked: the CRM was called. excused: it was down before, so its silence is not
    the deliveries' fault.
    """

    claimed: Sequence[Claimed]
    links: Links
    receipts: Sequence[Receipt]
    token: str
    started_at: datetime
    calls: float
    asked: bool = True
    excused: bool = False

    @property
    def batch(self) -> Batch:
        """What it says about the CRM."""
        return Batch(self.receipts, self.started_at, any(one.attempts == 0 for one in self.claimed))


@dataclass(slots=True)
class _Written:
    """What is to be written, gathered."""

    found: dict[tuple[RecordKind, str], str] = field(default_factory=dict)
    tasks: list[str] = field(default_factory=list)  # follow-ups that are in the CRM now
    settled: list[Settlement] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)


def write_down(services: Services, crm: str, handed: Handed) -> None:
    """Settle every delivery of the batch whose lease is still held; wake the others when the CRM works again.

    Raises LedgerUnavailable: nothing was written, and the leases run out.
    """
    now, written = services.now(), _Written()
    with services.ledger.write() as connection:
        held = claims.held(connection, handed.token)
        for one, receipt in zip(handed.claimed, handed.receipts, strict=True):
            if one.id in held:
                _settle(services, connection, one, receipt, handed, written)
            else:
                # Another worker has it by now and will look for itself: this result is history only.
                _log.warning("delivery_late", delivery=one.id)
                written.attempts.append(_attempt(services, one, receipt, handed, "late"))
        deliveries.settle(connection, written.settled, now)
        crms.save_links(connection, services.ledger, crm, written.found, now)
        inquiries.mark_follow_ups(connection, written.tasks, "in_crm")
        deliveries.add_attempts(connection, written.attempts)
        again = handed.asked and health.note(services, connection, crm, handed.batch, now)
    if again:
        services.bell.ring("deliver", "")


def _settle(
    services: Services,
    connection: Connection,
    one: Claimed,
    receipt: Receipt,
    handed: Handed,
    written: _Written,
) -> None:
    now, new = services.now(), _links(receipt)
    progressed = bool(new.keys() - handed.links.keys())
    verdict = after(one, receipt.error, now, services.dice, progressed=progressed, excused=handed.excused)
    written.found.update(new)
    written.settled.append(_settlement(one, verdict))
    written.attempts.append(_attempt(services, one, receipt, handed, verdict.outcome))
    if verdict.state == "delivered":
        written.tasks += [task.key for task in one.bundle.tasks]
    elif verdict.state == "dead":
        message = f"An inquiry was not delivered: {verdict.error}"
        notices.raise_alert(
            connection, id=services.new_id(), at=now, kind="delivery", object_id=one.id, message=message
        )
    for sentence in _reviews(receipt):
        notices.raise_once(
            connection,
            id=services.new_id(),
            at=now,
            kind="review",
            object_id=one.inquiry_id,
            message=sentence,
        )
    _log.info("delivery", delivery=one.id, crm=one.crm, outcome=verdict.outcome)


def _links(receipt: Receipt) -> dict[tuple[RecordKind, str], str]:
    return {(one.kind, one.key): one.remote_id for one in receipt.outcomes if one.remote_id and not one.error}


def _reviews(receipt: Receipt) -> Iterator[str]:
    """What a person should look at although it was delivered, each sentence once."""
    yield from dict.fromkeys(outcome.review for outcome in receipt.outcomes if outcome.review)


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


def _attempt(services: Services, one: Claimed, receipt: Receipt, handed: Handed, outcome: str) -> Attempt:
    detail = tuple(
        {
            "kind": each.kind,
            "action": each.action or "",
            "remote_id": each.remote_id,
            "error": str(each.error) if each.error else "",
            "note": each.note,
            "review": each.review,
        }
        for each in receipt.outcomes
    )
    return Attempt(
        services.new_id(), one.id, handed.started_at, services.now(), outcome, detail, handed.calls
    )
