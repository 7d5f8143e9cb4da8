"""Answers that were lost after, or before, the CRM did its work: repeating never makes a second record."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.sandbox.hubspot import RunningSandbox
from jobs.ledger.tables import delivery
from jobs.services import Services
from tests.jobs.brokerage import ON_SQLITE, Clock, connector
from tests.jobs.daily_work import asks, counts, deliver_all, post, rows, work
from tests.people import person

#: A new borrower takes at most four calls; the fifth hits nothing and shows that.
_CALLS = range(1, 6)
_TRIES = 8


@ON_SQLITE
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status_before", "status": 500},
        {"kind": "status_after", "status": 500},
        {"kind": "status_after", "status": 502},
        {"kind": "reset_before"},
        {"kind": "reset_after"},
        {"kind": "garbage", "content": "cut_json"},
        {"kind": "garbage"},
    ],
    ids=lambda fault: "-".join(str(value) for value in fault.values()),
)
def test_whichever_call_goes_wrong_everything_is_there_once_after_the_retry(
    services: Services, sandbox: RunningSandbox, clock: Clock, fault: dict[str, object]
) -> None:
    for nth in _CALLS:
        sandbox.set_faults([{**fault, "nth": nth}])
        post(services, asks(person(nth)))
        work(services)
        _try_again(services, clock)
        assert counts(sandbox) == (nth, nth, nth)


@ON_SQLITE
@pytest.mark.parametrize("nth", _CALLS)
def test_a_time_out_after_the_work_was_done_makes_nothing_twice(
    services: Services, sandbox: RunningSandbox, clock: Clock, nth: int
) -> None:
    crm = connector(sandbox.url, patience=0.3)
    services = replace(services, crms={"hubspot": crm})
    sandbox.set_faults([{"kind": "timeout_after", "nth": nth, "seconds": 5}])
    post(services, asks(person(1)))
    work(services)
    _try_again(services, clock)
    crm.close()
    assert counts(sandbox) == (1, 1, 1)


def test_a_batch_in_which_every_second_call_breaks_off_is_there_once(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    sandbox.set_faults({"seed": 5, "rules": [{"kind": "reset_after", "probability": 0.5}]})
    for number in range(12):
        post(services, asks(person(number)))
    work(services)
    _try_again(services, clock, tries=60)
    assert counts(sandbox) == (12, 12, 12)


def _try_again(services: Services, clock: Clock, tries: int = _TRIES) -> None:
    for _ in range(tries):
        if all(one.state == "delivered" for one in rows(services, delivery)):
            return
        clock.forward(minutes=16)
        deliver_all(services)
    raise AssertionError([(one.state, one.error) for one in rows(services, delivery)])
