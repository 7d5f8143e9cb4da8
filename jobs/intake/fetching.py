"""Asking the sender's API for what its notice points to: claimed, retried, scrubbed, then read as usual."""

from __future__ import annotations

import math
from datetime import timedelta

import structlog

from connectors.intake.base import Document, FetchFailed, Fetching
from connectors.intake.registry import ADAPTERS
from jobs.intake.reading import PART, read_parts, write_part
from jobs.intake.scrubber import Scrubber
from jobs.ledger import submission_claims, submission_states
from jobs.ledger.submissions import Submission
from jobs.paths.current import options, paths
from jobs.services import Services
from mapping.answers import Fetch

_LEASE = timedelta(minutes=2)
_FIRST_WAIT, _GROWTH, _LONGEST_WAIT = 2.0, 1.6, 15 * 60.0
#: Vendors keep leads for weeks, a borrower waits for minutes: after a day a person has to look.
_GIVE_UP = timedelta(hours=24)
_log = structlog.get_logger()


def fetch_due(services: Services) -> int:
    """Fetch for a few submissions that wait for it; how many were taken up. Raises LedgerUnavailable."""
    with services.ledger.read() as connection:
        if submission_claims.next_fetch_at(connection) is None:
            return 0
    with services.ledger.write() as connection:
        claimed = submission_claims.claim_fetches(
            connection, services.sealer, now=services.now(), lease=_LEASE, limit=5
        )
    for submission in claimed:
        _fetch(services, submission)
    return len(claimed)


def seconds_until_fetch(services: Services) -> float:
    """How long until the next fetch is due; infinite when nothing waits."""
    with services.ledger.read() as connection:
        due = submission_claims.next_fetch_at(connection)
    return math.inf if due is None else (due - services.now()).total_seconds()


def _fetch(services: Services, submission: Submission) -> None:
    try:
        order, document = _asked(services, submission)
    except FetchFailed as failed:
        _again_or_aside(services, submission, failed)
        return
    except Exception as error:
        _log.error("fetch_failed", submission=submission.id, error=type(error).__name__)
        again = FetchFailed(f"Asking the sender's API failed ({type(error).__name__}).", again=True)
        _again_or_aside(services, submission, again)
        return
    clean, _ = Scrubber(services).clean(document)
    with services.ledger.write() as connection:
        body = write_part(order, clean)
        submission_states.become(connection, services.sealer, submission.id, PART, body, "received")
    services.bell.ring("process", submission.id)


def _asked(services: Services, submission: Submission) -> tuple[Fetch, Document]:
    path = paths(services).get(submission.path)
    if path is None:
        raise FetchFailed("The intake path was removed from the settings.", again=False)
    adapter = ADAPTERS[path.kind]
    (order,) = read_parts(services, submission)
    if not isinstance(order, Fetch) or not isinstance(adapter, Fetching):
        raise FetchFailed("There is nothing to fetch for this submission.", again=False)
    return order, adapter.fetch(order, path.api_token, options(services.settings, path))


def _again_or_aside(services: Services, submission: Submission, failed: FetchFailed) -> None:
    now = services.now()
    tried_for = now - submission.received_at
    with services.ledger.write() as connection:
        if failed.again and tried_for < _GIVE_UP:
            wait = failed.retry_after or _wait(submission.attempts, services.dice())
            submission_claims.postpone(connection, submission.id, now + timedelta(seconds=wait), str(failed))
            return
        reason = " ".join(filter(None, (str(failed), failed.remedy)))
        submission_states.settle(
            connection, submission.id, "quarantined", code="fetch_failed", reason=reason, expected="fetching"
        )


def _wait(attempts: int, dice: float) -> float:
    longest = min(_LONGEST_WAIT, _FIRST_WAIT * _GROWTH ** min(attempts, 40))
    return longest * (0.5 + dice / 2)
