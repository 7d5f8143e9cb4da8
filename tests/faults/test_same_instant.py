"""The same thing at the same instant, through real processes: it happens once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.faults.promises import broken_promises, open_beside, seconds_until_drained
from tests.fleet import FORM_KEY, Fleet
from tests.people import form_fields, person
from tests.services.postgres import PostgresServer
from tests.services.redis import RedisServer

BORROWERS = 20


@pytest.fixture
def fleet(tmp_path: Path, postgres_server: PostgresServer, redis_server: RedisServer) -> Iterator[Fleet]:
    """A web process and two workers that decide and deliver side by side."""
    with postgres_server.database() as url:
        running = Fleet(tmp_path, ledger_url=url, redis_url=redis_server.url, sweep_seconds=1)
        try:
            running.start_sandbox()
            running.start_web()
            running.start("worker-1", "worker")
            running.start("worker-2", "worker")
            yield running
        finally:
            running.stop()


def _post(fleet: Fleet, number: int, who: int) -> str:
    fields = form_fields(person(who), number)
    answer = requests.post(f"{fleet.url}/in/{FORM_KEY}", data=fields, timeout=30)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


@pytest.mark.faults
def test_one_webhook_fifty_times_and_two_inquiries_of_each_borrower(fleet: Fleet) -> None:
    with ThreadPoolExecutor(50) as pool:
        answers = set(pool.map(lambda _: _post(fleet, 9_999, BORROWERS), range(50)))
        pairs = [(2 * who + copy, who) for who in range(BORROWERS) for copy in (0, 1)]
        accepted = set(pool.map(lambda pair: _post(fleet, *pair), pairs))
    assert len(answers) == 1
    assert len(accepted) == 2 * BORROWERS
    services = open_beside(fleet)
    try:
        seconds_until_drained(services, 60)
        assert broken_promises(fleet, services, answers | accepted, BORROWERS + 1) == []
    finally:
        services.ledger.close()
