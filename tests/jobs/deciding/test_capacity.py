"""Capacity is kept, also when several decide at once; a partner stays with one loan officer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from sqlalchemy import update

from jobs.ledger import workload
from jobs.ledger.tables import inquiry, partner
from jobs.playbooks.current import holding
from jobs.services import Services
from mapping.ownership.capacity import Load, day_began
from mapping.playbook.team import Capacity
from tests.jobs.brokerage import ON_SQLITE, Clock
from tests.jobs.daily_work import asks, at_once, decide_all, post, row, rows
from tests.people import person

MAYA, PRIYA = "maya@example.com", "priya@example.com"


def with_capacity(services: Services, **capacities: Capacity) -> Services:
    team = tuple(
        replace(one, capacity=capacities.get(one.email.partition("@")[0], Capacity()))
        for one in services.playbook.team
    )
    return holding(services, replace(services.playbook, team=team))


def owners(services: Services) -> Counter[str]:
    return Counter(one.owner for one in rows(services, inquiry))


def test_nobody_is_overfilled_when_several_decide_at_once(services: Services) -> None:
    small = with_capacity(services, maya=Capacity(per_day=7), priya=Capacity(open=4))
    for number in range(20):
        post(small, asks(person(number)))
    at_once(*[lambda: decide_all(small)] * 4)
    assert owners(small) == {MAYA: 7, PRIYA: 4, "desk@example.com": 9}


@ON_SQLITE
def test_a_new_day_and_an_outcome_make_room(services: Services, clock: Clock) -> None:
    small = with_capacity(services, maya=Capacity(per_day=1), priya=Capacity(open=1))
    for number in range(3):
        post(small, asks(person(number)))
        decide_all(small)
    assert owners(small) == {MAYA: 1, PRIYA: 1, "desk@example.com": 1}
    clock.forward(days=1)
    post(small, asks(person(3)))
    decide_all(small)
    assert owners(small)[MAYA] == 2
    with small.ledger.write() as connection:
        connection.execute(update(inquiry).where(inquiry.c.owner == PRIYA).values(stage="funded"))
    post(small, asks(person(4)))
    decide_all(small)
    assert owners(small)[PRIYA] == 2


def test_what_is_counted_stops_at_the_capacity(services: Services, clock: Clock) -> None:
    for number in range(6):
        post(services, asks(person(number)))
        decide_all(services)
    began = day_began(services.playbook, clock())
    limits = {MAYA: Capacity(per_day=2, open=3), PRIYA: Capacity(per_day=9), "nobody": Capacity(open=1)}
    with services.ledger.read() as connection:
        found = workload.loads(connection, limits, began)
        assert workload.loads(connection, {}, began) == {}
    assert found == {MAYA: Load(2, 3), PRIYA: Load(2, 0), "nobody": Load(0, 0)}


def test_a_partners_last_owner_in_the_team_is_found(services: Services) -> None:
    for number in range(3):
        post(services, asks(person(number)))
        decide_all(services)
    newest = max(one.id for one in rows(services, inquiry))
    with services.ledger.write() as connection:
        made = {"id": "P1", "created_at": services.now(), "key_hash": "k", "profile": b"", "state": "new"}
        connection.execute(partner.insert(), made)
        connection.execute(update(inquiry).values(partner_id="P1"))
        found = workload.partner_owners(connection, ["P1", "P2"], [MAYA, PRIYA])
        assert found == {"P1": row(services, inquiry, newest).owner}
        assert workload.partner_owners(connection, ["P1"], ["nobody@example.com"]) == {}
