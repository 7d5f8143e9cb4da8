"""What becomes of a delivery after an attempt: done, again later, or a person's turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.crm.base import (
    AuthFailed,
    Conflict,
    CrmError,
    RateLimited,
    Rejected,
    Unavailable,
    Uncertain,
)
from jobs.ledger.claims import Claimed

BASE_SECONDS = 1.0
#: Each wait may be this much longer than the one before: gently, because a lead is worth minutes, and a CRM
#: that is down is not asked by each delivery anyway.
GROWTH = 1.6
CAP_SECONDS = 15 * 60.0
#: While the whole CRM does not answer, the next try is another delivery's; this one waits so long.
_EXCUSED_SECONDS = 30.0
#: After this long without success a person has to look (reliability, section 10).
GIVE_UP = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The row's next state: due, delivered or dead."""

    state: str
    attempts: int
    next_attempt_at: datetime
    error: CrmError | None = None

    @property
    def outcome(self) -> str:
        """One word for the history."""
        return self.error.code if self.error else "delivered"


def after(
    one: Claimed,
    error: CrmError | None,
    now: datetime,
    dice: Callable[[], float],
    *,
    progressed: bool = False,
    excused: bool = False,
) -> Verdict:
    """Decide by the error's kind. dice gives 0 <= x < 1: full jitter, so retries do not march in step.

    progressed: this attempt brought at least one record further. Then the next one starts over with short
    waits; it cannot go on for ever, because a bundle has few records. excused: the CRM as a whole was down
    before; that it still does not answer is not the delivery's fault.
    """
    tries = one.attempts + 1
    if error is None:
        return Verdict("delivered", tries, now)
    if isinstance(error, RateLimited):
        # Not the delivery's fault: it burns no attempt.
        return Verdict("due", one.attempts, now + timedelta(seconds=error.retry_after), error)
    if isinstance(error, AuthFailed):
        return Verdict("due", one.attempts, now, error)
    if excused and isinstance(error, Unavailable | Uncertain) and not progressed:
        return Verdict("due", one.attempts, now + timedelta(seconds=_EXCUSED_SECONDS), error)
    if isinstance(error, Rejected | Conflict) or now - one.created_at > GIVE_UP:
        return Verdict("dead", tries, now, error)
    counted = 1 if progressed else tries
    wait = dice() * min(CAP_SECONDS, BASE_SECONDS * GROWTH ** min(counted, 40))
    return Verdict("due", counted, now + timedelta(seconds=wait), error)
