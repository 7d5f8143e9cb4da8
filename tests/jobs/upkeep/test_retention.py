"""Raw bodies are forgotten in time; what was understood of them stays."""

from __future__ import annotations

from connectors.sandbox.hubspot import RunningSandbox
from jobs.desk.actions import replay_submission
from jobs.ledger import submissions
from jobs.ledger.tables import inquiry, submission
from jobs.services import Services
from jobs.upkeep.retention import expire_raw
from tests.jobs.brokerage import Clock, with_path
from tests.jobs.daily_work import asks, counts, post, row, rows, states, work
from tests.people import person


def test_old_bodies_are_emptied_once_and_inquiries_stay(services: Services, clock: Clock) -> None:
    old = post(services, asks(person(1)))
    work(services)
    clock.forward(days=services.settings.retention.raw_days, seconds=1)
    young = post(services, asks(person(2)))
    work(services)
    assert expire_raw(services) == 1
    assert expire_raw(services) == 0
    with services.ledger.read() as connection:
        emptied = submissions.get(connection, services.sealer, old.id)
        kept = submissions.get(connection, services.sealer, young.id)
    assert emptied is not None
    assert kept is not None
    assert (emptied.body, emptied.request.headers) == (b"", {})
    assert person(2).first.encode() in kept.body
    assert len(rows(services, inquiry)) == 2


def test_what_still_waits_is_never_emptied(services: Services, sandbox: RunningSandbox, clock: Clock) -> None:
    post(services, asks(person(1)))
    post(with_path(services, "draft"), asks(person(2)))
    clock.forward(days=10_000)
    assert expire_raw(services) == 0
    work(services)
    assert sorted(states(services, submission)) == ["captured", "processed"]
    assert counts(sandbox) == (1, 1, 1)


def test_a_repeat_is_still_recognised_and_a_replay_makes_nothing_of_an_empty_body(
    services: Services, clock: Clock
) -> None:
    spam = post(services, {**asks(person(1), "form-1"), "website": "http://spam.example"})
    work(services)
    clock.forward(days=10_000)
    expire_raw(services)
    assert post(services, {**asks(person(1), "form-1"), "website": "http://spam.example"}).repeated
    replay_submission(services, spam.id, "an-admin")
    work(services)
    assert row(services, submission, spam.id).state == "quarantined"
    assert rows(services, inquiry) == []
