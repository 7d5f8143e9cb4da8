"""What a batch says about the CRM: nothing, or that it is silenced, locked, away, or back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.crm.base import (
    AuthFailed,
    Conflict,
    CrmError,
    Outcome,
    RateLimited,
    Receipt,
    Rejected,
    Unavailable,
    Uncertain,
)
from jobs.crm.health import Batch, judge
from jobs.ledger.crms import CrmState, reserve
from tests.jobs.brokerage import START

REFUSED, AWAY, UNKNOWN = AuthFailed("Refused."), Unavailable("No connection."), Uncertain("Broke off.")
WRONG, HELD, FAST = (
    Rejected("Never."),
    Conflict("Held.", existing_id="1"),
    RateLimited("Slow.", retry_after=40),
)
SINCE = START - timedelta(minutes=5)
OK, LOCKED, DOWN = CrmState(), CrmState("paused", SINCE), CrmState("down", SINCE, silent=3)


def batch(*errors: CrmError | None, first_try: bool = True, reached: bool = False) -> Batch:
    """One bundle for each error; reached: each contact was brought over before it."""
    made = Outcome("contact", "b", "1", "created")
    receipts = []
    for error in errors:
        last = Outcome("deal", "i", error=error) if error else Outcome("deal", "i", "2", "created")
        receipts.append(Receipt("d", (made, last) if reached or not error else (last,)))
    return Batch(receipts, START, first_try)


def after(old: CrmState, seen: Batch) -> CrmState:
    """The state after a batch; the old one when it stays."""
    return judge(old, seen, START, lambda: 0.0) or old


@pytest.mark.parametrize(
    ("old", "errors", "state"),
    [
        (OK, [None], "ok"),
        (OK, [REFUSED], "paused"),
        (OK, [None, REFUSED], "paused"),
        (OK, [None, FAST], "limited"),
        (OK, [WRONG], "ok"),
        (OK, [AWAY], "ok"),
        (LOCKED, [None], "ok"),
        (LOCKED, [WRONG], "ok"),
        (LOCKED, [REFUSED], "paused"),
        (LOCKED, [AWAY], "paused"),
        (LOCKED, [UNKNOWN], "paused"),
        (LOCKED, [FAST], "limited"),
        (DOWN, [None], "ok"),
        (DOWN, [HELD], "ok"),
        (DOWN, [AWAY], "down"),
        (DOWN, [UNKNOWN], "down"),
        (DOWN, [REFUSED], "paused"),
    ],
)
def test_each_answer_leads_to_its_state(old: CrmState, errors: list[CrmError | None], state: str) -> None:
    assert after(old, batch(*errors)).state == state


def test_three_batches_in_a_row_without_an_answer_mean_that_it_is_down() -> None:
    state = OK
    for expected in ("ok", "ok", "down"):
        state = after(state, batch(AWAY, UNKNOWN))
        assert state.state == expected
    assert state.reason == "No connection."
    assert "asked again by itself" in state.remedy


@pytest.mark.parametrize("answered", [batch(None), batch(AWAY, WRONG), batch(UNKNOWN, reached=True)])
def test_any_answer_begins_the_count_anew(answered: Batch) -> None:
    assert after(CrmState(silent=2), answered) == OK


def test_one_record_that_makes_the_crm_stumble_again_and_again_does_not_mean_that_it_is_down() -> None:
    stumbling = batch(UNKNOWN, first_try=False)
    assert judge(CrmState(silent=2), stumbling, START, lambda: 0.0) is None
    assert after(CrmState(silent=2), batch(AWAY, first_try=False)).state == "down", (
        "no record refuses a connection"
    )


def test_it_is_asked_soon_at_first_then_every_half_minute() -> None:
    state, waits = CrmState(silent=2), []
    for _ in range(6):
        state = after(state, batch(AWAY))
        assert state.until is not None
        waits.append((state.until - START).total_seconds())
    assert waits == [5, 10, 20, 30, 30, 30]


def test_what_began_before_the_stop_does_not_end_it() -> None:
    late = Batch(batch(None).receipts, SINCE - timedelta(seconds=1), first_try=True)
    assert judge(DOWN, late, START, lambda: 0.0) is None
    assert judge(LOCKED, late, START, lambda: 0.0) is None


def test_a_limit_is_over_when_its_time_is_and_the_longest_counts() -> None:
    limited = CrmState("limited", SINCE, until=START + timedelta(seconds=60))
    assert judge(limited, batch(None), START, lambda: 0.0) is None
    assert after(limited, batch(FAST)).until == limited.until
    ended = CrmState("limited", SINCE, until=START)
    assert after(ended, batch(None)) == OK
    assert after(ended, batch(FAST, RateLimited("Day.", retry_after=3600))).reason == "Day."


@given(dice=st.floats(0, 1, exclude_max=True), seconds=st.floats(0, 86_400))
def test_processes_come_back_a_little_apart_and_never_too_early(dice: float, seconds: float) -> None:
    state = judge(OK, batch(RateLimited("Slow.", retry_after=seconds)), START, lambda: dice)
    assert state is not None
    assert state.until is not None
    assert seconds - 0.001 <= (state.until - START).total_seconds() <= seconds * 1.1 + 0.001


@pytest.mark.parametrize(
    ("limit", "kept"), [(250_000, 25_000), (15_000, 1_500), (4_000, 500), (800, 400), (0, 0)]
)
def test_a_tenth_of_the_days_calls_is_kept_for_live_inquiries(limit: int, kept: int) -> None:
    assert reserve(limit) == kept
    short = CrmState(calls_left=kept - 1, calls_limit=limit, calls_at=START)
    assert short.calls_short(START + timedelta(minutes=59))
    assert not short.calls_short(START + timedelta(minutes=60)), "an old count says nothing"
    assert not CrmState(calls_left=kept, calls_limit=limit, calls_at=START).calls_short(START)
    assert not OK.calls_short(START)
