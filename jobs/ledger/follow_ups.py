"""Follow-ups as they are stored: what was planned so far, what stands in a CRM, what is called off."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, func, select, update

from jobs.ledger.tables import crm_link, follow_up
from jobs.ledger.tables import inquiry as inquiry_table
from mapping.playbook.cadences import OPEN_STAGES

OPEN_STATES = ("planned", "in_crm")  # a follow-up that is still to be done


@dataclass(frozen=True, slots=True)
class Earlier:
    """A follow-up that was planned; touch is its key in a cadence ("" = of no cadence)."""

    id: str
    touch: str
    channel: str
    due_at: datetime
    open: bool
    purpose: str = ""


_EARLIER = select(
    follow_up.c.id,
    follow_up.c.touch,
    follow_up.c.channel,
    follow_up.c.due_at,
    follow_up.c.state,
    follow_up.c.purpose,
).where(follow_up.c.inquiry_id == bindparam("i"))


def earlier(connection: Connection, inquiry_id: str) -> list[Earlier]:
    """Every follow-up of an inquiry that was planned so far."""
    return [
        Earlier(one.id, one.touch or "", one.channel, one.due_at, one.state in OPEN_STATES, one.purpose)
        for one in connection.execute(_EARLIER, {"i": inquiry_id})
    ]


_LATEST = (
    select(follow_up.c.inquiry_id, func.max(follow_up.c.id).label("id"), inquiry_table.c.borrower_id)
    .join(inquiry_table, inquiry_table.c.id == follow_up.c.inquiry_id)
    .join(crm_link, and_(crm_link.c.key == follow_up.c.id, crm_link.c.kind == "task"))
    .where(
        crm_link.c.crm == bindparam("crm"),
        follow_up.c.inquiry_id.in_(bindparam("ids", expanding=True)),
        follow_up.c.state == "in_crm",
        inquiry_table.c.stage.in_(sorted(OPEN_STAGES)),
    )
    .group_by(follow_up.c.inquiry_id, inquiry_table.c.borrower_id)
)


def latest_in_crm(connection: Connection, crm: str, ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Of those of these that are open: the follow-up that came into this CRM last, and the borrower.

    What HighLevel does by itself is no task there that could be looked at.
    """
    rows = connection.execute(_LATEST, {"crm": crm, "ids": list(ids)})
    return {one.inquiry_id: (one.id, one.borrower_id) for one in rows}


def call_off(connection: Connection, ids: Sequence[str], now: datetime) -> None:
    """These follow-ups are not wanted any more. Touches that were still to come may be planned anew later."""
    if ids:
        chosen = and_(follow_up.c.id.in_(list(ids)), follow_up.c.state.in_(OPEN_STATES))
        connection.execute(update(follow_up).where(chosen, follow_up.c.due_at > now).values(touch=None))
        connection.execute(update(follow_up).where(chosen).values(state="cancelled"))


def forget_touches(connection: Connection, inquiry_id: str, cadence: str) -> None:
    """What was planned of a cadence counts as never begun: should it decide again, it begins anew."""
    mine = and_(
        follow_up.c.inquiry_id == inquiry_id, follow_up.c.touch.startswith(f"{cadence}/", autoescape=True)
    )
    connection.execute(update(follow_up).where(mine).values(touch=None))


def call_off_others(
    connection: Connection, inquiry_id: str, purpose: str, keep: Collection[str], now: datetime
) -> list[str]:
    """Call off the open follow-ups with this purpose ("" = all), but for those to keep; their ids."""
    table = follow_up.c
    query = select(table.id).where(
        table.inquiry_id == inquiry_id, table.state.in_(OPEN_STATES), table.id.not_in(list(keep))
    )
    if purpose:
        query = query.where(table.purpose == purpose)
    ids = list(connection.execute(query).scalars())
    call_off(connection, ids, now)
    return ids


def call_off_beside(
    connection: Connection, inquiry_id: str, but: Collection[str], until: datetime | None, now: datetime
) -> list[str]:
    """Call off the open follow-ups of no cadence that are due before then, but for these purposes; their ids.

    The first task is one, and what news asked for. None = none of them.
    """
    if until is None:
        return []
    table = follow_up.c
    mine = and_(table.inquiry_id == inquiry_id, table.state.in_(OPEN_STATES), table.touch.is_(None))
    query = select(table.id).where(mine, table.purpose.not_in(list(but)), table.due_at < until)
    ids = list(connection.execute(query.order_by(table.id)).scalars())
    call_off(connection, ids, now)
    return ids


def next_due(connection: Connection, inquiry_id: str, now: datetime) -> datetime | None:
    """When the next follow-up is due that is still to come; None when none is."""
    query = select(func.min(follow_up.c.due_at)).where(
        follow_up.c.inquiry_id == inquiry_id,
        follow_up.c.state.in_(OPEN_STATES),
        follow_up.c.due_at > now,
    )
    return connection.execute(query).scalar()


def called_off(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Those of these follow-ups that were called off."""
    if not ids:
        return set()
    query = select(follow_up.c.id).where(follow_up.c.id.in_(list(ids)), follow_up.c.state == "cancelled")
    return set(connection.execute(query).scalars())
