"""The call list: whom to call now, the likeliest first, and never outside the borrower's legal hours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, true

from jobs.desk.viewer import Viewer
from jobs.follow_up.priority import present_priority
from jobs.ledger.codec import from_json
from jobs.ledger.tables import follow_up, inquiry
from jobs.services import Services
from mapping.hours.calling import calling_hours
from mapping.hours.windows import is_open, next_open
from mapping.inquiry import Inquiry
from mapping.priority.score import Priority

MOST = 60
_STILL_CALLED = timedelta(days=14)  # what was due earlier and is still open is no call for now
_LOOKED_AT = 150  # by the score as it was stored, before each is worked out for this moment


@dataclass(frozen=True, slots=True)
class Call:
    """One line. allowed says that the borrower may be called at this moment; opens_at when they may next.

    others: so many more inquiries of this borrower and owner have a call that is due; one call is enough.
    """

    inquiry_id: str
    borrower_id: str
    name: str
    phone: str  # E.164
    type: str
    state: str  # of the property
    owner: str
    owner_name: str
    due_at: datetime  # since when the call is due
    priority: Priority
    allowed: bool
    opens_at: datetime | None
    others: int = 0


def call_list(services: Services, viewer: Viewer, owner: str = "") -> tuple[Call, ...]:
    """Whom to call about an open inquiry: those who may be called now first, by score, everybody once.

    In shadow everything is shown and nobody is called: the brokerage goes on as before.
    owner narrows it to one owner's ("" = all that the viewer may see).
    """
    now = services.now()
    with services.ledger.read() as connection:
        rows = connection.execute(_due(viewer, owner, now)).all()
        calls = [one for row in rows if (one := _call(services, connection, row, now)) is not None]
    calls = _each_once(calls)
    calls.sort(key=lambda one: (not one.allowed, -one.priority.score, one.due_at))
    return tuple(calls[:MOST])


def _each_once(calls: list[Call]) -> list[Call]:
    """One line for each borrower and owner: the inquiry with the best score, of those the newest."""
    best: dict[tuple[str, str], Call] = {}
    for one in sorted(calls, key=lambda one: (one.priority.score, one.inquiry_id), reverse=True):
        whose = (one.borrower_id, one.owner)
        first = best.get(whose)
        best[whose] = replace(first, others=first.others + 1) if first else one
    return list(best.values())


def _due(viewer: Viewer, owner: str, now: datetime) -> Select[Any]:
    """The highest scores among inquiries with a call that became due in the last days."""
    task = follow_up.c
    calls = (
        select(task.inquiry_id, func.min(task.due_at).label("due_at"))
        .where(
            task.channel == "call",
            task.state.in_(("planned", "in_crm")),
            task.due_at.between(now - _STILL_CALLED, now),
        )
        .group_by(task.inquiry_id)
        .subquery()
    )
    mine: ColumnElement[bool] = inquiry.c.owner == owner if owner else true()
    first = (
        select(inquiry.c.id, calls.c.due_at)
        .join(calls, calls.c.inquiry_id == inquiry.c.id)
        .where(inquiry.c.priority.is_not(None), inquiry.c.shadow.is_(False), viewer.may_open(), mine)
        .order_by(inquiry.c.priority.desc(), inquiry.c.id.desc())
        .limit(_LOOKED_AT)
        .subquery()
    )
    return select(inquiry, first.c.due_at).join(first, first.c.id == inquiry.c.id)


def _call(services: Services, connection: Connection, row: Any, now: datetime) -> Call | None:
    """The line of an inquiry; None when its borrower has no number or wants no calls."""
    details = from_json(services.sealer.open_json(row.details, f"inquiry.details:{row.id}"), Inquiry)
    who = details.borrower
    if not who.phone or details.consent.phone is False:
        return None
    hours = calling_hours(details, country=services.playbook.country, house=services.playbook.calling)
    allowed = all(is_open(one, now) for one in hours)
    return Call(
        inquiry_id=row.id,
        borrower_id=row.borrower_id,
        name=who.full_name or who.company or "Name not given",
        phone=who.phone,
        type=row.type,
        state=details.property.state,
        owner=row.owner,
        owner_name=row.owner_name or row.owner,
        due_at=row.due_at,
        priority=present_priority(services, connection, row.id, details),
        allowed=allowed,
        opens_at=None if allowed else next_open(hours, now),
    )
