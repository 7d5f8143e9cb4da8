"""How much of a CRM's limit may be spent now: what connectors ask before each call and tell after it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

from connectors.crm.allowance import CallKind
from connectors.crm.base import RateLimited
from jobs.crm.day_count import DayCount
from jobs.crm.pace import HUBSPOT_SEARCHES, Pace, pace
from jobs.crm.silence import Silence
from jobs.crm.turns import LedgerTurns, ProcessTurns, Turn, Turns
from jobs.ledger.engine import Ledger, LedgerUnavailable
from jobs.settings.model import CrmSettings

_log = structlog.get_logger()
#: What the vendors' documentation counts in: calls in ten seconds.
WINDOW_SECONDS = 10.0
#: HubSpot's usual limit is its lowest: accounts that pay have up to 250, and its answers say so.
_RAISABLE = {"hubspot": 100}
_LONGEST_WAIT = 20.0
#: No answer says when a used-up day ends.
_ASK_AGAIN_SECONDS = 3_600.0
#: While the ledger cannot count calls none is made.
_UNCOUNTED_SECONDS = 5.0


class AccountAllowance:
    """The allowance of one CRM account (connectors.crm.allowance.Allowance).

    paces holds what is limited by the second; a kind without a pace goes at once. patience is how many
    seconds a call may be kept waiting for its turn before the work is put off instead.
    """

    def __init__(
        self,
        crm: str,
        turns: Turns,
        paces: Mapping[CallKind, Pace],
        day: DayCount,
        silence: Silence,
        *,
        patience: float = _LONGEST_WAIT,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._crm = crm
        self._turns = turns
        self._paces = dict(paces)
        self._day = day
        self._silence = silence
        self._patience = patience
        self._sleep = sleep

    def wait(self, kind: CallKind = "call") -> None:
        """Take one call, waiting for its turn. Raises RateLimited when the turn is too far away to wait."""
        self._refuse_while_closed()
        turn = self._take(kind, self._patience)
        if not turn.taken:
            raise RateLimited(
                f"Too many calls to the CRM {self._crm} wait for their turn.", retry_after=turn.wait
            )
        if turn.wait > 0:
            self._sleep(turn.wait)

    def offered(self, kind: CallKind) -> bool:
        """Take one call if it may be made at once; never waits."""
        try:
            self._refuse_while_closed()
            return self._take(kind, 0.0).taken
        except RateLimited:
            return False

    def learn(self, *, left: int, seconds: float) -> None:
        """The vendor says that so many calls are left in a window of so many seconds."""
        known = self._paces.get("call")
        if known is None or seconds != known.seconds:
            return
        self._paces["call"] = known = known.learned(left, seconds)
        pause = known.pause(left)
        if pause > 0:
            try:
                self._turns.hold("call", known, pause)
            except LedgerUnavailable:
                _log.warning("calls_not_held_back", crm=self._crm)

    def learn_day(self, *, left: int, limit: int) -> None:
        """The vendor says that so many of the day's calls are left."""
        self._day.learn(left=left, limit=limit)

    def _refuse_while_closed(self) -> None:
        if self._day.used_up():
            raise RateLimited(
                f"The day's calls of the CRM {self._crm} are used up.", retry_after=_ASK_AGAIN_SECONDS
            )
        silenced = self._silence.left()
        if silenced is not None:
            raise RateLimited(silenced.reason, retry_after=silenced.seconds)

    def _take(self, kind: CallKind, patience: float) -> Turn:
        found = self._paces.get(kind)
        if found is None:
            return Turn(True, 0.0)
        try:
            return self._turns.take(kind, found, patience)
        except LedgerUnavailable as error:
            # A call nobody counted might be the one too many.
            raise RateLimited(
                f"The ledger could not count a call to the CRM {self._crm}, so none was made.",
                retry_after=_UNCOUNTED_SECONDS,
            ) from error


def open_allowance(
    ledger: Ledger, crm: CrmSettings, *, alone: bool, lease_seconds: int, now: Callable[[], datetime]
) -> AccountAllowance:
    """The allowance of a configured account; alone: no other process works (neither Redis nor PostgreSQL).

    A limit that is set is kept; HubSpot's usual one is raised when the account turns out to have more. Nobody
    waits longer than half a lease, so that a worker that waits is never taken for dead.
    """
    turns: Turns = ProcessTurns(time.monotonic)
    if not alone:
        turns = LedgerTurns(ledger, crm.name, time.time if ledger.sqlite else None)
    return AccountAllowance(
        crm.name,
        turns,
        paces_of(crm.kind, crm.calls_per_10_seconds),
        DayCount(ledger, crm.name, now=now, clock=time.monotonic),
        Silence(ledger, crm.name, now=now, clock=time.monotonic),
        patience=min(_LONGEST_WAIT, lease_seconds / 2),
    )


def paces_of(kind: str, calls_per_10_seconds: int) -> dict[CallKind, Pace]:
    """What is limited by the second in an account of this kind; 0 calls means: nothing (a sandbox)."""
    if not calls_per_10_seconds:
        return {}
    usual = pace(calls_per_10_seconds, WINDOW_SECONDS, raisable=_RAISABLE.get(kind) == calls_per_10_seconds)
    paces: dict[CallKind, Pace] = {"call": usual}
    return paces | {"search": HUBSPOT_SEARCHES} if kind == "hubspot" else paces
