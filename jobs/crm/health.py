"""Is a CRM well? Judged by what came of each batch: ok, limited, paused (locked out) or down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from connectors.crm.base import AuthFailed, Conflict, RateLimited, Receipt, Rejected, Unavailable, Uncertain
from jobs.ledger import crms, deliveries, notices
from jobs.ledger.crms import CrmState
from jobs.services import Services

#: While the credentials are refused, one delivery asks again this often: a repaired token drains the rest.
PROBE = timedelta(seconds=30)
#: So many batches in a row without any answer, and the CRM counts as down.
_SILENT_BATCHES = 3
#: A CRM that is down is asked soon at first, then less often.
_FIRST_PROBE_SECONDS = 5.0
_USUAL_REMEDY = "If it lasts, look at the CRM's status page and at this server's way to the internet."
_MEANWHILE = "It is asked again by itself, and everything is delivered as soon as it answers."


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of one batch. first_try: a delivery in it was tried for the first time."""

    receipts: Sequence[Receipt]
    started_at: datetime
    first_try: bool


def note(services: Services, connection: Connection, crm: str, batch: Batch, now: datetime) -> bool:
    """Store how the CRM is after this batch and tell the desk; True when it works again after a stop."""
    if judge(crms.state(connection, crm), batch, now, services.dice) is None:
        return False  # the usual case costs one look and no lock
    old = crms.locked_state(connection, services.ledger, crm)
    new = judge(old, batch, now, services.dice)
    if new is None:
        return False
    changed = crms.set_state(connection, services.ledger, crm, new, now)
    if changed and new.probing:
        _tell(services, connection, crm, _stopped(crm, new), now)
    if new.probing or not old.probing:
        return False
    _tell(services, connection, crm, f"The CRM {crm} works again. What was waiting is delivered now.", now)
    deliveries.bring_forward(connection, crm, now)
    return True


def judge(old: CrmState, batch: Batch, now: datetime, dice: Callable[[], float]) -> CrmState | None:
    """The CRM's state after a batch, None when it stays as it was. dice gives 0 <= x < 1."""
    errors = [receipt.error for receipt in batch.receipts]
    refused = next((error for error in errors if isinstance(error, AuthFailed)), None)
    if refused is not None:
        return CrmState("paused", until=now + PROBE, reason=str(refused), remedy=refused.remedy)
    limits = [error for error in errors if isinstance(error, RateLimited)]
    if limits:
        return _limited(old, max(limits, key=lambda error: error.retry_after), now, dice)
    if _answered(batch):
        return _well(old, batch, now)
    if old.state == "down" or _silent(batch):
        return _quiet(old, batch, now)
    # A probe that told nothing: the next one need not wait until its lease would have run out.
    return replace(old, until=now + PROBE) if old.probing else None


def _limited(old: CrmState, error: RateLimited, now: datetime, dice: Callable[[], float]) -> CrmState:
    # A little apart, so that all processes do not come back in the same instant.
    until = now + timedelta(seconds=error.retry_after * (1 + dice() / 10))
    if old.state == "limited" and old.until is not None and old.until > until:
        return old
    return CrmState("limited", until=until, reason=str(error), remedy=error.remedy)


def _answered(batch: Batch) -> bool:
    """Whether the CRM did or refused something of its own: then it works."""
    return any(
        outcome.error is None or isinstance(outcome.error, Rejected | Conflict)
        for receipt in batch.receipts
        for outcome in receipt.outcomes
    )


def _well(old: CrmState, batch: Batch, now: datetime) -> CrmState | None:
    if old.state == "ok":
        return CrmState() if old.silent else None
    # What began before the stop says nothing about it; a limit is over when its time is.
    before = old.since is not None and batch.started_at < old.since
    return None if before or (old.state == "limited" and old.silenced(now)) else CrmState()


def _silent(batch: Batch) -> bool:
    """Whether nothing got through, for no reason of one delivery's own.

    A record that makes the CRM stumble does so at every try: only first tries tell, and refused connections.
    """
    errors = [receipt.error for receipt in batch.receipts]
    if not all(isinstance(error, Unavailable | Uncertain) for error in errors):
        return False
    return batch.first_try or any(isinstance(error, Unavailable) for error in errors)


def _quiet(old: CrmState, batch: Batch, now: datetime) -> CrmState:
    silent = old.silent + 1
    if old.state != "down" and (silent < _SILENT_BATCHES or old.state == "paused"):
        return replace(old, silent=silent, until=now + PROBE if old.state == "paused" else old.until)
    error = next(receipt.error for receipt in batch.receipts if receipt.error is not None)
    longer = min(max(silent - _SILENT_BATCHES, 0), 10)
    wait = min(_FIRST_PROBE_SECONDS * 2**longer, PROBE.total_seconds())
    return CrmState(
        "down",
        until=now + timedelta(seconds=wait),
        reason=str(error),
        remedy=f"{error.remedy or _USUAL_REMEDY} {_MEANWHILE}",
        silent=silent,
    )


def _stopped(crm: str, state: CrmState) -> str:
    what = "refuses our credentials" if state.state == "paused" else "does not answer"
    return f"The CRM {crm} {what}. Nothing is lost, deliveries wait. {state.remedy}".rstrip()


def _tell(services: Services, connection: Connection, crm: str, message: str, now: datetime) -> None:
    """One alert about a CRM is open at most: the newest."""
    notices.acknowledge(connection, kind="crm", object_id=crm, by="system", at=now)
    notices.raise_alert(connection, id=services.new_id(), at=now, kind="crm", object_id=crm, message=message)
