"""With which of a borrower's inquiries they are pursued: one at a time, the newest."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Select, Update, and_, bindparam, func, select, update

from jobs.ledger.columns import Instant
from jobs.ledger.plan_tables import follow_up_plan
from jobs.ledger.plans import OPEN
from jobs.ledger.tables import inquiry as inquiry_table
from mapping.inquiry import NO_LOANS, InquiryType

_OLDER = select(inquiry_table.c.id).where(
    inquiry_table.c.borrower_id == bindparam("who"), inquiry_table.c.id < bindparam("newer")
)


def _carrying(older: Select[tuple[str]]) -> Update:
    mine = and_(follow_up_plan.c.inquiry_id.in_(older), follow_up_plan.c.look_at.is_not(None))
    values = {"carried_by": bindparam("newer"), "look_at": bindparam("now", type_=Instant)}
    return update(follow_up_plan).where(mine).values(values)


_CARRY = _carrying(_OLDER)
_CARRY_SHOWN = _carrying(_OLDER.where(inquiry_table.c.shadow.is_(True)))


def carry(connection: Connection, borrower_id: str, newer: str, now: datetime, *, shadow: bool) -> None:
    """The borrower has a newer inquiry, which is pursued from now on instead of the older ones.

    One that is only shown (shadow) takes nothing from those that the CRMs have.
    """
    statement = _CARRY_SHOWN if shadow else _CARRY
    connection.execute(statement, {"who": borrower_id, "newer": newer, "now": now})


def says_more(connection: Connection, carried_by: str | None) -> bool:
    """Whether the inquiry that is pursued instead says what the borrower needs: a missed call does not."""
    if carried_by is None:
        return False
    query = select(inquiry_table.c.type).where(inquiry_table.c.id == carried_by)
    return connection.execute(query).scalar() != InquiryType.GENERAL_ADVICE


def pursue_newest(connection: Connection, inquiry_ids: Collection[str], now: datetime) -> None:
    """What was only shown goes to the CRMs: of each borrower's inquiries the newest there is pursued."""
    table = inquiry_table.c
    people = select(table.borrower_id).where(table.id.in_(list(inquiry_ids)))
    loans = table.type.not_in(sorted(NO_LOANS))
    query = select(table.borrower_id, func.max(table.id)).where(
        table.borrower_id.in_(people), table.shadow.is_(False), loans, OPEN
    )
    for borrower_id, newest in connection.execute(query.group_by(table.borrower_id)).all():
        carry(connection, borrower_id, newest, now, shadow=False)


def let_go(connection: Connection, inquiry_id: str, now: datetime) -> None:
    """This inquiry came to nothing: those that it was pursued instead of are pursued again."""
    connection.execute(
        update(follow_up_plan)
        .where(follow_up_plan.c.carried_by == inquiry_id)
        .values(carried_by=None, look_at=now, since=now)
    )
