"""Follow-up plans as they are stored: when each is looked at next, and what it begins from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, select, update

from jobs.ledger.plan_tables import follow_up_plan
from jobs.ledger.tables import Instant
from jobs.ledger.tables import inquiry as inquiry_table
from mapping.follow_up.engagement import engaged_at_first
from mapping.inquiry import Inquiry
from mapping.playbook.cadences import OPEN_STAGES

#: An open inquiry whose date passed so long ago was forgotten by whoever should have looked.
FORGOTTEN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Plan:
    """The row of one inquiry."""

    inquiry_id: str
    look_at: datetime | None
    since: datetime
    stage_at: datetime
    state: str = "running"
    paused_until: datetime | None = None
    why: str = ""
    carried_by: str | None = None
    engaged_at: datetime | None = None
    application_at: datetime | None = None
    funded_at: datetime | None = None
    rates_at: datetime | None = None

    @property
    def anchors(self) -> dict[str, datetime]:
        """The moments that are known, by the names that cadences have for them."""
        moments = {
            "stage": self.stage_at,
            "engaged": self.engaged_at,
            "application": self.application_at,
            "funded": self.funded_at,
            "rates": self.rates_at,
        }
        return {name: at for name, at in moments.items() if at is not None}


def first_plan(inquiry_id: str, inquiry: Inquiry, first_due: datetime) -> Plan:
    """The plan of a new inquiry: it is looked at when its first task is due."""
    began = inquiry.received_at
    return Plan(
        inquiry_id=inquiry_id,
        look_at=first_due,
        since=began,
        stage_at=began,
        engaged_at=engaged_at_first(inquiry),
        application_at=began if inquiry.application else None,
    )


def row(plan: Plan) -> dict[str, object]:
    """The plan as a row to be stored."""
    return {name: getattr(plan, name) for name in _COLUMNS}


_COLUMNS = tuple(follow_up_plan.c.keys())


def add(connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Store plans of new inquiries."""
    if rows:
        connection.execute(follow_up_plan.insert(), [dict(one) for one in rows])


def get(connection: Connection, inquiry_id: str) -> Plan | None:
    """The plan of an inquiry; None for one that came before there were plans."""
    found = connection.execute(_ONE, {"i": inquiry_id}).first()
    return Plan(**found._mapping) if found is not None else None


_ONE = select(follow_up_plan).where(follow_up_plan.c.inquiry_id == bindparam("i"))


def save(connection: Connection, plan: Plan) -> None:
    """Write a plan that is stored already, or not yet."""
    values = row(plan)
    changed = connection.execute(
        update(follow_up_plan).where(follow_up_plan.c.inquiry_id == plan.inquiry_id).values(values)
    )
    if not changed.rowcount:
        connection.execute(follow_up_plan.insert(), values)


_GOES_ON = follow_up_plan.c.look_at.is_not(None)
_DUE = (
    select(follow_up_plan.c.inquiry_id)
    .where(follow_up_plan.c.look_at <= bindparam("now", type_=Instant))
    .order_by(follow_up_plan.c.look_at)
    .limit(bindparam("most"))
)
OPEN = inquiry_table.c.stage.in_(sorted(OPEN_STAGES))
#: Two questions, because each alone walks along ix_inquiry_next, and both together read the whole table.
UNDATED = (
    and_(OPEN, inquiry_table.c.next_follow_up_at.is_(None)),
    and_(OPEN, inquiry_table.c.next_follow_up_at < bindparam("before", type_=Instant)),
)
_WITHOUT_NEXT = [select(inquiry_table.c.id).where(one).limit(bindparam("most")) for one in UNDATED]


def due(connection: Connection, now: datetime, most: int) -> list[str]:
    """The inquiries whose plan is to be looked at, longest due first."""
    return list(connection.execute(_DUE, {"now": now, "most": most}).scalars())


def carried(connection: Connection, ids: Collection[str]) -> set[str]:
    """Those of these inquiries that are not pursued any more, because a newer one is."""
    mine = follow_up_plan.c.inquiry_id.in_(list(ids))
    query = select(follow_up_plan.c.inquiry_id).where(mine, follow_up_plan.c.carried_by.is_not(None))
    return set(connection.execute(query).scalars())


def without_next(connection: Connection, before: datetime, most: int) -> list[str]:
    """Open inquiries without a next follow-up date, or whose date passed before that moment."""
    asked = {"before": before, "most": most}
    return [id_ for query in _WITHOUT_NEXT for id_ in connection.execute(query, asked).scalars()]


def look_now(connection: Connection, inquiry_id: str, now: datetime) -> None:
    """Something changed: what is planned is worked out anew by whoever looks next."""
    connection.execute(
        update(follow_up_plan).where(follow_up_plan.c.inquiry_id == inquiry_id).values(look_at=now)
    )


def going_on(connection: Connection, after: str, most: int) -> list[str]:
    """The next inquiries after this one whose plans go on, in the order of their ids."""
    table = follow_up_plan.c
    query = select(table.inquiry_id).where(table.inquiry_id > after, _GOES_ON)
    return list(connection.execute(query.order_by(table.inquiry_id).limit(most)).scalars())


def look_soon(connection: Connection, inquiry_ids: Sequence[str], now: datetime) -> None:
    """These plans are looked at next; one that is due already stays in its place."""
    table = follow_up_plan.c
    later = and_(table.inquiry_id.in_(list(inquiry_ids)), table.look_at > now)
    connection.execute(update(follow_up_plan).where(later).values(look_at=now))


def count_of(connection: Connection, chosen: ColumnElement[bool]) -> int:
    """How many of these inquiries have a plan that goes on."""
    ids = select(inquiry_table.c.id).where(chosen)
    query = select(func.count()).where(follow_up_plan.c.inquiry_id.in_(ids), _GOES_ON)
    return int(connection.execute(query).scalar_one())


def set_rates(connection: Connection, chosen: ColumnElement[bool], now: datetime) -> int:
    """Rates fell for these inquiries; how many there are."""
    ids = select(inquiry_table.c.id).where(chosen)
    change = update(follow_up_plan).where(follow_up_plan.c.inquiry_id.in_(ids), _GOES_ON)
    return int(connection.execute(change.values(rates_at=now, look_at=now)).rowcount)
