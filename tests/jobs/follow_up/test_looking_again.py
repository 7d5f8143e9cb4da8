"""A playbook that was published: plans of before are looked at under it soon, each once, whatever crashes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from connectors.sandbox.hubspot import RunningSandbox
from jobs.follow_up import looking_again
from jobs.follow_up.cadences import follow_up_due
from jobs.follow_up.looking_again import look_again
from jobs.ledger import playbooks
from jobs.ledger.engine import open_ledger
from jobs.ledger.plan_tables import follow_up_plan
from jobs.ledger.tables import follow_up, inquiry
from jobs.playbooks.current import PublishedPlaybook
from jobs.playbooks.publishing import publish, push, roll_back
from jobs.services import Services
from mapping.playbook import shipped
from tests.jobs.brokerage import ON_SQLITE, Clock
from tests.jobs.daily_work import asks, at_once, decide_all, deliver_all, post, rows, work
from tests.people import person

US = shipped("mortgage_us")
SECOND = '{ name = "second_try", day = 1, channel = "call", purpose = "second_try", priority = "HIGH" }'
#: The second try of hot pursuit is no call any more, but a review under another name.
CHANGED = US.replace(SECOND, '{ name = "think", day = 1, channel = "review", purpose = "think_again" }', 1)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two in a round, so that a few inquiries are several rounds."""
    monkeypatch.setattr(looking_again, "_TOGETHER", 2)


def publishes(services: Services, clock: Clock, text: str = CHANGED) -> None:
    push(services, text, "ann")
    publish(services, "ann", message="because")
    clock.forward(seconds=11)


def rounds(services: Services) -> list[int]:
    found = []
    while count := look_again(services):
        found.append(count)
    return found


def due(services: Services, clock: Clock) -> list[str]:
    return [one.inquiry_id for one in rows(services, follow_up_plan) if one.look_at == clock.at]


def came_in(services: Services, count: int) -> None:
    for number in range(count):
        post(services, asks(person(number)))
        decide_all(services)


def test_a_changed_cadence_is_true_soon_after(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    post(services, asks(person(1)))
    work(services)
    clock.forward(hours=1)
    while follow_up_due(services):
        pass
    deliver_all(services)
    touches = [(one.touch or "").split("/")[1:2] for one in rows(services, follow_up)]
    assert ["second_try"] in touches
    publishes(services, clock)
    assert follow_up_due(services) == 0, "by itself it is not due for hours"
    assert rounds(services) == [1]
    while follow_up_due(services):
        pass
    deliver_all(services)
    kept = {(one.touch or "/").split("/")[1]: one.state for one in rows(services, follow_up)}
    assert (kept.get("second_try", "cancelled"), kept["think"]) == ("cancelled", "in_crm")


def test_all_that_go_on_are_looked_at_once(services: Services, clock: Clock, few: None) -> None:
    came_in(services, 5)
    *others, stopped = [one.id for one in rows(services, inquiry)]
    with services.ledger.write() as connection:
        gone = follow_up_plan.c.inquiry_id == stopped
        connection.execute(update(follow_up_plan).where(gone).values(look_at=None))
    assert rounds(services) == []
    publishes(services, clock)
    assert rounds(services) == [2, 2]
    assert due(services, clock) == others
    assert rounds(services) == []


def test_what_is_due_already_keeps_its_place(services: Services, clock: Clock) -> None:
    came_in(services, 1)
    long_ago = clock.at - timedelta(hours=1)
    with services.ledger.write() as connection:
        connection.execute(update(follow_up_plan).values(look_at=long_ago))
    publishes(services, clock)
    assert rounds(services) == [1]
    (plan,) = rows(services, follow_up_plan)
    assert plan.look_at == long_ago


@ON_SQLITE
def test_nobody_looks_before_every_process_has_it(services: Services, clock: Clock) -> None:
    came_in(services, 1)
    push(services, CHANGED, "ann")
    publish(services, "ann")
    assert rounds(services) == []
    clock.forward(seconds=11)
    assert rounds(services) == [1]


@ON_SQLITE
def test_a_crash_in_between_takes_nothing_back(
    services: Services, clock: Clock, few: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    came_in(services, 5)
    publishes(services, clock)
    assert look_again(services) == 2

    class Dies(Exception):
        pass

    def dies(*_: object) -> None:
        raise Dies

    with monkeypatch.context() as crash:
        crash.setattr(playbooks, "asked", dies)
        with pytest.raises(Dies):
            look_again(services)
    assert len(due(services, clock)) == 2, "the round that was cut off never was"
    assert rounds(services) == [2, 1]
    assert len(due(services, clock)) == 5


@ON_SQLITE
def test_what_is_published_meanwhile_begins_anew(services: Services, clock: Clock, few: None) -> None:
    came_in(services, 3)
    publishes(services, clock)
    assert look_again(services) == 2
    roll_back(services, 0, "ann")
    clock.forward(seconds=11)
    assert rounds(services) == [2, 1]
    assert all(one.look_at <= clock.at for one in rows(services, follow_up_plan))


def test_several_processes_ask_for_each_once(services: Services, ledger_url: str, clock: Clock) -> None:
    came_in(services, 6)
    publishes(services, clock)
    other = open_ledger(ledger_url)
    beside = replace(services, ledger=other, playbooks=PublishedPlaybook(services.settings))
    found: list[int] = []
    at_once(*[lambda: found.append(look_again(services)), lambda: found.append(look_again(beside))] * 2)
    assert sum(found) == 6
    assert len(due(services, clock)) == 6
    other.close()
