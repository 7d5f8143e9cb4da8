"""The threads of one process: woken by the bell, and without it by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic

from sqlalchemy import update

from connectors.sandbox.hubspot import RunningSandbox
from jobs.ledger.tables import delivery, submission
from jobs.processes.bell import ThreadBell
from jobs.processes.worker import Workers
from jobs.services import Services, utc_now
from tests.jobs.brokerage import ON_SQLITE, connector, provision, start_sandbox, with_path
from tests.jobs.daily_work import asks, counts, decide_all, post, rows, states, until
from tests.people import person


@contextmanager
def working(services: Services, bell: ThreadBell) -> Iterator[Workers]:
    """Workers on the wall clock for the block."""
    workers = Workers(services, bell)
    workers.start()
    try:
        yield workers
    finally:
        workers.stop(10)


def patient(services: Services, sweep_seconds: int, lease_seconds: int = 30) -> Services:
    """The brokerage on the wall clock, its workers looking by themselves this often."""
    work = replace(services.settings.work, sweep_seconds=sweep_seconds, lease_seconds=lease_seconds)
    return replace(services, now=utc_now, settings=replace(services.settings, work=work))


def test_a_ring_wakes_the_workers_at_once(services: Services, sandbox: RunningSandbox) -> None:
    bell = ThreadBell()
    services = replace(patient(services, sweep_seconds=600), bell=bell)
    with working(services, bell):
        started = monotonic()
        for number in range(5):
            post(services, asks(person(number)))
        until(lambda: counts(sandbox) == (5, 5, 5))
        assert monotonic() - started < 10
        until(lambda: states(services, delivery) == ["delivered"] * 5)


def test_without_any_ring_a_sweep_finds_what_is_waiting(services: Services, sandbox: RunningSandbox) -> None:
    deaf = patient(services, sweep_seconds=1)
    with working(deaf, ThreadBell()):
        for number in range(3):
            post(deaf, asks(person(number)))
        until(lambda: states(services, delivery) == ["delivered"] * 3)
    assert counts(sandbox) == (3, 3, 3)


@ON_SQLITE
def test_a_sweep_lets_in_what_was_captured_before_the_path_went_live(
    services: Services, sandbox: RunningSandbox
) -> None:
    going = patient(services, sweep_seconds=600, lease_seconds=1)
    post(with_path(going, "draft"), asks(person(1)))
    bell = ThreadBell()
    with working(replace(going, bell=bell), bell):
        until(lambda: states(services, delivery) == ["delivered"])


@ON_SQLITE
def test_stopping_finishes_what_is_under_way_and_takes_up_nothing_new(
    services: Services, sandbox: RunningSandbox
) -> None:
    sandbox.configure(latency=0.2)
    bell = ThreadBell()
    services = replace(patient(services, sweep_seconds=600), bell=bell)
    with working(services, bell):
        post(services, asks(person(1)))
        until(lambda: states(services, delivery) == ["leased"])
    assert states(services, delivery) == ["delivered"]
    late = post(services, asks(person(2)))
    assert {one.id: one.state for one in rows(services, submission)}[late.id] == "received"


def test_a_live_inquiry_does_not_wait_behind_a_batch_of_backfill_in_flight(services: Services) -> None:
    with start_sandbox() as held:
        settings = services.settings
        moved = {"hubspot": replace(settings.crms["hubspot"], base_url=held.url)}
        provision(replace(settings, crms=moved))
        held.set_faults([{"kind": "timeout_before", "seconds": 60, "body": person(1).email}])
        crm, bell = connector(held.url, patience=60.0), ThreadBell()
        services = replace(patient(services, sweep_seconds=1), bell=bell, crms={"hubspot": crm})
        for number in (1, 2):
            post(services, asks(person(number)))
        decide_all(services)
        with services.ledger.write() as connection:
            connection.execute(update(delivery).values(lane="backfill"))
        with working(services, bell):
            until(lambda: states(services, delivery) == ["leased"] * 2)
            post(services, asks(person(3)))
            until(lambda: states(services, delivery) == ["leased", "leased", "delivered"])
            held.stop()
        crm.close()


@ON_SQLITE
def test_storage_trouble_ends_no_thread(services: Services, sandbox: RunningSandbox) -> None:
    """The table is gone for a moment, as on a disk that is being repaired."""
    bell = ThreadBell()
    deaf = replace(patient(services, sweep_seconds=1), bell=bell)
    with services.ledger.write() as connection:
        connection.exec_driver_sql("ALTER TABLE submission RENAME TO submission_away")
    with working(deaf, bell):
        bell.ring("process", "")
        with services.ledger.write() as connection:
            connection.exec_driver_sql("ALTER TABLE submission_away RENAME TO submission")
        post(deaf, asks(person(1)))
        until(lambda: states(services, delivery) == ["delivered"])


def test_a_ring_between_looking_and_waiting_is_not_missed() -> None:
    bell = ThreadBell()
    heard = bell.heard("process")
    bell.ring("process", "1")
    started = monotonic()
    bell.wait("process", heard, 10)
    assert monotonic() - started < 5
    assert bell.heard("deliver") == 0


def test_nobody_rings_and_the_wait_is_over_all_the_same() -> None:
    bell = ThreadBell()
    bell.wait("deliver", bell.heard("deliver"), 0.01)
    assert bell.heard("deliver") == 0
