"""Sealing anew: after the new key has sealed everything, the old one is not needed any more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from connectors.sandbox.hubspot import RunningSandbox
from jobs.ledger.account_tables import web_session
from jobs.ledger.seal import SealBroken, Sealer
from jobs.ledger.tables import SEALED, delivery, submission
from jobs.services import Services
from jobs.upkeep.rotate import reseal
from tests.jobs.brokerage import ON_SQLITE, START
from tests.jobs.daily_work import asks, counts, decide_all, deliver_all, post, rows, states
from tests.people import person

LOOKUP = bytes(range(32, 64))
OLD, NEW = ("old", bytes(range(32))), ("new", bytes(range(64, 96)))


@pytest.fixture
def old(services: Services) -> Services:
    """The brokerage as it was before the key was changed, with two inquiries decided."""
    before = replace(services, sealer=Sealer([OLD], LOOKUP))
    for number in (1, 2):
        post(before, asks(person(number)))
    decide_all(before)
    with before.ledger.write() as connection:
        sealed = before.sealer.seal_json({"user": "1"}, "web_session.data:a-session")
        session = {"id_hash": "a-session", "data": sealed, "created_at": START, "seen_at": START}
        connection.execute(web_session.insert(), session)
    return before


def test_everything_opens_with_the_new_key_alone_and_the_work_goes_on(
    old: Services, sandbox: RunningSandbox
) -> None:
    both = Sealer([NEW, OLD], LOOKUP)
    done = dict(reseal(old.ledger, both, batch=1))
    assert done["submission.body"] == done["delivery.bundle"] == done["follow_up.content"] == 2
    assert done["web_session.data"] == 1
    assert set(done) == {f"{table.name}.{column}" for table, column, _ in SEALED}
    alone = replace(old, sealer=Sealer([NEW], LOOKUP))
    for table, column, place in SEALED:
        for one in rows(old, table):
            where = f"{table.name}.{column}:{getattr(one, place)}"
            assert alone.sealer.open(getattr(one, column), where)
    deliver_all(alone)
    assert counts(sandbox) == (2, 2, 2)
    post(alone, asks(person(1), "a second time"))
    decide_all(alone)
    deliver_all(alone)
    assert counts(sandbox) == (2, 3, 3), "the borrower is still recognised"


def test_it_may_be_interrupted_and_repeated(old: Services) -> None:
    both = Sealer([NEW, OLD], LOOKUP)
    next(iter(reseal(old.ledger, both, batch=1)))
    again = dict(reseal(old.ledger, both, batch=500))
    assert again["submission.body"] == 0
    assert again["delivery.bundle"] == 2
    assert not any(count for _, count in reseal(old.ledger, both, batch=500))


@ON_SQLITE
def test_a_key_taken_away_too_early_stops_it_and_harms_nothing(old: Services) -> None:
    with pytest.raises(SealBroken, match="not configured"):
        list(reseal(old.ledger, Sealer([NEW], LOOKUP), batch=10))
    assert all(old.sealer.is_current(one.body) for one in rows(old, submission))
    assert states(old, delivery) == ["due", "due"]


@ON_SQLITE
def test_a_value_moved_to_another_row_does_not_open(old: Services) -> None:
    first, second = rows(old, delivery)
    with old.ledger.write() as connection:
        moved = update(delivery).where(delivery.c.id == second.id).values(bundle=first.bundle)
        connection.execute(moved)
    with pytest.raises(SealBroken, match="moved"):
        list(reseal(old.ledger, Sealer([NEW, OLD], LOOKUP), batch=10))
