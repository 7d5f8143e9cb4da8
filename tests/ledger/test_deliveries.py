"""Deliveries are claimed once, in order per borrower, under a lease that can be lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from jobs.ledger import claims, deliveries
from jobs.ledger.claims import LANES, Lane
from jobs.ledger.deliveries import Settlement
from jobs.ledger.engine import Ledger
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import borrower, delivery, inquiry, submission
from mapping.crm.bundle import Bundle, ContactRecord, DealRecord, TaskRecord

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
LEASE = timedelta(seconds=30)
BUNDLE = Bundle(
    key="d",
    contacts=(ContactRecord("b", {"firstname": "Renata"}, emails=("renata@example.com",)),),
    deal=DealRecord("i", "Purchase", "Mortgage", "New inquiry", {"amount": "500000"}),
    tasks=(TaskRecord("t", "Call", "Call back", NOW, "call"),),
)


def _owe(
    connection: Connection, sealer: Sealer, name: str, who: str, minutes: int = 0, lane: Lane = "live"
) -> None:
    """One delivery of a borrower, with the rows it hangs on."""
    at = NOW + timedelta(minutes=minutes)
    if connection.execute(select(borrower.c.id).where(borrower.c.id == who)).first() is None:
        connection.execute(borrower.insert().values(id=who, created_at=at, updated_at=at, profile=b"-"))
    connection.execute(
        submission.insert().values(
            id=f"s{name}",
            path="p",
            received_at=at,
            dedupe_key=name,
            content_hash=name,
            content_type="-",
            body=b"-",
            request=b"-",
            state="processed",
        )
    )
    connection.execute(
        inquiry.insert().values(
            id=f"i{name}",
            submission_id=f"s{name}",
            borrower_id=who,
            path="p",
            received_at=at,
            type="purchase",
            stage="new",
            playbook="-",
            details=b"-",
            decisions="[]",
        )
    )
    row = deliveries.entry(
        sealer,
        id=name,
        inquiry_id=f"i{name}",
        borrower_id=who,
        crm="hubspot",
        bundle=BUNDLE,
        now=at,
        shadow=False,
        lane=lane,
    )
    deliveries.add(connection, [row])


def _claim(
    ledger: Ledger,
    sealer: Sealer,
    token: str,
    now: datetime = NOW,
    limit: int = 10,
    lanes: Sequence[Lane] = LANES,
) -> list[str]:
    with ledger.write() as connection:
        taken = claims.claim(
            connection, crm="hubspot", token=token, now=now, lease=LEASE, limit=limit, lanes=lanes
        )
    return [one.id for one in taken]


def _settle(ledger: Ledger, name: str, state: str, at: datetime = NOW) -> None:
    with ledger.write() as connection:
        deliveries.settle(connection, [Settlement(name, state, 1, at)], at)


def test_what_is_claimed_is_what_was_owed(ledger: Ledger, sealer: Sealer) -> None:
    with ledger.write() as connection:
        _owe(connection, sealer, "d1", "ann")
        rows = claims.claim(connection, crm="hubspot", token="t", now=NOW, lease=LEASE, limit=1)
    taken = claims.opened(rows, sealer)
    assert [one.bundle for one in taken] == [BUNDLE]
    assert taken[0].claims == 0


def test_nobody_claims_the_same_delivery_twice(ledger: Ledger, sealer: Sealer) -> None:
    with ledger.write() as connection:
        _owe(connection, sealer, "d1", "ann")
    assert _claim(ledger, sealer, "one") == ["d1"]
    assert _claim(ledger, sealer, "two") == []


def test_one_borrowers_deliveries_go_one_after_the_other_and_others_beside_them(
    ledger: Ledger, sealer: Sealer
) -> None:
    with ledger.write() as connection:
        _owe(connection, sealer, "d1", "ann", -3)
        _owe(connection, sealer, "d2", "ann", -2)
        _owe(connection, sealer, "d3", "bob", -1)
    assert _claim(ledger, sealer, "one") == ["d1", "d3"]
    assert _claim(ledger, sealer, "two") == []
    _settle(ledger, "d1", "delivered")
    assert _claim(ledger, sealer, "three") == ["d2"]


def test_a_delivery_that_waits_for_its_next_try_holds_back_the_borrowers_newer_ones(
    ledger: Ledger, sealer: Sealer
) -> None:
    with ledger.write() as connection:
        _owe(connection, sealer, "d1", "ann", -2)
        _owe(connection, sealer, "d2", "ann", -1)
    assert _claim(ledger, sealer, "one") == ["d1"]
    _settle(ledger, "d1", "due", NOW + timedelta(minutes=5))
    assert _claim(ledger, sealer, "two") == []


def test_a_dead_delivery_holds_back_nothing(ledger: Ledger, sealer: Sealer) -> None:
    with ledger.write() as connection:
        _owe(connection, sealer, "d1", "ann", -2)
        _owe(connection, sealer, "d2", "ann", -1)
    assert _claim(ledger, sealer, "one") == ["d1"]
    _settle(ledger, "d1", "dead")
    assert _claim(ledger, sealer, "two") == ["d2"]


def test_work_of_a_vanished_worker_is_taken_up_alone_and_its_late_result_refused(
    ledger: Ledger, sealer: Sealer
) -> None:
    with ledger.write() as connection:
        _owe(connection, sealer, "d1", "ann", -2)
        _owe(connection, sealer, "d2", "bob", -1)
    assert _claim(ledger, sealer, "zombie") == ["d1", "d2"]
    later = NOW + LEASE + timedelta(seconds=1)
    assert _claim(ledger, sealer, "heir", later) == ["d1"]
    with ledger.write() as connection:
        assert claims.held(connection, "heir") == {"d1"}
        assert claims.held(connection, "zombie") == {"d2"}
        row = connection.execute(select(delivery).where(delivery.c.id == "d1")).one()
    assert (row.claims, row.crashes) == (2, 1)


def test_a_lease_that_is_renewed_is_not_taken(ledger: Ledger, sealer: Sealer) -> None:
    with ledger.write() as connection:
        _owe(connection, sealer, "d1", "ann")
    assert _claim(ledger, sealer, "one") == ["d1"]
    with ledger.write() as connection:
        claims.extend(connection, ["one"], NOW + 3 * LEASE)
    assert _claim(ledger, sealer, "two", NOW + 2 * LEASE) == []


@pytest.mark.parametrize(("state", "works"), [("dead", True), ("due", True), ("delivered", False)])
def test_retry_is_for_what_is_not_delivered(ledger: Ledger, sealer: Sealer, state: str, works: bool) -> None:
    with ledger.write() as connection:
        _owe(connection, sealer, "d1", "ann")
    assert _claim(ledger, sealer, "one") == ["d1"]
    _settle(ledger, "d1", state, NOW + timedelta(hours=1))
    with ledger.write() as connection:
        assert deliveries.retry(connection, "d1", NOW) is works
    assert _claim(ledger, sealer, "two") == (["d1"] if works else [])


def test_live_goes_before_older_backfill_and_they_never_share_a_batch(ledger: Ledger, sealer: Sealer) -> None:
    with ledger.write() as connection:
        _owe(connection, sealer, "d1", "ann", -9, lane="backfill")
        _owe(connection, sealer, "d2", "bob", -8, lane="backfill")
        _owe(connection, sealer, "d3", "cleo", -1)
    assert _claim(ledger, sealer, "one") == ["d3"]
    assert _claim(ledger, sealer, "two", lanes=("live",)) == []
    assert _claim(ledger, sealer, "three") == ["d1", "d2"]


def test_a_live_inquiry_takes_the_borrowers_older_backfill_along_and_does_not_overtake_it(
    ledger: Ledger, sealer: Sealer
) -> None:
    with ledger.write() as connection:
        _owe(connection, sealer, "d1", "bob", -9, lane="backfill")
        _owe(connection, sealer, "d2", "ann", -8, lane="backfill")
        _owe(connection, sealer, "d3", "ann", -1)
    assert _claim(ledger, sealer, "one", lanes=("live",)) == ["d2"]
    assert _claim(ledger, sealer, "two", lanes=("live",)) == []
    _settle(ledger, "d2", "delivered")
    assert _claim(ledger, sealer, "three", lanes=("live",)) == ["d3"]


def test_what_failed_before_takes_only_as_many_along_as_it_may(ledger: Ledger, sealer: Sealer) -> None:
    """After one failure a batch is half as big, and nothing that failed more often comes into it."""
    with ledger.write() as connection:
        for number in range(6):
            _owe(connection, sealer, f"d{number}", f"who{number}", -9)
    with ledger.write() as connection:
        for name, attempts in (("d0", 1), ("d1", 2)):
            settled = Settlement(name, "due", attempts, NOW - timedelta(minutes=20))
            deliveries.settle(connection, [settled], NOW)
    assert _claim(ledger, sealer, "one", limit=4) == ["d0", "d2"]
    assert _claim(ledger, sealer, "two", limit=4) == ["d1"]
    assert _claim(ledger, sealer, "three", limit=4) == ["d3", "d4", "d5"]


@pytest.mark.parametrize(("lanes", "minutes"), [(("live",), 5), (("backfill",), -3), (LANES, -3)])
def test_when_the_next_is_due_is_known_by_lane(
    ledger: Ledger, sealer: Sealer, lanes: Sequence[Lane], minutes: int
) -> None:
    with ledger.write() as connection:
        _owe(connection, sealer, "d1", "ann", 5)
        _owe(connection, sealer, "d2", "bob", -3, lane="backfill")
    with ledger.read() as connection:
        assert claims.next_due_at(connection, "hubspot", lanes) == NOW + timedelta(minutes=minutes)
        assert claims.next_due_at(connection, "another", lanes) is None


def test_a_lease_that_runs_out_is_due_when_it_does(ledger: Ledger, sealer: Sealer) -> None:
    with ledger.write() as connection:
        _owe(connection, sealer, "d1", "ann")
    assert _claim(ledger, sealer, "one") == ["d1"]
    with ledger.read() as connection:
        assert claims.next_due_at(connection, "hubspot") == NOW + LEASE


@pytest.mark.parametrize(
    ("code", "waits"), [("unavailable", 0), ("rate_limited", 0), ("rejected", 60), ("", 60)]
)
def test_when_the_crm_works_again_what_waited_for_it_is_due(
    ledger: Ledger, sealer: Sealer, code: str, waits: int
) -> None:
    with ledger.write() as connection:
        _owe(connection, sealer, "d1", "ann")
        deliveries.settle(
            connection, [Settlement("d1", "due", 3, NOW + timedelta(seconds=60), error_code=code)], NOW
        )
        deliveries.bring_forward(connection, "hubspot", NOW)
        assert claims.next_due_at(connection, "hubspot") == NOW + timedelta(seconds=waits)


@pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)
def test_the_next_batch_is_read_off_an_index_however_many_wait(ledger: Ledger) -> None:
    with ledger.read() as connection:
        claim = claims._DUE.compile(connection)
        values = (None,) * len(claim.positiontup or ())
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {claim}", values).all()
    assert "ix_delivery_due (crm=? AND lane=? AND state=? AND next_attempt_at<?)" in str(plan[0])
    assert "TEMP B-TREE" not in str(plan)
