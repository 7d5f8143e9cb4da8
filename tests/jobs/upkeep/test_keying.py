"""Borrowers from before a kind of key existed get theirs in the background."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import insert, update

from jobs.ledger import identity_keys
from jobs.ledger.tables import borrower, borrower_key, keys_due
from jobs.reviews.merging import merge
from jobs.services import Services
from jobs.upkeep.keying import _AT_ONCE, _ROUNDS, give_keys_due
from tests.jobs.brokerage import ON_SQLITE
from tests.jobs.daily_work import asks, decide_all, post, rows
from tests.people import person


def known(services: Services, number: int) -> list[str]:
    """So many borrowers with a birth date, decided; their ids."""
    for each in range(number):
        post(services, asks(person(each), date_of_birth="1980-02-03"))
    decide_all(services)
    return [one.id for one in rows(services, borrower)]


def are_due(services: Services, ids: Iterable[str], *, without: str = "") -> None:
    """As a migration leaves them: listed, without the keys of kinds that begin so."""
    with services.ledger.write() as connection:
        for id_, keys in identity_keys.of_each(connection, list(ids)).items():
            lost = [(kind, hash_) for kind, hash_ in keys if kind.startswith(without)]
            identity_keys.take(connection, id_, lost)
        connection.execute(insert(keys_due), [{"borrower_id": id_} for id_ in ids])


def test_they_get_the_keys_they_lack_once(services: Services) -> None:
    ids = known(services, 3)
    before = rows(services, borrower_key)
    assert {one.kind for one in before} >= {"email", "phone", "birth"}
    are_due(services, ids, without="birth")
    assert give_keys_due(services) == 3
    assert rows(services, borrower_key) == before
    assert rows(services, keys_due) == []
    assert give_keys_due(services) == 0


@ON_SQLITE
def test_a_few_at_a_time(services: Services) -> None:
    ids = [f"{number:026d}" for number in range(_AT_ONCE * _ROUNDS + 1)]
    are_due(services, ids)
    assert give_keys_due(services) == len(ids) - 1
    assert [one.borrower_id for one in rows(services, keys_due)] == ids[-1:]


@ON_SQLITE
def test_who_was_merged_into_somebody_has_none(services: Services) -> None:
    kept, gone = known(services, 2)
    merge(services, kept, gone, actor="system")
    before = rows(services, borrower_key)
    are_due(services, (kept, gone), without="nothing")
    assert give_keys_due(services) == 2
    assert rows(services, borrower_key) == before


@ON_SQLITE
def test_one_who_cannot_be_opened_keeps_nobody_waiting(services: Services) -> None:
    broken, whole = known(services, 2)
    before = rows(services, borrower_key)
    are_due(services, (broken, whole))
    with services.ledger.write() as connection:
        connection.execute(update(borrower).where(borrower.c.id == broken).values(profile=b"\0"))
    assert give_keys_due(services) == 2
    assert rows(services, borrower_key) == [one for one in before if one.borrower_id == whole]
    assert rows(services, keys_due) == []
