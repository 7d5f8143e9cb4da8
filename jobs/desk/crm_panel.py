"""Each CRM at a glance: whether it can be written to, what waits for it, what is left of the day's calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from jobs.ledger import crms
from jobs.ledger.claims import LANES, Lane
from jobs.ledger.crms import CrmState, reserve
from jobs.ledger.tables import delivery
from jobs.services import Services

#: Beyond this many the page says "at least": counting more would only make it slow.
MOST_COUNTED = 10_000
#: A limit that is over sooner is everyday business.
_WORTH_SAYING = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class CrmConnection:
    """A CRM and whether it can be written to.

    waiting is how many deliveries wait for it (bounded), backfill how many of them are backfill. kept is how
    many of the day's calls are kept for live inquiries, 0 unless backfill is held back for that now.
    """

    name: str
    kind: str
    state: CrmState
    waiting: int
    backfill: int
    kept: int

    @property
    def stopped(self) -> bool:
        """Whether it needs more than a moment's patience."""
        state = self.state
        if state.state != "limited" or state.until is None or state.since is None:
            return state.state != "ok"
        return state.until - state.since >= _WORTH_SAYING


def crm_connections(services: Services, connection: Connection) -> tuple[CrmConnection, ...]:
    """Every configured CRM."""
    now = services.now()
    return tuple(_connection(connection, name, crm.kind, now) for name, crm in services.settings.crms.items())


def stopped_crms(services: Services) -> tuple[CrmConnection, ...]:
    """Those that inquiries wait for; a limit that was over meanwhile is not counted."""
    now = services.now()
    with services.ledger.read() as connection:
        names = [name for name in services.settings.crms if crms.state(connection, name).state != "ok"]
        found = [_connection(connection, name, services.settings.crms[name].kind, now) for name in names]
    return tuple(
        one for one in found if one.stopped and (one.state.state != "limited" or one.state.silenced(now))
    )


def _connection(connection: Connection, name: str, kind: str, now: datetime) -> CrmConnection:
    state = crms.state(connection, name)
    waiting = {lane: _waiting(connection, name, lane) for lane in LANES}
    backfill = waiting["backfill"]
    kept = reserve(state.calls_limit or 0) if backfill and state.calls_short(now) else 0
    return CrmConnection(name, kind, state, sum(waiting.values()), backfill, kept)


def _waiting(connection: Connection, crm: str, lane: Lane) -> int:
    table = delivery.c
    some = (
        select(table.id)
        .where(table.crm == crm, table.lane == lane, table.state.in_(("due", "leased")))
        .limit(MOST_COUNTED)
    )
    return int(connection.execute(select(func.count()).select_from(some.subquery())).scalar_one())
