"""One renewal at a time, and nobody uses a token that is not stored."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier, Lock

import pytest
from sqlalchemy import select

from connectors.crm.base import Unavailable
from connectors.crm.tokens import Tokens
from jobs.crm.tokens import LedgerTokens
from jobs.ledger import crm_tokens
from jobs.ledger.engine import Ledger
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import crm_token


class _Clock:
    """A clock that pauses move on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

    def pause(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class _Vendor:
    """A token endpoint that takes each refresh token once."""

    def __init__(self) -> None:
        self.valid = "r0"
        self.fetched = 0
        self._lock = Lock()

    def refresh(self, known: Tokens | None) -> Tokens:
        with self._lock:
            assert (known.refresh if known else "r0") == self.valid, "a refresh token was used twice"
            self.fetched += 1
            self.valid = f"r{self.fetched}"
            return Tokens(f"a{self.fetched}", self.valid)


@pytest.fixture
def clock() -> _Clock:
    """Noon."""
    return _Clock()


@pytest.fixture
def store(ledger: Ledger, sealer: Sealer, clock: _Clock) -> Callable[..., LedgerTokens]:
    """Makes the store as a process of its own would have it."""
    ids = iter(range(1_000))

    def make(origin: str = "r0") -> LedgerTokens:
        return LedgerTokens(
            ledger,
            sealer,
            "highlevel",
            lambda: origin,
            now=lambda: clock.now,
            new_id=lambda: f"process-{next(ids)}",
            pause=clock.pause,
        )

    return make


def test_the_first_tokens_are_fetched_and_kept(store: Callable[..., LedgerTokens]) -> None:
    vendor, first = _Vendor(), store()
    assert first.current() is None
    assert first.renew("", vendor.refresh) == Tokens("a1", "r1")
    assert store().current() == Tokens("a1", "r1")


def test_they_are_stored_sealed(store: Callable[..., LedgerTokens], ledger: Ledger, sealer: Sealer) -> None:
    store().renew("", lambda _: Tokens("canary-access", "canary-refresh"))
    with ledger.read() as connection:
        row = connection.execute(select(crm_token)).one()
    assert b"canary" not in row.tokens
    assert "r0" not in row.origin


def test_whoever_comes_second_gets_what_the_first_one_fetched(store: Callable[..., LedgerTokens]) -> None:
    vendor, one, other = _Vendor(), store(), store()
    one.renew("", vendor.refresh)
    assert other.current() == Tokens("a1", "r1")
    one.renew("a1", vendor.refresh)
    assert other.renew("a1", vendor.refresh) == Tokens("a2", "r2")
    assert vendor.fetched == 2


def test_many_at_once_fetch_once(store: Callable[..., LedgerTokens]) -> None:
    vendor, together = _Vendor(), Barrier(8)
    stores = [store() for _ in range(4)]

    def work(number: int) -> Tokens:
        together.wait()
        return stores[number % 4].renew("", vendor.refresh)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(work, range(8)))
    assert set(found) == {Tokens("a1", "r1")}
    assert vendor.fetched == 1


def test_a_failed_renewal_leaves_the_turn_to_the_next(store: Callable[..., LedgerTokens]) -> None:
    vendor = _Vendor()

    def down(_: Tokens | None) -> Tokens:
        raise Unavailable("The vendor does not answer.")

    with pytest.raises(Unavailable, match="does not answer"):
        store().renew("", down)
    assert store().renew("", vendor.refresh).access == "a1"


def test_a_renewal_that_died_is_taken_over(
    store: Callable[..., LedgerTokens], ledger: Ledger, sealer: Sealer, clock: _Clock
) -> None:
    until = clock.now + timedelta(seconds=60)
    with ledger.write() as connection:
        crm_tokens.claim(connection, ledger, sealer, "highlevel", by="dead", now=clock.now, until=until)
    assert store().renew("", _Vendor().refresh).access == "a1"
    assert clock.now >= until


def test_a_renewal_that_never_ends_is_not_waited_for_for_ever(
    store: Callable[..., LedgerTokens], ledger: Ledger, sealer: Sealer, clock: _Clock
) -> None:
    with ledger.write() as connection:
        later = clock.now + timedelta(hours=1)
        crm_tokens.claim(connection, ledger, sealer, "highlevel", by="slow", now=clock.now, until=later)
    with pytest.raises(Unavailable, match="renewing"):
        store().renew("", _Vendor().refresh)


def test_an_account_connected_anew_forgets_the_old_tokens(store: Callable[..., LedgerTokens]) -> None:
    store("r0").renew("", _Vendor().refresh)
    again = store("another refresh token")
    assert again.current() is None
    assert again.renew("", lambda known: Tokens("new", "n1" if known is None else "old")) == Tokens(
        "new", "n1"
    )
    assert store("r0").current() is None
