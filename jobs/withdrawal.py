"""Consent taken back: remembered for good, told to every CRM, and what was planned on that channel stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from jobs.known import load, owe
from jobs.ledger import borrowers, events, notices, plans, submissions
from jobs.ledger.codec import to_json
from jobs.ledger.submissions import Submission
from jobs.ledger.tables import inquiry as inquiry_table
from jobs.ledger.tables import suppression
from jobs.services import Services
from mapping.consent import CHANNELS, without
from mapping.identity import identity_keys
from mapping.inquiry import Inquiry

#: Channel of consent → channel of the tasks that use it.
TASKS = {"email": "email", "phone": "call", "sms": "text"}


# Made once: composing it costs more than running it.
_SUPPRESSED = select(suppression.c.hash, suppression.c.channel).where(
    suppression.c.hash.in_(bindparam("hashes", expanding=True))
)


def withdraw(services: Services, submission: Submission, heard: Inquiry) -> None:
    """Store a withdrawal with everything that follows from it, in one transaction, once.

    heard.consent says which channels are closed, heard.borrower by which address or number it came.
    """
    closed = tuple(channel for channel in CHANNELS if getattr(heard.consent, channel) is False)
    keys = borrowers.hashed(services.sealer, identity_keys(heard.borrower))
    with services.ledger.write() as connection:
        services.ledger.lock(connection, *(f"person:{kind}:{hash_}" for kind, hash_ in keys))
        if not submissions.settle_processed(connection, [submission.id]):
            return
        hashes = [hash_ for _, hash_ in keys]
        suppress(connection, hashes, closed, submission.id, services.now())
        found = _open_inquiries(connection, keys)
        owed = [
            id_ for inquiry_id in found for id_ in _close(services, connection, inquiry_id, closed, heard)
        ]
    for delivery_id in owed:
        services.bell.ring("deliver", delivery_id)


def suppress(
    connection: Connection, hashes: Sequence[str], channels: Sequence[str], submission_id: str, at: datetime
) -> None:
    """Remember that these addresses and numbers may not be used on these channels."""
    known = {
        (row.hash, row.channel)
        for row in connection.execute(select(suppression).where(suppression.c.hash.in_(list(hashes))))
    }
    fresh = [
        {"hash": hash_, "channel": channel, "at": at, "submission_id": submission_id}
        for hash_ in hashes
        for channel in channels
        if (hash_, channel) not in known
    ]
    if fresh:
        connection.execute(suppression.insert(), fresh)


def suppressed(connection: Connection, hashes: Sequence[str]) -> frozenset[tuple[str, str]]:
    """(hash, channel) of everything among these that may not be used."""
    rows = connection.execute(_SUPPRESSED, {"hashes": list(hashes)})
    return frozenset((row.hash, row.channel) for row in rows)


def _open_inquiries(connection: Connection, keys: Sequence[tuple[str, str]]) -> list[str]:
    """The newest inquiry of each borrower who has one of these keys."""
    holders = borrowers.holders(connection, keys)
    query = select(inquiry_table.c.id).order_by(inquiry_table.c.id.desc()).limit(1)
    found = [
        connection.execute(query.where(inquiry_table.c.borrower_id == who)).scalar() for who in holders.rows
    ]
    return [id_ for id_ in found if id_]


def _close(
    services: Services,
    connection: Connection,
    inquiry_id: str,
    channels: Sequence[str],
    heard: Inquiry,
) -> list[str]:
    known = load(connection, services, inquiry_id)
    after = replace(known.details, consent=without(known.details.consent, channels))
    closed = events.cancel_follow_ups(connection, inquiry_id, channels=[TASKS[one] for one in channels])
    plans.look_now(connection, inquiry_id, services.now())
    events.change_inquiry(
        connection, services.sealer, inquiry_id, after, known.stage, known.next_follow_up_at
    )
    words = f"The borrower withdrew consent to: {', '.join(channels)}."
    events.add(
        connection,
        services.sealer,
        id=services.new_id(),
        inquiry_id=inquiry_id,
        submission_id="",
        at=services.now(),
        kind="withdrawal",
        summary=words,
        details=to_json(heard),
    )
    notices.raise_alert(
        connection,
        id=services.new_id(),
        at=services.now(),
        kind="withdrawal",
        object_id=inquiry_id,
        message=words,
    )
    notices.record(
        connection,
        id=services.new_id(),
        at=services.now(),
        actor="system",
        action="consent.withdrawn",
        object_kind="inquiry",
        object_id=inquiry_id,
        detail=", ".join(channels),
    )
    return owe(services, connection, replace(known, details=after), (), closed=closed)
