"""A CRM account is never called more often than its vendor allows, and not much less often either."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.crm.base import RateLimited
from jobs.crm.allowance import AccountAllowance, open_allowance, paces_of
from jobs.crm.day_count import DayCount
from jobs.crm.pace import HUBSPOT_SEARCHES, Pace, pace
from jobs.crm.silence import Silence
from jobs.crm.turns import LedgerTurns, ProcessTurns, Turn, Turns
from jobs.ledger import crms
from jobs.ledger.crms import CrmState
from jobs.ledger.engine import Ledger, open_ledger
from jobs.services import Services
from tests.jobs.brokerage import ON_SQLITE, START, Clock
from tests.jobs.daily_work import at_once

WINDOW = 10.0
LIMITS = (5, 50, 100, 110, 190, 250)


@dataclass
class Seconds:
    """A clock in seconds that a test moves, and waiting that moves it."""

    at: float = 1_800_000_000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.at

    def goes_by(self, seconds: float) -> None:
        """Let time go by."""
        self.slept.append(seconds)
        self.at += seconds


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    opened = open_ledger(ledger_url)
    yield opened
    opened.close()


@pytest.fixture(params=["process", "sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
def turns(request: pytest.FixtureRequest, seconds: Seconds) -> Iterator[Turns]:
    """Either kind of turns; those of the ledger once on each database."""
    if request.param == "process":
        yield ProcessTurns(seconds)
        return
    opened = open_ledger(request.getfixturevalue(f"{request.param}_url"))
    yield LedgerTurns(opened, "hubspot", seconds)
    opened.close()


def most_in_a_window(moments: Sequence[float], window: float) -> int:
    """The highest count in any span of window seconds that includes its start and not its end."""
    ordered = sorted(moments)
    most = first = 0
    for last, moment in enumerate(ordered):
        while ordered[first] <= moment - window:
            first += 1
        most = max(most, last - first + 1)
    return most


def crowded(kept: Pace, workers: int, seconds: float, dice: random.Random, late: float) -> list[float]:
    """When calls arrive at the vendor while so many workers call without a pause, each call a little late."""
    clock = Seconds()
    turns, began = ProcessTurns(clock), clock.at
    ready = [began] * workers
    arrivals: list[float] = []
    while (now := heapq.heappop(ready)) < began + seconds:
        clock.at = now
        turn = turns.take("call", kept, 1e9)
        arrivals.append(now + turn.wait + dice.uniform(0, late))
        heapq.heappush(ready, arrivals[-1] + dice.uniform(0, 0.05))
    return arrivals


@pytest.mark.parametrize("limit", LIMITS)
def test_no_window_holds_more_than_the_limit_although_calls_arrive_up_to_a_second_late(limit: int) -> None:
    arrivals = crowded(pace(limit, WINDOW), 64, 90, random.Random(limit), late=1.0)
    assert most_in_a_window(arrivals, WINDOW) <= limit


@pytest.mark.parametrize("limit", [100, 190])
def test_when_much_waits_more_than_85_percent_of_the_limit_are_used(limit: int) -> None:
    arrivals = crowded(pace(limit, WINDOW), 64, 200, random.Random(limit), late=0.05)
    assert len(arrivals) / 200 >= 0.85 * limit / WINDOW


@given(
    gaps=st.lists(st.sampled_from([0.0, 0.0, 0.01, 0.11, 1.0, 9.9, 10.0, 30.0]), max_size=300),
    limit=st.sampled_from(LIMITS),
)
def test_no_pattern_of_calls_gets_above_the_limit(gaps: list[float], limit: int) -> None:
    clock = Seconds()
    turns, kept = ProcessTurns(clock), pace(limit, WINDOW)
    moments = []
    for gap in gaps:
        clock.at += gap
        moments.append(clock.at + turns.take("call", kept, 1e9).wait)
    assert most_in_a_window(moments, WINDOW) <= limit if moments else True


def test_searches_stay_below_five_a_second_and_two_go_at_once(seconds: Seconds) -> None:
    turns = ProcessTurns(seconds)
    granted = []
    for _ in range(2_000):
        if turns.take("search", HUBSPOT_SEARCHES, 0.0).taken:
            granted.append(seconds.at)
        seconds.at += 0.005
    late = [moment + random.Random(number).uniform(0, 0.3) for number, moment in enumerate(granted)]
    assert granted[1] - granted[0] == pytest.approx(0.005, abs=0.001)
    assert most_in_a_window(late, 1.0) <= 5
    assert len(granted) >= 29


def test_turns_come_one_after_the_other_and_a_pause_gives_the_burst_back(
    turns: Turns, seconds: Seconds
) -> None:
    kept = Pace(limit=100, seconds=WINDOW, interval=0.5, burst=3)
    waits = [turns.take("call", kept, 60.0).wait for _ in range(5)]
    assert waits == pytest.approx([0.0, 0.0, 0.0, 0.5, 1.0])
    seconds.at += 10
    assert [turns.take("call", kept, 60.0).wait for _ in range(4)] == pytest.approx([0.0, 0.0, 0.0, 0.5])


def seen(turn: Turn) -> tuple[bool, float]:
    return turn.taken, round(turn.wait, 3)


def test_a_turn_that_is_too_far_away_is_not_taken(turns: Turns) -> None:
    kept = Pace(limit=10, seconds=WINDOW, interval=2.0, burst=1)
    assert turns.take("call", kept, 3.0) == Turn(True, 0.0)
    assert seen(turns.take("call", kept, 3.0)) == (True, 2.0)
    for _ in range(3):
        assert seen(turns.take("call", kept, 3.0)) == (False, 4.0)
    assert turns.take("search", kept, 3.0) == Turn(True, 0.0), "searches are counted apart"


def test_a_hold_lets_no_turn_come_and_two_of_them_do_not_add_up(turns: Turns, seconds: Seconds) -> None:
    kept = Pace(limit=100, seconds=WINDOW, interval=0.5, burst=3)
    turns.take("call", kept, 0.0)
    for _ in range(2):
        turns.hold("call", kept, 4.0)
    assert seen(turns.take("call", kept, 0.0)) == (False, 4.0)
    seconds.at += 4
    assert turns.take("call", kept, 0.0).taken


def test_threads_of_several_processes_share_one_row(ledger: Ledger, ledger_url: str) -> None:
    kept, granted = Pace(limit=100, seconds=WINDOW, interval=1.0, burst=4), list[float]()
    other = open_ledger(ledger_url)
    processes = [LedgerTurns(one, "hubspot", lambda: 1e9) for one in (ledger, other)]

    def calls(turns: Turns) -> Callable[[], None]:
        def five() -> None:
            for _ in range(5):
                turn = turns.take("call", kept, 60.0)
                assert turn.taken
                granted.append(turn.wait)

        return five

    at_once(*(calls(turns) for turns in processes * 2))
    other.close()
    assert sorted(granted) == pytest.approx([0.0] * 4 + [float(number) for number in range(1, 17)])


@pytest.mark.parametrize("ledger_url", ["postgresql"], indirect=True)
@pytest.mark.servers
def test_on_postgresql_the_databases_own_clock_counts(ledger: Ledger) -> None:
    turns = LedgerTurns(ledger, "hubspot")
    kept = Pace(limit=100, seconds=WINDOW, interval=1_000.0, burst=2)
    assert [turns.take("call", kept, 0.0).taken for _ in range(3)] == [True, True, False]
    far = turns.take("call", kept, 5_000.0)
    assert far.taken
    assert 990 < far.wait <= 1_000


def allowance(
    services: Services, turns: Turns, seconds: Seconds, *, patience: float = 20.0
) -> AccountAllowance:
    day = DayCount(services.ledger, "hubspot", now=services.now, clock=seconds)
    paces = paces_of("hubspot", 100)
    silence = Silence(services.ledger, "hubspot", now=services.now, clock=seconds)
    return AccountAllowance("hubspot", turns, paces, day, silence, patience=patience, sleep=seconds.goes_by)


@ON_SQLITE
def test_a_call_sleeps_until_its_turn_and_is_put_off_when_that_is_too_far(
    services: Services, seconds: Seconds
) -> None:
    account = allowance(services, ProcessTurns(lambda: 0.0), seconds, patience=0.3)
    for _ in range(6):
        account.wait()
    assert seconds.slept == pytest.approx([1 / 8.7, 2 / 8.7])
    with pytest.raises(RateLimited, match="wait for their turn") as put_off:
        account.wait()
    assert put_off.value.retry_after == pytest.approx(3 / 8.7)
    assert not account.offered("call")


@ON_SQLITE
def test_a_search_is_offered_while_there_is_room_and_nobody_waits_for_it(
    services: Services, seconds: Seconds
) -> None:
    account = allowance(services, ProcessTurns(seconds), seconds)
    assert [account.offered("search") for _ in range(3)] == [True, True, False]
    assert seconds.slept == []


@ON_SQLITE
def test_when_others_use_the_account_too_we_hold_back(services: Services, seconds: Seconds) -> None:
    account = allowance(services, ProcessTurns(seconds), seconds)
    account.wait()
    account.learn(left=12, seconds=WINDOW)
    account.wait()
    assert seconds.slept == [], "as few are left when only we call"
    account.learn(left=0, seconds=WINDOW)
    account.learn(left=1, seconds=WINDOW)
    account.wait()
    assert seconds.slept == pytest.approx([5.0])


@ON_SQLITE
def test_hubspots_usual_limit_is_raised_by_its_answers_and_one_that_is_set_is_kept(
    services: Services, seconds: Seconds
) -> None:
    assert paces_of("hubspot", 100)["call"].learned(189, WINDOW).limit == 190
    assert paces_of("hubspot", 100)["call"].learned(99, WINDOW).limit == 100
    assert paces_of("hubspot", 100)["call"].learned(189, 1.0).limit == 100, "of another window"
    assert paces_of("hubspot", 60)["call"].learned(189, WINDOW).limit == 60
    assert paces_of("highlevel", 100)["call"].learned(189, WINDOW).limit == 100
    account = allowance(services, ProcessTurns(lambda: 0.0), seconds)
    account.learn(left=189, seconds=WINDOW)
    for _ in range(8):
        account.wait()
    assert seconds.slept == pytest.approx([1 / 16.53])


def test_an_account_without_a_limit_is_never_kept_waiting() -> None:
    assert paces_of("salesforce", 0) == {}
    assert paces_of("hubspot", 0) == {}


@ON_SQLITE
def test_what_is_left_of_the_day_is_written_down_seldom(services: Services, seconds: Seconds) -> None:
    account = allowance(services, ProcessTurns(seconds), seconds)

    def noted() -> int | None:
        with services.ledger.read() as connection:
            return crms.state(connection, "hubspot").calls_left

    account.learn_day(left=250_000, limit=250_000)
    assert noted() == 250_000
    for left in range(249_999, 249_900, -1):
        account.learn_day(left=left, limit=250_000)
    assert noted() == 250_000
    seconds.at += 31
    account.learn_day(left=249_900, limit=250_000)
    assert noted() == 249_900
    account.learn_day(left=247_000, limit=250_000)
    assert noted() == 247_000, "more than a hundredth of the day's calls"


@ON_SQLITE
def test_a_day_that_is_used_up_puts_every_call_off_until_it_is_worth_asking_again(
    services: Services, seconds: Seconds
) -> None:
    account = allowance(services, ProcessTurns(seconds), seconds)
    account.learn_day(left=0, limit=1_000)
    with pytest.raises(RateLimited, match="used up") as parked:
        account.wait()
    assert parked.value.retry_after == 3_600
    assert not account.offered("search")
    seconds.at += 61
    account.wait()
    with services.ledger.read() as connection:
        assert crms.state(connection, "hubspot").calls_left == 0


def test_when_one_is_told_to_wait_everybodys_next_call_waits_also_in_batches_under_way(
    services: Services, seconds: Seconds, clock: Clock
) -> None:
    account = allowance(services, ProcessTurns(seconds), seconds)
    account.wait()
    limited = CrmState(
        "limited", until=START + timedelta(seconds=40), reason="HubSpot's burst limit is used up."
    )
    with services.ledger.write() as connection:
        crms.set_state(connection, services.ledger, "hubspot", limited, START)
    seconds.at += 1
    with pytest.raises(RateLimited, match="burst limit") as told:
        account.wait()
    assert told.value.retry_after == 40
    assert not account.offered("search")
    clock.forward(seconds=40)
    account.wait()


@ON_SQLITE
def test_one_that_is_locked_out_or_down_may_be_asked(services: Services, seconds: Seconds) -> None:
    account = allowance(services, ProcessTurns(seconds), seconds)
    for state in ("paused", "down"):
        stopped = CrmState(state, until=START + timedelta(hours=1))
        with services.ledger.write() as connection:
            crms.set_state(connection, services.ledger, "hubspot", stopped, START)
        seconds.at += 1
        account.wait()


@ON_SQLITE
def test_a_ledger_that_cannot_count_lets_no_call_through(services: Services, seconds: Seconds) -> None:
    account = allowance(services, LedgerTurns(services.ledger, "hubspot", seconds), seconds)
    account.wait()
    with services.ledger.write() as connection:
        connection.exec_driver_sql("ALTER TABLE crm_allowance RENAME TO away")
    with pytest.raises(RateLimited, match="ledger could not count"):
        account.wait()
    assert not account.offered("call")
    account.learn(left=0, seconds=WINDOW)  # told, and nothing can be held back: no error either


@pytest.mark.parametrize(("alone", "kind"), [(True, ProcessTurns), (False, LedgerTurns)])
def test_an_opened_account_waits_no_longer_than_half_a_lease(
    services: Services, alone: bool, kind: type
) -> None:
    settings = replace(services.settings.crms["hubspot"], calls_per_10_seconds=100)
    account = open_allowance(services.ledger, settings, alone=alone, lease_seconds=1, now=lambda: START)
    assert isinstance(account._turns, kind)
    account.wait()
    account.learn(left=0, seconds=WINDOW)
    with pytest.raises(RateLimited) as put_off:
        account.wait()
    assert 0.5 < put_off.value.retry_after <= 5
