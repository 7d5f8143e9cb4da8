"""Borrowers are found by their keys, whatever the database and however many share one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jobs.ledger import borrowers, holders, profiles
from jobs.ledger.borrowers import Borrower
from jobs.ledger.engine import Ledger
from jobs.ledger.seal import Sealer
from mapping.identity import search_keys
from mapping.inquiry import Inquiry, Party
from mapping.people.survivorship import Survivorship, hear

NOON = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)
SEALER = Sealer([("one", b"k" * 32)], b"l" * 32)


def store(ledger: Ledger, id_: str, party: Party) -> None:
    inquiry = Inquiry(source="form", path="website", received_at=NOON, borrower=party)
    profile = profiles.merged(None, hear(party, inquiry, "i1"), Survivorship())
    keys = holders.hashed(SEALER, search_keys(party))
    with ledger.write() as connection:
        one = Borrower(id_, profile, "", "", 1)
        borrowers.save(connection, [borrowers.entry(SEALER, one, keys, now=NOON, new=True)])


def look_up(ledger: Ledger, party: Party) -> holders.Holders:
    with ledger.read() as connection:
        return holders.of(connection, holders.hashed(SEALER, search_keys(party)))


ANA = Party(
    first_name="Ana",
    last_name="Quintanilla",
    email="ana@example.com",
    phone="+14155552671",
    street="12 Oak St",
    city="Fresno",
    state="CA",
    postal_code="93650",
)


def test_what_was_said_comes_back_for_recognising(ledger: Ledger) -> None:
    store(ledger, "b1", ANA)
    keys = holders.hashed(SEALER, search_keys(ANA))
    [found] = holders.those_with(look_up(ledger, ANA), SEALER, keys)
    known = found.known()
    assert (known.first_names, known.emails, known.phones) == (("Ana",), (ANA.email,), (ANA.phone,))
    assert known.places[0].street == "12 Oak St"
    assert known.last_seen == {ANA.email: "2026-06-10", ANA.phone: "2026-06-10"}
    assert known.last_heard == NOON


@pytest.mark.parametrize(("sharers", "found"), [(8, 8), (9, 0)])
def test_a_key_of_many_says_nothing(ledger: Ledger, sharers: int, found: int) -> None:
    office = Party(first_name="Ana", last_name="Quintanilla", phone="+14155552671")
    for number in range(sharers):
        store(ledger, f"b{number}", Party(first_name=f"Person{number}", phone=office.phone))
    holders = look_up(ledger, office)
    assert len(holders.rows) == found
    assert bool(holders.crowded) is (found == 0)


def test_somebody_is_found_by_a_rare_name_and_by_the_address_alone(ledger: Ledger) -> None:
    store(ledger, "b1", ANA)
    by_name = Party(first_name="Anita", last_name="Quintanilla", email="other@example.com")
    at_home = Party(first_name="Luis", street="12 oak street", postal_code="93650")
    assert [*look_up(ledger, by_name).rows] == [*look_up(ledger, at_home).rows] == ["b1"]
    assert look_up(ledger, Party(first_name="Ana", last_name="Smith")).rows == {}
