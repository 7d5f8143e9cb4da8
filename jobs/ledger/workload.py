"""What loan officers have on the table already, and who had a referral partner's last borrower."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    func,
    literal,
    literal_column,
    select,
    union_all,
)

from jobs.ledger.columns import Instant
from jobs.ledger.tables import inquiry
from mapping.follow_up.news import OUTCOMES
from mapping.inquiry import Stage
from mapping.ownership.capacity import Load
from mapping.playbook.team import Capacity

# Written into the statement: to spread lists of parameters out at each call costs more than the count.
_WRITTEN: dict[Stage, ColumnElement[str]] = {stage: literal_column(f"'{stage}'") for stage in Stage}
_OPEN = [written for stage, written in _WRITTEN.items() if stage not in OUTCOMES]
_ALL = list(_WRITTEN.values())


def loads(connection: Connection, limits: Mapping[str, Capacity], since: datetime) -> dict[str, Load]:
    """What each of these members (emails) has, counted up to the capacity; today is since an instant.

    Inquiries in shadow are nobody's work. The cost is a walk over as many entries of ix_inquiry_load as the
    capacity, however long the ledger.
    """
    if not limits:
        return {}
    owners = tuple(limits)
    values: dict[str, object] = {"since": since}
    for number, (owner, most) in enumerate(limits.items()):
        values |= {f"who{number}": owner, f"day{number}": most.per_day or 0, f"open{number}": most.open or 0}
    rows = connection.execute(_count(len(owners)), values)
    return {owners[row.number]: Load(row.today, row.still_open) for row in rows}


@lru_cache(maxsize=8)
def _count(members: int) -> Any:
    """Made once for each size of team: composing it costs more than running it."""
    return union_all(*(_count_of(number) for number in range(members)))


def _count_of(number: int) -> Select[Any]:
    table = inquiry.c
    theirs = select(literal(1)).where(table.owner == bindparam(f"who{number}"), ~table.shadow)
    today = theirs.where(
        table.stage.in_(_ALL),  # so that the index leads to the instant
        table.received_at >= bindparam("since", type_=Instant),
    ).limit(bindparam(f"day{number}"))
    still_open = theirs.where(table.stage.in_(_OPEN))
    still_open = still_open.limit(bindparam(f"open{number}"))
    return select(
        literal(number).label("number"),
        select(func.count()).select_from(today.subquery()).scalar_subquery().label("today"),
        select(func.count()).select_from(still_open.subquery()).scalar_subquery().label("still_open"),
    )


_IN_TEAM = inquiry.c.owner.in_(bindparam("team", expanding=True))
_LAST_OF_PARTNER = (
    select(inquiry.c.owner)
    .where(inquiry.c.partner_id == bindparam("partner"), _IN_TEAM)
    .order_by(inquiry.c.id.desc())
    .limit(1)
)


def partner_owners(
    connection: Connection, partner_ids: Collection[str], team: Collection[str]
) -> dict[str, str]:
    """Who of the team (emails) had the last borrower that each of these partners sent."""
    found = {}
    for partner in partner_ids:
        owner = connection.execute(_LAST_OF_PARTNER, {"partner": partner, "team": list(team)}).scalar()
        if owner:
            found[partner] = owner
    return found
