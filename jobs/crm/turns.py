"""Who may call a CRM when: turns that are taken one after the other, in this process or in all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol

from sqlalchemy import ColumnElement, bindparam, case, func, select, update

from connectors.crm.allowance import CallKind
from jobs.crm.pace import Pace
from jobs.ledger.conflicts import insert_missing
from jobs.ledger.engine import Ledger
from jobs.ledger.tables import crm_allowance


@dataclass(frozen=True, slots=True)
class Turn:
    """Whether a turn was taken, and how many seconds away it is (or would have been)."""

    taken: bool
    wait: float


class Turns(Protocol):
    """The turns of one CRM account. Safe to share between threads."""

    def take(self, kind: CallKind, pace: Pace, patience: float) -> Turn:
        """Take the next turn unless it is more than patience seconds away."""

    def hold(self, kind: CallKind, pace: Pace, seconds: float) -> None:
        """Let no turn come in the next seconds."""


class ProcessTurns:
    """Turns of one process: the embedded default, where nobody else calls the account for us.

    clock counts seconds and never goes back.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._free_at: dict[CallKind, float] = {}

    def take(self, kind: CallKind, pace: Pace, patience: float) -> Turn:
        """Take the next turn unless it is more than patience seconds away."""
        with self._lock:
            now = self._clock()
            start = max(self._free_at.get(kind, now), now)
            wait = max(0.0, start - pace.ahead - now)
            if wait > patience:
                return Turn(False, wait)
            self._free_at[kind] = start + pace.interval
            return Turn(True, wait)

    def hold(self, kind: CallKind, pace: Pace, seconds: float) -> None:
        """Let no turn come in the next seconds."""
        with self._lock:
            until = self._clock() + pace.ahead + seconds
            self._free_at[kind] = max(self._free_at.get(kind, until), until)


#: PostgreSQL's own: the hosts' clocks differ, and a statement may have waited for another before it counts.
_DATABASE_CLOCK: ColumnElement[float] = func.date_part("epoch", func.clock_timestamp())


class LedgerTurns:
    """Turns of all processes of all hosts: a row in the ledger, one short statement for each call.

    Not in Redis: that may vanish, or forget everything, at any moment, and each process would then begin
    with a full bucket, above the vendor's limit. The ledger is there whenever work is, and at 20 calls a
    second and account its one statement more is not noticed.

    clock gives seconds since 1970; None: PostgreSQL's own.
    """

    def __init__(self, ledger: Ledger, crm: str, clock: Callable[[], float] | None = None) -> None:
        self._ledger = ledger
        self._crm = crm
        self._clock = clock
        now: ColumnElement[float] = bindparam("now", type_=crm_allowance.c.free_at.type)
        self._first = insert_missing(crm_allowance, ledger.engine.dialect.name)
        self._take, self._hold, self._look = _statements(_DATABASE_CLOCK if clock is None else now)

    def take(self, kind: CallKind, pace: Pace, patience: float) -> Turn:
        """Take the next turn unless it is more than patience seconds away. Raises LedgerUnavailable."""
        values = self._values(kind, pace) | {"patience": patience}
        with self._ledger.write() as connection:
            wait = connection.execute(self._take, values).scalar()
            if wait is not None:
                return Turn(True, max(0.0, wait))
            far = connection.execute(self._look, values).scalar()
            if far is not None and far > patience:
                return Turn(False, far)
            connection.execute(self._first, {"crm": self._crm, "kind": kind, "free_at": 0.0})
        # There was no row yet, or another process made it, or the turn came nearer between the two looks.
        return self.take(kind, pace, patience)

    def hold(self, kind: CallKind, pace: Pace, seconds: float) -> None:
        """Let no turn come in the next seconds. Raises LedgerUnavailable."""
        with self._ledger.write() as connection:
            connection.execute(self._hold, self._values(kind, pace) | {"seconds": seconds})

    def _values(self, kind: CallKind, pace: Pace) -> dict[str, object]:
        now = {} if self._clock is None else {"now": self._clock()}
        return {"c": self._crm, "k": kind, "interval": pace.interval, "ahead": pace.ahead, **now}


def _statements(now: ColumnElement[float]) -> tuple[Any, Any, Any]:
    """Take a turn (→ seconds until it; no row: too far away), hold, look at how far the next turn is."""
    table = crm_allowance.c
    double = table.free_at.type
    interval, ahead = bindparam("interval", type_=double), bindparam("ahead", type_=double)
    here = (table.crm == bindparam("c"), table.kind == bindparam("k"))
    start = case((table.free_at > now, table.free_at), else_=now)
    take = (
        update(crm_allowance)
        .where(*here, table.free_at - ahead - now <= bindparam("patience", type_=double))
        .values(free_at=start + interval)
        .returning(table.free_at - interval - ahead - now)
    )
    until = now + ahead + bindparam("seconds", type_=double)
    hold = update(crm_allowance).where(*here, table.free_at < until).values(free_at=until)
    look = select(table.free_at - ahead - now).where(*here)
    return take, hold, look
