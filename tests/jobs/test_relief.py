"""A backlog is decided in a second process, with the same promises; without one it only waits."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import psutil
import pytest

from jobs.ledger.engine import LedgerUnavailable
from jobs.ledger.tables import delivery, submission
from jobs.relief import Relief, SecondProcess
from jobs.services import Services
from tests.jobs.brokerage import ON_SQLITE, HeardBell
from tests.jobs.daily_work import asks, decide_all, post, rows, states
from tests.people import person

BACKLOG = 5


@pytest.fixture
def second(services: Services) -> Iterator[SecondProcess]:
    started = SecondProcess(services)
    yield started
    started.end()


@pytest.fixture
def relief(services: Services, second: SecondProcess) -> Relief:
    return Relief(services, second, backlog=BACKLOG)


def arrive(services: Services, count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        post(services, asks(person(number)))


def test_a_backlog_is_decided_by_the_second_process(
    services: Services, relief: Relief, bell: HeardBell
) -> None:
    arrive(services, BACKLOG)
    bell.rings.clear()
    assert relief.process_due() == BACKLOG
    assert bell.rings == [("deliver", "")]  # once for all: the second process rings elsewhere
    assert states(services, submission) == ["processed"] * BACKLOG
    assert states(services, delivery) == ["due"] * BACKLOG
    arrive(services, BACKLOG, first=100)
    assert relief.process_due() == BACKLOG


@ON_SQLITE
def test_both_processes_know_the_same_borrower_and_read_each_others_seals(
    services: Services, relief: Relief
) -> None:
    arrive(services, 1)
    decide_all(services)
    post(services, asks(person(0), loan_type="Purchase"))
    arrive(services, BACKLOG, first=100)
    relief.process_due()
    first, again, *_ = rows(services, delivery)
    assert again.borrower_id == first.borrower_id
    assert services.sealer.open_json(again.bundle, f"delivery.bundle:{again.id}")["deal"]


@ON_SQLITE
def test_without_a_backlog_the_first_process_decides(
    services: Services, relief: Relief, bell: HeardBell
) -> None:
    arrive(services, BACKLOG - 1)
    bell.rings.clear()
    assert relief.process_due() == BACKLOG - 1
    assert len(bell.rings) == BACKLOG - 1
    assert relief.process_due() == 0


@ON_SQLITE
def test_when_the_second_process_is_killed_the_first_goes_on(
    services: Services, relief: Relief, second: SecondProcess
) -> None:
    os.kill(second.pid, signal.SIGKILL)
    arrive(services, BACKLOG)
    assert relief.process_due() == BACKLOG
    assert states(services, submission) == ["processed"] * BACKLOG


@ON_SQLITE
def test_a_stop_signal_to_the_whole_group_leaves_the_second_process_at_work(
    services: Services, relief: Relief, second: SecondProcess
) -> None:
    arrive(services, BACKLOG)
    relief.process_due()
    os.kill(second.pid, signal.SIGTERM)
    arrive(services, BACKLOG, first=100)
    assert relief.process_due() == BACKLOG
    second.end()
    assert not psutil.pid_exists(second.pid)


@ON_SQLITE
def test_storage_trouble_in_the_second_process_is_told(services: Services, second: SecondProcess) -> None:
    with services.ledger.write() as connection:
        connection.exec_driver_sql("ALTER TABLE submission RENAME TO submission_away")
    with pytest.raises(LedgerUnavailable, match="no such table"):
        second.process_due()
    with services.ledger.write() as connection:
        connection.exec_driver_sql("ALTER TABLE submission_away RENAME TO submission")
    arrive(services, 1)
    assert second.process_due() == 1
