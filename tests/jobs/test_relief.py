"""A backlog is decided in a second process, with the same promises; without one there is no such process."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import psutil

from jobs.ledger.tables import delivery, submission
from jobs.relief import Relief
from jobs.services import Services, utc_now
from tests.jobs.brokerage import ON_SQLITE, HeardBell
from tests.jobs.daily_work import asks, post, rows, states, until
from tests.people import person

BACKLOG = 5


@contextmanager
def relieved(services: Services, calm_seconds: float = 600.0) -> Iterator[Relief]:
    """A backlog has come, the second process is there, and nothing waits."""
    relief = Relief(replace(services, now=utc_now), backlog=BACKLOG, calm_seconds=calm_seconds)
    try:
        for number in range(BACKLOG):
            post(services, asks(person(number)))
        assert relief.process_due() == BACKLOG  # the process has only just been started
        until(lambda: relief.ready)
        yield relief
    finally:
        relief.end()


def test_a_backlog_is_decided_by_a_second_process(services: Services, bell: HeardBell) -> None:
    with relieved(services) as relief:
        for number in range(100, 103):
            post(services, asks(person(number)))
        bell.rings.clear()
        assert relief.process_due() == 3
        assert bell.rings == [("deliver", "")]  # it rang no bell of its own: they were decided elsewhere
        assert relief.process_due() == 0
    assert states(services, submission) == ["processed"] * (BACKLOG + 3)
    assert states(services, delivery) == ["due"] * (BACKLOG + 3)


@ON_SQLITE
def test_the_second_process_writes_the_same_as_the_first(services: Services) -> None:
    with relieved(services) as relief:
        post(services, asks(person(0), loan_type="Purchase"))
        assert relief.process_due() == 1
    first, *_, again = rows(services, delivery)
    assert again.borrower_id == first.borrower_id  # recognised by keys that the first process had hashed
    assert services.sealer.open_json(again.bundle, f"delivery.bundle:{again.id}")["deal"]


@ON_SQLITE
def test_without_a_backlog_there_is_no_second_process(services: Services) -> None:
    relief = Relief(services, backlog=BACKLOG)
    for number in range(BACKLOG - 1):
        post(services, asks(person(number)))
    assert relief.process_due() == BACKLOG - 1
    assert relief.process_due() == 0
    assert not psutil.Process().children()


@ON_SQLITE
def test_when_calm_returns_the_second_process_goes(services: Services) -> None:
    with relieved(services, calm_seconds=0.0) as relief:
        post(services, asks(person(100)))
        assert relief.process_due() == 1
        assert not relief.ready
        assert not psutil.Process().children()


@ON_SQLITE
def test_when_the_second_process_is_killed_the_first_goes_on(services: Services) -> None:
    with relieved(services) as relief:
        (second,) = psutil.Process().children()
        os.kill(second.pid, signal.SIGKILL)
        second.wait(10)
        post(services, asks(person(100)))
        assert relief.process_due() == 1
    assert states(services, submission) == ["processed"] * (BACKLOG + 1)


@ON_SQLITE
def test_the_second_process_goes_with_the_first(services: Services) -> None:
    """It heeds no stop signal, which goes to the whole group, but the end of the pipe."""
    with relieved(services) as relief:
        (second,) = psutil.Process().children()
        os.kill(second.pid, signal.SIGTERM)
        post(services, asks(person(100)))
        assert relief.process_due() == 1
    assert not psutil.pid_exists(second.pid)
