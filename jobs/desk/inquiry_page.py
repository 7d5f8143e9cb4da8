"""Everything about one inquiry: what arrived, what was decided and why, what was sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from connectors.crm.base import RecordKind
from jobs.desk.answers import Arrived, as_arrived
from jobs.desk.inquiry_list import crm_state, worst
from jobs.desk.viewer import Viewer
from jobs.ledger import accounts, crms, submissions
from jobs.ledger.codec import from_json
from jobs.ledger.submissions import Submission
from jobs.ledger.tables import audit_event, delivery, delivery_attempt, follow_up, inquiry
from jobs.services import Services
from mapping.inquiry import Inquiry

_MOST_ATTEMPTS = 50
_MOST_EVENTS = 100
_PASSED_OVER = "passed over"


@dataclass(frozen=True, slots=True)
class ShownFollowUp:
    """A planned task."""

    id: str
    purpose: str
    channel: str
    due_at: datetime
    state: str
    subject: str
    body: str
    reason: str


@dataclass(frozen=True, slots=True)
class ShownAttempt:
    """One try; records says per record what happened there (kind, action, error, note)."""

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
    """What one CRM got; state in the desk's words (inquiry_list.crm_state)."""

    id: str
    crm: str
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


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the audit trail; who is a name, or "Firstpath"."""

    at: datetime
    who: str
    action: str
    detail: str


@dataclass(frozen=True, slots=True)
class InquiryDetails:
    """One inquiry with everything that happened to it."""

    id: str
    submission: Submission | None
    arrived: Arrived | None
    understood: Inquiry
    type: str
    stage: str
    owner: str
    owner_name: str
    known_borrower: bool
    shadow: bool
    playbook: str
    decisions: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    follow_ups: tuple[ShownFollowUp, ...]
    deliveries: tuple[ShownDelivery, ...]
    events: tuple[Event, ...]
    crm_state: str

    @property
    def reasons(self) -> dict[str, list[str]]:
        """What was decided → why, in the order it was decided; who was passed over is apart."""
        found: dict[str, list[str]] = {}
        for about, reason in self.decisions:
            if about != _PASSED_OVER:
                found.setdefault(about, []).append(reason)
        return found

    @property
    def passed_over(self) -> list[str]:
        """Who did not become the owner, and why."""
        return [reason for about, reason in self.decisions if about == _PASSED_OVER]


def inquiry_details(services: Services, viewer: Viewer, inquiry_id: str) -> InquiryDetails | None:
    """The inquiry, None when there is none or this viewer may not see it."""
    with services.ledger.read() as connection:
        query = select(inquiry).where(inquiry.c.id == inquiry_id, viewer.may_see())
        row = connection.execute(query).first()
        if row is None:
            return None
        submission = submissions.get(connection, services.sealer, row.submission_id)
        tasks = _follow_ups(services, connection, inquiry_id)
        keys = {row.borrower_id, row.co_borrower_id or "", inquiry_id, *(task.id for task in tasks)} - {""}
        sent = _deliveries(services, connection, inquiry_id, sorted(keys))
        events = _events(connection, [inquiry_id, row.submission_id, *(one.id for one in sent)])
    return _details(services, row, submission, tasks, sent, events)


def _details(
    services: Services,
    row: Any,
    submission: Submission | None,
    tasks: tuple[ShownFollowUp, ...],
    sent: tuple[ShownDelivery, ...],
    events: tuple[Event, ...],
) -> InquiryDetails:
    details = services.sealer.open_json(row.details, f"inquiry.details:{row.id}")
    return InquiryDetails(
        id=row.id,
        submission=submission,
        arrived=as_arrived(services, submission) if submission else None,
        understood=from_json(details, Inquiry),
        type=row.type,
        stage=row.stage,
        owner=row.owner,
        owner_name=row.owner_name or row.owner,
        known_borrower=row.known_borrower,
        shadow=row.shadow,
        playbook=row.playbook,
        decisions=tuple((about, reason) for about, reason in json.loads(row.decisions)),
        missing=tuple(json.loads(row.missing)),
        follow_ups=tasks,
        deliveries=sent,
        events=events,
        crm_state=worst(one.state for one in sent) if sent else "none",
    )


def _follow_ups(services: Services, connection: Connection, inquiry_id: str) -> tuple[ShownFollowUp, ...]:
    rows = connection.execute(
        select(follow_up).where(follow_up.c.inquiry_id == inquiry_id).order_by(follow_up.c.due_at)
    )
    shown = []
    for row in rows:
        content = services.sealer.open_json(row.content, f"follow_up.content:{row.id}")
        shown.append(
            ShownFollowUp(
                id=row.id,
                purpose=row.purpose,
                channel=row.channel,
                due_at=row.due_at,
                state=row.state,
                subject=content["subject"],
                body=content["body"],
                reason=row.reason,
            )
        )
    return tuple(shown)


def _deliveries(
    services: Services, connection: Connection, inquiry_id: str, keys: Sequence[str]
) -> tuple[ShownDelivery, ...]:
    rows = connection.execute(
        select(delivery).where(delivery.c.inquiry_id == inquiry_id).order_by(delivery.c.id)
    )
    return tuple(
        ShownDelivery(
            id=row.id,
            crm=row.crm,
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


def _events(connection: Connection, objects: Sequence[str]) -> tuple[Event, ...]:
    table = audit_event.c
    about = or_(
        *(
            (table.object_kind == kind) & table.object_id.in_(objects)
            for kind in ("inquiry", "submission", "delivery")
        )
    )
    query = select(audit_event).where(about).order_by(table.at, table.id).limit(_MOST_EVENTS)
    rows = connection.execute(query).all()
    names = accounts.names(connection) if any(row.actor != "system" for row in rows) else {}
    return tuple(Event(row.at, _who(row.actor, names), row.action, row.detail) for row in rows)


def _who(actor: str, names: dict[str, str]) -> str:
    return "Firstpath" if actor == "system" else names.get(actor, "a former account")
