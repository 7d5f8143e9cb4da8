"""Leases: who works on a delivery, for how long, and what a worker that slept too long may still say."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from connectors.crm.hubspot import HubSpotCrm
from connectors.sandbox.hubspot import RunningSandbox
from jobs.delivering.deliver import deliver_due
from jobs.ledger.tables import delivery, delivery_attempt, inquiry
from jobs.processes.leases import Leases
from jobs.services import Services
from tests.jobs.brokerage import Clock, connector
from tests.jobs.daily_work import asks, counts, decide_all, deliver_all, post, row, rows, until
from tests.people import person


@contextmanager
def somebody_hangs(services: Services, sandbox: RunningSandbox) -> Iterator[None]:
    """A worker delivers everything, and gets no answer to its last call until the block ends."""
    sandbox.set_faults(
        [{"kind": "timeout_after", "path": "tasks", "method": "POST", "nth": 1, "seconds": 30}]
    )
    worker = threading.Thread(target=deliver_due, args=(services, "hubspot"))
    worker.start()
    try:
        until(lambda: counts(sandbox)[2] == 1)
        yield
    finally:
        worker.join()


@contextmanager
def impatient(services: Services, sandbox: RunningSandbox) -> Iterator[Services]:
    """A process that waits a second for an answer, with leases of its own."""
    crm = connector(sandbox.url, patience=1.0)
    yield replace(services, crms={"hubspot": crm}, leases=Leases())
    crm.close()


def test_the_late_result_of_a_lost_lease_is_history_and_changes_nothing(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    post(services, asks(person(1)))
    decide_all(services)
    with impatient(services, sandbox) as slow, somebody_hangs(slow, sandbox):
        clock.forward(seconds=31)
        deliver_all(services)
        assert row(services, delivery).state == "delivered"
    assert sorted(one.outcome for one in rows(services, delivery_attempt)) == ["delivered", "late"]
    settled = row(services, delivery)
    assert (settled.state, settled.error_code, settled.lease_token) == ("delivered", "", None)
    assert counts(sandbox) == (1, 1, 1)


def test_a_renewed_lease_keeps_others_away(services: Services, sandbox: RunningSandbox, clock: Clock) -> None:
    post(services, asks(person(2)))
    decide_all(services)
    with impatient(services, sandbox) as slow, somebody_hangs(slow, sandbox):
        for _ in range(3):
            clock.forward(seconds=20)
            slow.leases.renew(slow.ledger, slow.now(), slow.lease)
        assert deliver_due(services, "hubspot") == 0
    assert [one.outcome for one in rows(services, delivery_attempt)] == ["uncertain"]
    clock.forward(seconds=31)
    deliver_all(services)
    assert counts(sandbox) == (1, 1, 1)


def test_what_outlived_a_crash_is_looked_up_first_and_goes_alone(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    lost = post(services, asks(person(0)))
    decide_all(services)
    killed = HubSpotCrm(_killed, sandbox.url)
    with pytest.raises(SystemExit):
        deliver_due(replace(services, crms={"hubspot": killed}), "hubspot")
    for number in (1, 2):
        post(services, asks(person(number)))
    decide_all(services)
    assert deliver_due(services, "hubspot") == 2, "its neighbours go on"
    assert deliver_due(services, "hubspot") == 0
    clock.forward(seconds=31)
    for number in (3, 4):
        post(services, asks(person(number)))
    decide_all(services)
    assert deliver_due(services, "hubspot") == 1, "it may be what kills: nobody goes with it"
    first = next(one for one in rows(services, inquiry) if one.submission_id == lost.id)
    (again,) = [one for one in rows(services, delivery) if one.inquiry_id == first.id]
    assert (again.state, again.claims) == ("delivered", 2)
    deliver_all(services)
    assert counts(sandbox) == (5, 5, 5)


def _killed() -> str:
    raise SystemExit
