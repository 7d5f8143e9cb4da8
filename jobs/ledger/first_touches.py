"""The clocks of first touches: started with a decision, taken by one worker at a time, stopped for good."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, func, select, update

from jobs.ledger.columns import Instant
from jobs.ledger.first_touch_tables import first_touch
from jobs.ledger.tables import delivery, follow_up, inquiry_event

ClockState = Literal["running", "done", "stopped", "given_up"]


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of one inquiry. due_at is when it is looked at next, None when it stands."""

    inquiry_id: str
    follow_up_id: str
    state: str
    since: datetime  # when the present owner got the inquiry
    due_at: datetime | None
    times: int = 0  # how often it was given on
    missed: tuple[str, ...] = ()  # emails of those who did not get in touch
    reason: str = ""
    ended_at: datetime | None = None


def row(inquiry_id: str, follow_up_id: str, *, since: datetime, due_at: datetime) -> Mapping[str, object]:
    """A clock that starts to run."""
    return {
        "inquiry_id": inquiry_id,
        "follow_up_id": follow_up_id,
        "state": "running",
        "since": since,
        "due_at": due_at,
        "times": 0,
        "missed": "[]",
        "reason": "",
    }


def start_all(connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Let these clocks run."""
    if rows:
        connection.execute(first_touch.insert(), [dict(one) for one in rows])


_DUE = (
    select(first_touch)
    .where(first_touch.c.due_at <= bindparam("now", type_=Instant))
    .order_by(first_touch.c.due_at)
    .limit(bindparam("most"))
)


def due(connection: Connection, now: datetime, most: int) -> list[Clock]:
    """The clocks that have run out, the longest due first."""
    return [_clock(one) for one in connection.execute(_DUE, {"now": now, "most": most})]


def get(connection: Connection, inquiry_id: str) -> Clock | None:
    """The clock of an inquiry; None when none ever ran."""
    found = connection.execute(select(first_touch).where(first_touch.c.inquiry_id == inquiry_id)).first()
    return None if found is None else _clock(found)


def put_off(connection: Connection, clock: Clock, until: datetime) -> bool:
    """Look at it later, if nobody else has changed it meanwhile: so it is taken by one worker."""
    return _change(connection, clock, due_at=until)


def stop(connection: Connection, clock: Clock, state: ClockState, reason: str, at: datetime) -> bool:
    """Stop it for good; False when somebody else has changed it meanwhile."""
    return _change(connection, clock, state=state, due_at=None, reason=reason, ended_at=at)


def give_on(
    connection: Connection, clock: Clock, missed: Sequence[str], *, since: datetime, due_at: datetime
) -> bool:
    """Let it run anew for the next owner; False when somebody else has changed it meanwhile."""
    late = json.dumps(list(dict.fromkeys((*clock.missed, *missed))))
    return _change(connection, clock, since=since, due_at=due_at, times=clock.times + 1, missed=late)


def task(connection: Connection, follow_up_id: str) -> Any:
    """The first task's row; None when there is none."""
    return connection.execute(select(follow_up).where(follow_up.c.id == follow_up_id)).first()


def events_of(connection: Connection, inquiry_id: str) -> frozenset[str]:
    """The kinds of what has happened to an inquiry."""
    query = select(inquiry_event.c.kind).where(inquiry_event.c.inquiry_id == inquiry_id).distinct()
    return frozenset(connection.execute(query).scalars())


@dataclass(frozen=True, slots=True)
class Arrival:
    """Whether the owner can know of the inquiry: at is when the last CRM had it.

    waiting: a delivery of it is under way; dead: one waits for a person.
    """

    at: datetime | None
    waiting: bool
    dead: bool


def arrival(connection: Connection, inquiry_id: str, since: datetime) -> Arrival:
    """How far the deliveries have come that brought the inquiry to the owner it has since then."""
    table = delivery.c
    query = (
        select(table.state, func.max(table.delivered_at).label("at"))
        .where(table.inquiry_id == inquiry_id, table.created_at <= since)
        .group_by(table.state)
    )
    found = {one.state: one.at for one in connection.execute(query)}
    waiting = not found.keys() <= {"delivered", "dead", "shadow"}
    return Arrival(found.get("delivered"), waiting, "dead" in found)


def _change(connection: Connection, clock: Clock, **values: object) -> bool:
    table = first_touch.c
    same = (table.inquiry_id == clock.inquiry_id, table.state == "running", table.due_at == clock.due_at)
    return bool(connection.execute(update(first_touch).where(*same).values(**values)).rowcount)


def _clock(found: Any) -> Clock:
    return Clock(
        inquiry_id=found.inquiry_id,
        follow_up_id=found.follow_up_id,
        state=found.state,
        since=found.since,
        due_at=found.due_at,
        times=found.times,
        missed=tuple(json.loads(found.missed)),
        reason=found.reason,
        ended_at=found.ended_at,
    )
