"""What was sent to each CRM for one inquiry, try by try."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from connectors.crm.base import RecordKind
from jobs.desk.inquiry_list import crm_state
from jobs.ledger import crms
from jobs.ledger.tables import delivery, delivery_attempt
from jobs.services import Services

_MOST_ATTEMPTS = 50


@dataclass(frozen=True, slots=True)
class ShownAttempt:
    """One try; records says per record what happened there (kind, action, error, note, review)."""

    started_at: datetime
    ended_at: datetime
    outcome: str
    records: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class CrmRecord:
    """A record of ours over there; url is "" when the CRM cannot be linked to."""

    kind: RecordKind
    remote_id: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownDelivery:
    """What one CRM got; state in the desk's words (inquiry_list.crm_state).

    step 0 is the inquiry itself, later ones are what happened to it since.
    """

    id: str
    crm: str
    step: int
    state: str
    raw_state: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    delivered_at: datetime | None
    error_code: str
    error: str
    remedy: str
    tries: tuple[ShownAttempt, ...]
    records: tuple[CrmRecord, ...]

    @property
    def reviews(self) -> tuple[str, ...]:
        """What a person should look at although it was delivered; the sentences of all tries."""
        said = (record.get("review", "") for attempt in self.tries for record in attempt.records)
        return tuple(dict.fromkeys(sentence for sentence in said if sentence))


def deliveries_of(
    services: Services, connection: Connection, inquiry_id: str, keys: Sequence[str]
) -> tuple[ShownDelivery, ...]:
    """What was sent for an inquiry; keys are ours of all records that may stand for it over there."""
    rows = connection.execute(
        select(delivery).where(delivery.c.inquiry_id == inquiry_id).order_by(delivery.c.id)
    )
    return tuple(
        ShownDelivery(
            id=row.id,
            crm=row.crm,
            step=row.step,
            state=crm_state(row.state, row.error_code),
            raw_state=row.state,
            attempts=row.attempts,
            created_at=row.created_at,
            next_attempt_at=row.next_attempt_at,
            delivered_at=row.delivered_at,
            error_code=row.error_code,
            error=row.error,
            remedy=row.remedy,
            tries=_tries(connection, row.id),
            records=_records(services, connection, row.crm, keys),
        )
        for row in rows.all()
    )


def _tries(connection: Connection, delivery_id: str) -> tuple[ShownAttempt, ...]:
    rows = connection.execute(
        select(delivery_attempt)
        .where(delivery_attempt.c.delivery_id == delivery_id)
        .order_by(delivery_attempt.c.id.desc())
        .limit(_MOST_ATTEMPTS)
    )
    return tuple(
        ShownAttempt(row.started_at, row.ended_at, row.outcome, tuple(json.loads(row.detail or "[]")))
        for row in rows
    )


def _records(
    services: Services, connection: Connection, crm: str, keys: Sequence[str]
) -> tuple[CrmRecord, ...]:
    connector = services.crms.get(crm)
    links = crms.links(connection, crm, keys)
    return tuple(
        CrmRecord(kind, remote_id, connector.record_url(kind, remote_id) if connector else "")
        for (kind, _), remote_id in sorted(links.items())
    )
