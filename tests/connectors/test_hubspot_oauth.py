"""Access by OAuth: renewed in time, by one for all, and once more after a refusal."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from connectors.crm.base import AuthFailed, CrmError, RateLimited, Unavailable
from connectors.crm.hubspot import HubSpotCrm, OAuthTokens
from connectors.crm.tokens import MemoryTokens, Tokens
from tests.connectors.bundles import work
from tests.connectors.hubspot_account import HubSpotAccount, inquiry

SECRET, REFRESH = "sandbox-secret", "sandbox-refresh"


class Remembering(MemoryTokens):
    """A store that keeps what was stored, in order."""

    def __init__(self, tokens: Tokens | None = None) -> None:
        super().__init__(tokens)
        self.stored: list[Tokens] = []

    def renew(self, stale: str, fetch: Callable[[Tokens | None], Tokens]) -> Tokens:
        """Keep what was fetched."""

        def kept(known: Tokens | None) -> Tokens:
            self.stored.append(fetch(known))
            return self.stored[-1]

        return super().renew(stale, kept)


@pytest.fixture
def now() -> list[float]:
    """Seconds since 1970, turned by hand."""
    return [1_800_000_000.0]


@pytest.fixture
def store() -> Remembering:
    """An account whose tokens nobody fetched yet."""
    return Remembering()


@pytest.fixture
def tokens(account: HubSpotAccount, store: Remembering, now: list[float]) -> OAuthTokens:
    """Tokens of the sandbox's connected app."""
    account.sandbox.journal.clear()
    return oauth(account, store, now)


def oauth(
    account: HubSpotAccount,
    store: MemoryTokens,
    now: list[float],
    *,
    client_id: str = "sandbox-client",
    secret: str = SECRET,
    refresh: str = REFRESH,
) -> OAuthTokens:
    """Tokens of an app."""
    return OAuthTokens(client_id, lambda: secret, store, lambda: refresh, account.sandbox.url, lambda: now[0])


def renewals(account: HubSpotAccount) -> int:
    """How often a token was fetched."""
    return len([e for e in account.journal() if e["path"] == "/oauth/v3/token"])


def test_a_token_is_fetched_once_and_stored_before_it_is_used(
    tokens: OAuthTokens, store: Remembering, account: HubSpotAccount
) -> None:
    access = tokens()
    assert tokens() == access
    assert [one.access for one in store.stored] == [access]
    assert store.stored[0].refresh == REFRESH
    assert renewals(account) == 1


def test_it_is_renewed_a_minute_before_its_end(
    tokens: OAuthTokens, now: list[float], account: HubSpotAccount
) -> None:
    access = tokens()
    now[0] += 1739
    assert tokens() == access
    now[0] += 1
    assert tokens() != access
    assert renewals(account) == 2


def test_many_threads_renew_once(tokens: OAuthTokens, account: HubSpotAccount) -> None:
    with ThreadPoolExecutor(8) as pool:
        given = set(pool.map(lambda _: tokens(), range(32)))
    assert len(given) == 1
    assert renewals(account) == 1


def test_a_refused_token_is_renewed_once_however_many_were_refused(
    tokens: OAuthTokens, account: HubSpotAccount
) -> None:
    access = tokens()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: tokens.refused(access), range(8)))
        given = set(pool.map(lambda _: tokens(), range(8)))
    assert access not in given
    assert len(given) == 1
    assert renewals(account) == 2


def test_a_refresh_token_that_works_once_is_replaced_by_the_one_that_came_back(
    tokens: OAuthTokens, store: Remembering, now: list[float], account: HubSpotAccount
) -> None:
    account.sandbox.configure(oauth_rotates=True)
    for _ in range(4):
        tokens()
        now[0] += 1800
    assert len({one.refresh for one in store.stored}) == 4


def test_after_connecting_again_the_new_refresh_token_of_the_settings_is_used(
    account: HubSpotAccount, now: list[float]
) -> None:
    old = Remembering(Tokens("gone", "revoked", now[0]))
    assert oauth(account, old, now)()
    assert old.stored[-1].refresh == REFRESH


