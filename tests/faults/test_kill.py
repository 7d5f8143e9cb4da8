"""kill -9 of any process at any moment: everything that was answered 200 ends exactly once in the CRM."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.promises import broken_promises, open_beside, seconds_until_drained
from tests.faults.senders import Senders, while_sending
from tests.fleet import Fleet
from tests.services.postgres import PostgresServer
from tests.services.redis import RedisServer

#: The whole measure is 500 submissions and 40 kills (FIRSTPATH_KILLS=40); CI plays a shorter game.
KILLS = int(os.environ.get("FIRSTPATH_KILLS", "5"))
SUBMISSIONS = KILLS * 25 // 2
PEOPLE = SUBMISSIONS * 4 // 5
#: Faults go on to the end, so the last retries take their time; nothing waits longer than its next try.
DRAIN_SECONDS = 180.0

#: One call in five goes wrong: 500 (half of them after the work was done), 429, no answer after the work.
TROUBLE = {
    "seed": 7,
    "rules": [
        {"kind": "status_before", "path": "^/crm/", "probability": 0.05, "status": 500},
        {"kind": "status_after", "path": "^/crm/", "probability": 0.05, "status": 500},
        {"kind": "rate_limit", "path": "^/crm/", "probability": 0.05, "retry_after": 1},
        {"kind": "timeout_after", "path": "^/crm/", "probability": 0.05, "seconds": 3},
    ],
}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where the fleet lives; its logs are shown when a test fails."""
    yield tmp_path
    for log in sorted(tmp_path.glob("*.log")):
        print(f"--- {log.name}", log.read_text(errors="replace")[-3000:])  # noqa: T201


def _embedded(folder: Path) -> Fleet:
    return Fleet(folder, timeout_seconds=2, lease_seconds=10, sweep_seconds=2)


def _start(fleet: Fleet, name: str) -> None:
    if name == "web":
        fleet.start_web()
    else:
        fleet.start(name, "worker")


def _kill_at_random(fleet: Fleet, dice: random.Random, kills: int) -> None:
    names = [name for name in fleet.processes if name != "sandbox"]
    for _ in range(kills):
        time.sleep(dice.uniform(0.05, 1.5))
        name = dice.choice(names)
        fleet.kill(name)
        _start(fleet, name)


def _play(fleet: Fleet, names: tuple[str, ...]) -> None:
    fleet.start_sandbox()
    fleet.set_faults(TROUBLE)
    for name in names:
        _start(fleet, name)
    dice = random.Random(11)
    senders = Senders(fleet.url, range(SUBMISSIONS), PEOPLE, per_second=5.5)
    while_sending(senders, lambda: _kill_at_random(fleet, dice, KILLS))
    services = open_beside(fleet)
    try:
        recovery = seconds_until_drained(services, DRAIN_SECONDS)
        broken = broken_promises(fleet, services, senders.accepted.values(), PEOPLE)
    finally:
        services.ledger.close()
    print(f"{KILLS} kills, {SUBMISSIONS} submissions, drained {recovery:.1f} s after the last 200")  # noqa: T201
    assert broken == []
    assert len(set(senders.accepted.values())) == SUBMISSIONS


@pytest.mark.faults
def test_embedded_nothing_is_lost_or_doubled(folder: Path) -> None:
    fleet = _embedded(folder)
    try:
        _play(fleet, ("web",))
    finally:
        fleet.stop()


@pytest.mark.faults
def test_with_postgresql_redis_and_workers_nothing_is_lost_or_doubled(
    folder: Path, postgres_server: PostgresServer, redis_server: RedisServer
) -> None:
    with postgres_server.database() as url:
        fleet = Fleet(
            folder,
            ledger_url=url,
            redis_url=redis_server.url,
            timeout_seconds=2,
            lease_seconds=10,
            sweep_seconds=2,
        )
        try:
            _play(fleet, ("web", "worker-1", "worker-2"))
        finally:
            fleet.stop()


@pytest.mark.faults
def test_redis_may_forget_everything_and_be_away(
    folder: Path, postgres_server: PostgresServer, redis_server: RedisServer
) -> None:
    outage = float(os.environ.get("FIRSTPATH_OUTAGE_SECONDS", "10"))
    count, people = 120, 100
    with postgres_server.database() as url:
        fleet = Fleet(folder, ledger_url=url, redis_url=redis_server.url, sweep_seconds=2)

        def disturb() -> None:
            time.sleep(2)
            redis_server.flushall()
            redis_server.stop()
            time.sleep(outage)
            redis_server.start()
            redis_server.flushall()

        try:
            fleet.start_sandbox()
            fleet.start_web()
            fleet.start("worker-1", "worker")
            fleet.start("worker-2", "worker")
            senders = Senders(fleet.url, range(count), people, per_second=count / (outage + 4))
            while_sending(senders, disturb)
            services = open_beside(fleet)
            seconds_until_drained(services, DRAIN_SECONDS)
            broken = broken_promises(fleet, services, senders.accepted.values(), people)
            services.ledger.close()
        finally:
            fleet.stop()
    assert senders.refused == []
    assert broken == []
