"""kill -9 of either process of the embedded server in the middle of a burst."""

from __future__ import annotations

import time
from pathlib import Path

import psutil
import pytest

from tests.faults.promises import broken_promises, open_beside, seconds_until_drained
from tests.faults.senders import Senders, while_sending
from tests.fleet import Fleet

DRAIN_SECONDS = 180.0


@pytest.mark.faults
def test_each_of_the_two_processes_may_die(tmp_path: Path) -> None:
    count, people = 400, 320
    fleet = Fleet(tmp_path, lease_seconds=10, sweep_seconds=1)

    def disturb() -> None:
        _at_work(fleet).kill()
        time.sleep(1)  # the other one goes on alone
        for _ in range(2):
            fleet.kill("web")
            fleet.start_web()
            _at_work(fleet)

    try:
        fleet.start_sandbox()
        fleet.start_web()
        senders = Senders(fleet.url, range(count), people, per_second=1_000, threads=8)
        while_sending(senders, disturb)
        services = open_beside(fleet)
        seconds_until_drained(services, DRAIN_SECONDS)
        broken = broken_promises(fleet, services, senders.accepted.values(), people)
        services.ledger.close()
    finally:
        fleet.stop()
    assert broken == []


def _at_work(fleet: Fleet, seconds: float = 30.0) -> psutil.Process:
    """The process that does the web server's work, as soon as it does something."""
    (working,) = psutil.Process(fleet.processes["web"].pid).children()
    deadline, idle = time.monotonic() + seconds, working.cpu_times().user
    while working.cpu_times().user < idle + 0.1:
        assert time.monotonic() < deadline, "it had nothing to do"
        time.sleep(0.01)
    return working