def test_a_delivery_goes_on_when_the_token_runs_out_on_the_way(
    tokens: OAuthTokens, account: HubSpotAccount
) -> None:
    connector = HubSpotCrm(tokens, account.sandbox.url)
    account.sandbox.set_faults([{"kind": "unauthorized", "content": "expired", "nth": 4, "path": "/crm/"}])
    (receipt,) = connector.deliver(work(inquiry()))
    connector.close()
    assert receipt.error is None
    assert renewals(account) == 2
    assert (len(account.contacts()), len(account.deals()), len(account.tasks())) == (1, 1, 1)


def test_a_second_refusal_in_a_row_stops_the_connection(tokens: OAuthTokens, account: HubSpotAccount) -> None:
    connector = HubSpotCrm(tokens, account.sandbox.url)
    account.sandbox.set_faults([{"kind": "unauthorized", "path": "/crm/"}])
    (receipt,) = connector.deliver(work(inquiry()))
    assert isinstance(receipt.error, AuthFailed)
    assert connector.calls == 2
    connector.close()


def test_a_token_that_stands_still_is_not_asked_for_again(account: HubSpotAccount) -> None:
    connector = HubSpotCrm(lambda: "wrong", account.sandbox.url)
    assert isinstance(connector.deliver(work(inquiry()))[0].error, AuthFailed)
    assert connector.calls == 1
    connector.close()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"client_id": "another"}, "client"),
        ({"secret": "another"}, "client secret"),
        ({"refresh": "another"}, "Connect HubSpot again"),
    ],
)
def test_a_refusal_says_what_to_do_and_no_secret(
    account: HubSpotAccount, store: Remembering, now: list[float], wrong: dict[str, str], said: str
) -> None:
    with pytest.raises(AuthFailed) as caught:
        oauth(account, store, now, **wrong)()
    words = f"{caught.value} {caught.value.remedy}"
    assert said in words
    assert not any(secret in words for secret in (SECRET, REFRESH, "another"))
    assert store.current() is None


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"kind": "rate_limit", "retry_after": 3}, RateLimited),
        ({"kind": "status_before", "status": 503}, Unavailable),
        ({"kind": "reset_after"}, Unavailable),
        ({"kind": "garbage"}, Unavailable),
        ({"kind": "answer", "status": 200, "content": "empty"}, Unavailable),
        ({"kind": "answer", "status": 302, "content": "redirect"}, Unavailable),
        ({"kind": "answer", "status": 200, "content": "gzip_bomb"}, Unavailable),
        ({"kind": "answer", "status": 200, "text": '{"access_token": 7, "expires_in": 9}'}, Unavailable),
        ({"kind": "answer", "status": 403, "content": "html"}, AuthFailed),
    ],
)
def test_what_waits_for_a_token_was_not_sent(
    tokens: OAuthTokens, account: HubSpotAccount, fault: dict[str, object], expected: type[CrmError]
) -> None:
    account.sandbox.set_faults([fault | {"path": "/oauth/"}])
    connector = HubSpotCrm(tokens, account.sandbox.url)
    (receipt,) = connector.deliver(work(inquiry()))
    assert isinstance(receipt.error, expected)
    assert str(receipt.error).endswith(".")
    account.heal()
    assert connector.deliver(work(inquiry()))[0].error is None
    connector.close()


def test_check_tries_the_scopes_of_an_oauth_token(tokens: OAuthTokens, account: HubSpotAccount) -> None:
    connector = HubSpotCrm(tokens, account.sandbox.url)
    report = connector.check()
    connector.close()
    assert report.ok
    assert report.scopes["crm.objects.deals.read"]


def test_the_journal_holds_no_secret(tokens: OAuthTokens, account: HubSpotAccount) -> None:
    access = tokens()
    assert not any(secret in str(account.journal()) for secret in (SECRET, REFRESH, access))
