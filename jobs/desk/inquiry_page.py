"""Everything about one inquiry: what arrived, what was decided and why, what was sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from jobs.desk.answers import Arrived, as_arrived
from jobs.desk.consent import ShownRecord, shown_record
from jobs.desk.follow_up_plan import ShownPlan, plan_shown
from jobs.desk.happened import Happened, happened_to
from jobs.desk.inquiry_list import worst
from jobs.desk.review_pages import ReviewLine, lines_of
from jobs.desk.sent import ShownDelivery, deliveries_of
from jobs.desk.viewer import Viewer
from jobs.ledger import accounts, first_touches, playbooks, reviews, submissions
from jobs.ledger.codec import from_json
from jobs.ledger.first_touches import Clock
from jobs.ledger.submissions import Submission
from jobs.ledger.tables import audit_event, follow_up, inquiry
from jobs.paths.going_live import COMMAND_LINE
from jobs.services import Services
from mapping.inquiry import Inquiry
from mapping.priority.score import Priority

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
    next_follow_up: ShownFollowUp | None
    deliveries: tuple[ShownDelivery, ...]
    happened: tuple[Happened, ...]
    events: tuple[Event, ...]
    crm_state: str
    first_touch: Clock | None
    borrower_id: str
    plan: ShownPlan | None = None
    priority: Priority | None = None
    record: ShownRecord = field(default_factory=ShownRecord)
    reviews: tuple[ReviewLine, ...] = ()  # who this may be, as long as nobody has said

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
        query = select(inquiry).where(inquiry.c.id == inquiry_id, viewer.may_open())
        row = connection.execute(query).first()
        if row is None:
            return None
        submission = submissions.get(connection, services.sealer, row.submission_id)
        tasks = _follow_ups(services, connection, inquiry_id)
        keys = {row.borrower_id, row.co_borrower_id or "", inquiry_id, *(task.id for task in tasks)} - {""}
        sent = deliveries_of(services, connection, inquiry_id, sorted(keys))
        happened = happened_to(services, connection, inquiry_id)
        clock = first_touches.get(connection, inquiry_id)
        plan = plan_shown(services, connection, inquiry_id)
        said = shown_record(services, connection, row.borrower_id)
        asked = lines_of(services, connection, reviews.of_inquiry(connection, inquiry_id))
        revision = playbooks.number_of(connection, row.playbook.rpartition("@")[2])
        events = _events(connection, [inquiry_id, row.submission_id, *(one.id for one in sent)])
    details = _details(services, row, submission, tasks, sent, events)
    if revision:
        details = replace(details, playbook=f"{row.playbook}, revision {revision}")
    return replace(details, happened=happened, first_touch=clock, plan=plan, record=said, reviews=asked)


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
        next_follow_up=_next(tasks, services.now()),
        deliveries=sent,
        happened=(),
        events=events,
        crm_state=worst(one.state for one in sent) if sent else "none",
        priority=_priority(row),
        first_touch=None,
        borrower_id=row.borrower_id,
    )


def _priority(row: Any) -> Priority | None:
    """As it was worked out last; None when the inquiry is over."""
    return None if row.priority is None else Priority(row.priority, tuple(json.loads(row.priority_reasons)))


def _next(tasks: Sequence[ShownFollowUp], now: datetime) -> ShownFollowUp | None:
    """The first that is still to come; else the last that was wanted."""
    wanted = [task for task in tasks if task.state in ("planned", "in_crm")]
    coming = (task for task in wanted if task.due_at >= now)
    return next(coming, wanted[-1] if wanted else None)


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
    known = {"system": "Firstpath", COMMAND_LINE: "The command line"} | names
    return known.get(actor, "a former account")
