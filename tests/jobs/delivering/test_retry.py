"""What becomes of a delivery after an attempt: laws of the waiting, and the table of errors."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.crm.base import AuthFailed, Conflict, CrmError, RateLimited, Rejected, Unavailable, Uncertain
from jobs.delivering.retry import BASE_SECONDS, CAP_SECONDS, GIVE_UP, GROWTH, after
from jobs.ledger.claims import Claimed
from mapping.crm.bundle import Bundle
from tests.jobs.brokerage import START

_TRANSIENT: tuple[CrmError, ...] = (Unavailable("It is away."), Uncertain("It broke off."))


def taken_up(attempts: int = 0, *, created_at: datetime = START, crashes: int = 0) -> Claimed:
    return Claimed("1", "1", "hubspot", created_at, Bundle("1", ()), attempts, attempts, crashes)


@given(
    attempts=st.integers(0, 10_000),
    thrown=st.floats(0, 1, exclude_max=True),
    error=st.sampled_from(_TRANSIENT),
)
def test_the_wait_stays_within_its_bounds(attempts: int, thrown: float, error: CrmError) -> None:
    verdict = after(taken_up(attempts), error, START, lambda: thrown)
    wait = (verdict.next_attempt_at - START).total_seconds()
    assert (verdict.state, verdict.attempts) == ("due", attempts + 1)
    assert 0 <= wait <= CAP_SECONDS
    assert wait <= BASE_SECONDS * GROWTH ** min(attempts + 1, 40)


@given(thrown=st.floats(0, 1, exclude_max=True))
def test_the_same_throw_waits_longer_after_every_failure(thrown: float) -> None:
    waits = [
        after(taken_up(attempts), _TRANSIENT[0], START, lambda: thrown).next_attempt_at
        for attempts in range(30)
    ]
    assert waits == sorted(waits)


@given(attempts=st.integers(0, 10_000), thrown=st.floats(0, 1, exclude_max=True))
def test_an_attempt_that_got_further_starts_over_with_short_waits(attempts: int, thrown: float) -> None:
    verdict = after(taken_up(attempts), _TRANSIENT[1], START, lambda: thrown, progressed=True)
    assert (verdict.state, verdict.attempts) == ("due", 1)
    assert verdict.next_attempt_at - START <= timedelta(seconds=2 * BASE_SECONDS)


@given(seconds=st.floats(0, 86_400), attempts=st.integers(0, 50), age=st.integers(0, 10_000))
def test_a_rate_limit_waits_as_long_as_asked_and_costs_nothing(
    seconds: float, attempts: int, age: int
) -> None:
    old = taken_up(attempts, created_at=START - timedelta(hours=age))
    verdict = after(old, RateLimited("Too fast.", retry_after=seconds), START, lambda: 0.5)
    assert (verdict.state, verdict.attempts) == ("due", attempts)
    assert verdict.next_attempt_at == START + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("error", "age", "state", "attempts"),
    [
        (None, timedelta(0), "delivered", 4),
        (None, GIVE_UP * 2, "delivered", 4),
        (AuthFailed("Refused."), timedelta(0), "due", 3),
        (AuthFailed("Refused."), GIVE_UP * 2, "due", 3),
        (Rejected("Never."), timedelta(0), "dead", 4),
        (Conflict("Held.", existing_id="1"), timedelta(0), "dead", 4),
        (Unavailable("Away."), GIVE_UP, "due", 4),
        (Unavailable("Away."), GIVE_UP + timedelta(seconds=1), "dead", 4),
        (Uncertain("Broke off."), GIVE_UP + timedelta(seconds=1), "dead", 4),
    ],
)
def test_every_error_has_its_next_step(
    error: CrmError | None, age: timedelta, state: str, attempts: int
) -> None:
    verdict = after(taken_up(3, created_at=START - age), error, START, lambda: 0.0)
    assert (verdict.state, verdict.attempts, verdict.error) == (state, attempts, error)
    assert verdict.outcome == (error.code if error else "delivered")
