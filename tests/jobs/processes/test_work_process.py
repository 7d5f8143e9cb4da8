"""The work of the embedded default is done in a process of its own, and goes on when that one dies."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace

import psutil
import pytest

from connectors.sandbox.hubspot import RunningSandbox
from jobs.ledger.tables import delivery
from jobs.processes.work_process import PipeBell, WorkProcess
from jobs.services import Services
from tests.jobs.brokerage import ON_SQLITE
from tests.jobs.daily_work import asks, counts, post, states, until
from tests.people import person

pytestmark = ON_SQLITE


@pytest.fixture
def door(services: Services) -> Services:
    """These services in the process that answers the web; a sweep would come too late for these tests."""
    work = replace(services.settings.work, sweep_seconds=600)
    return replace(services, settings=replace(services.settings, work=work), bell=PipeBell())


@pytest.fixture
def work(door: Services) -> Iterator[WorkProcess]:
    assert isinstance(door.bell, PipeBell)
    started = WorkProcess(door, door.bell)
    yield started
    started.end()
    assert not psutil.pid_exists(started.pid)


def arrive(services: Services, *numbers: int) -> None:
    for number in numbers:
        post(services, asks(person(number)))


def delivered(services: Services, count: int) -> None:
    until(lambda: states(services, delivery) == ["delivered"] * count)


def test_what_arrives_here_is_decided_and_delivered_there(
    door: Services, work: WorkProcess, sandbox: RunningSandbox
) -> None:
    arrive(door, 0, 1)
    delivered(door, 2)
    assert counts(sandbox) == (2, 2, 2)
    arrive(door, 2)
    delivered(door, 3)


def test_when_it_is_killed_the_work_goes_on_here(
    door: Services, work: WorkProcess, sandbox: RunningSandbox
) -> None:
    work.watch()
    os.kill(work.pid, signal.SIGKILL)
    assert isinstance(door.bell, PipeBell)
    bell = door.bell
    until(lambda: bell.here is not None)
    arrive(door, 0)
    delivered(door, 1)
    assert counts(sandbox) == (1, 1, 1)


def test_a_stop_signal_to_the_whole_group_leaves_it_at_work(door: Services, work: WorkProcess) -> None:
    os.kill(work.pid, signal.SIGTERM)
    os.kill(work.pid, signal.SIGINT)
    arrive(door, 0)
    delivered(door, 1)
