"""OAuth's rotating tokens: one refresh at a time, stored before use, renewed once after a 401."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier

import pytest

from connectors.crm.base import AuthFailed, Unavailable, Uncertain
from connectors.crm.highlevel import HighLevelCrm, OAuthTokens
from connectors.crm.tokens import MemoryTokens, Tokens
from connectors.sandbox.highlevel import RunningSandbox, SandboxOptions, start
from tests.connectors.account import all_ok, deliver
from tests.connectors.bundles import inquiry
from tests.connectors.highlevel_account import HighLevelAccount, provisioned

SECRET = "sandbox-client-secret"


@dataclass
class Clock:
    """A clock that stands still until it is turned."""

    now: float = 1_000_000.0

    def __call__(self) -> float:
        """Epoch seconds."""
        return self.now


@dataclass
class Diary:
    """A token store that notes what it was asked to keep."""

    kept: list[Tokens] = field(default_factory=list)
    inner: MemoryTokens = field(default_factory=MemoryTokens)

    def current(self) -> Tokens | None:
        """The present tokens."""
        return self.inner.current()

    def renew(self, stale: str, fetch: Callable[[Tokens | None], Tokens]) -> Tokens:
        """Renew, and note what was stored."""

        def noted(present: Tokens | None) -> Tokens:
            self.kept.append(fetch(present))
            return self.kept[-1]

        return self.inner.renew(stale, noted)


class Full(Diary):
    """A token store that can keep nothing."""

    def renew(self, stale: str, fetch: Callable[[Tokens | None], Tokens]) -> Tokens:
        """Fetch, and fail to store."""
        assert not stale
        fetch(None)
        raise Unavailable("The disk is full.")


@pytest.fixture(scope="module")
def clock() -> Clock:
    """The sandbox's and the tokens' clock."""
    return Clock()


@pytest.fixture(scope="module")
def installed(clock: Clock) -> Iterator[RunningSandbox]:
    """A sandbox of its own, because its clock is turned."""
    with start(options=SandboxOptions.instant(), clock=clock) as running:
        yield running


@pytest.fixture
def account(installed: RunningSandbox) -> HighLevelAccount:
    """A location with our fields."""
    return provisioned(installed)


@pytest.fixture
def first_refresh(account: HighLevelAccount) -> str:
    """The refresh token of a fresh installation."""
    with account.sandbox.state.lock:
        return str(account.sandbox.state.oauth.install()["refresh_token"])


@pytest.fixture
def store() -> Diary:
    """An empty store."""
    return Diary()


@pytest.fixture
def tokens(
    account: HighLevelAccount, first_refresh: str, store: Diary, clock: Clock
) -> Iterator[OAuthTokens]:
    """The provider under test."""
    provider = OAuthTokens(
        "sandbox-client", lambda: SECRET, store, lambda: first_refresh, account.sandbox.url, clock
    )
    yield provider
    provider.close()


def refreshes(account: HighLevelAccount) -> int:
    """How often the token endpoint was asked."""
    return account.paths().count("POST /oauth/token")


def test_the_first_refresh_token_is_used_once_and_its_successor_from_then_on(
    tokens: OAuthTokens, account: HighLevelAccount, store: Diary, clock: Clock
) -> None:
    first = tokens()
    assert tokens() == first
    clock.now += 86_399 - 61
    assert tokens() == first
    clock.now += 2
    assert tokens() != first
    assert refreshes(account) == 2
    assert [kept.access for kept in store.kept] == [first, tokens()]
    assert store.kept[0].refresh != store.kept[1].refresh


def test_many_threads_refresh_once(tokens: OAuthTokens, account: HighLevelAccount) -> None:
    together = Barrier(8)

    def ask() -> str:
        together.wait(timeout=10)
        return tokens()

    with ThreadPoolExecutor(8) as pool:
        got = {future.result() for future in [pool.submit(ask) for _ in range(8)]}
    assert len(got) == 1
    assert refreshes(account) == 1


def test_nobody_uses_a_token_that_could_not_be_stored(
    account: HighLevelAccount, first_refresh: str, clock: Clock
) -> None:
    provider = OAuthTokens(
        "sandbox-client", lambda: SECRET, Full(), lambda: first_refresh, account.sandbox.url, clock
    )
    with pytest.raises(Unavailable):
        provider()
    provider.close()


def test_a_lost_answer_is_asked_for_again_within_the_grace(
    tokens: OAuthTokens, account: HighLevelAccount
) -> None:
    account.order({"kind": "reset_after", "path": "/oauth/token"}, times=1)
    assert tokens()
    assert refreshes(account) == 2


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "answer", "status": 200, "text": "{}"},
        {"kind": "answer", "status": 200, "content": "html"},
        {"kind": "answer", "status": 200, "text": '{"access_token": 7, "refresh_token": ""}'},
        {"kind": "status_before", "status": 500},
    ],
)
def test_an_endpoint_that_answers_nonsense_is_uncertain(
    tokens: OAuthTokens, account: HighLevelAccount, rule: dict[str, object]
) -> None:
    account.order({**rule, "path": "/oauth/token"})
    with pytest.raises(Uncertain):
        tokens()


def test_a_refresh_token_that_is_over_asks_a_person_to_connect_again(
    account: HighLevelAccount, store: Diary, clock: Clock
) -> None:
    provider = OAuthTokens(
        "sandbox-client", lambda: SECRET, store, lambda: "rt-unknown", account.sandbox.url, clock
    )
    with pytest.raises(AuthFailed) as failed:
        provider()
    assert "Connect" in failed.value.remedy
    assert "rt-unknown" not in f"{failed.value} {failed.value.remedy}"
    provider.close()


def test_no_refresh_token_at_all_says_so(account: HighLevelAccount, store: Diary, clock: Clock) -> None:
    provider = OAuthTokens("sandbox-client", lambda: SECRET, store, lambda: " ", account.sandbox.url, clock)
    with pytest.raises(AuthFailed, match="no refresh token"):
        provider()
    assert refreshes(account) == 0
    provider.close()


def test_a_person_who_connects_again_is_heard(
    account: HighLevelAccount, first_refresh: str, clock: Clock
) -> None:
    lost = MemoryTokens(Tokens("at-old", "rt-lost", clock.now))
    provider = OAuthTokens(
        "sandbox-client", lambda: SECRET, lost, lambda: first_refresh, account.sandbox.url, clock
    )
    assert provider() != "at-old"
    provider.close()


def test_a_token_that_highlevel_ends_early_is_renewed_once_and_the_call_repeated(
    tokens: OAuthTokens, account: HighLevelAccount
) -> None:
    crm = HighLevelCrm(tokens, account.sandbox.location_id, account.sandbox.url)
    assert all_ok(deliver(crm, account, inquiry()))
    with account.sandbox.state.lock:
        account.sandbox.state.oauth.expire_access()
    assert all_ok(deliver(crm, account, inquiry(number=2)))
    assert refreshes(account) == 2
    assert len(account.contacts()) == 2
    crm.close()


def test_a_token_refused_twice_pauses_instead_of_refreshing_for_ever(
    tokens: OAuthTokens, account: HighLevelAccount
) -> None:
    crm = HighLevelCrm(tokens, account.sandbox.location_id, account.sandbox.url)
    account.order({"kind": "unauthorized", "path": "^/(?!oauth)"})
    (receipt,) = deliver(crm, account, inquiry())
    assert isinstance(receipt.error, AuthFailed)
    assert refreshes(account) == 2
    crm.close()


def test_a_missing_scope_is_no_reason_to_refresh(tokens: OAuthTokens, account: HighLevelAccount) -> None:
    crm = HighLevelCrm(tokens, account.sandbox.location_id, account.sandbox.url)
    account.order({"kind": "unauthorized", "content": "scope", "path": "^/(?!oauth)"})
    (receipt,) = deliver(crm, account, inquiry())
    assert isinstance(receipt.error, AuthFailed)
    assert refreshes(account) == 1
    assert crm.calls == 1
    crm.close()
