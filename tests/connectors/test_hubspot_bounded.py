"""Answers that do not end, come from elsewhere, or arrive drop by drop."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
import urllib3

from connectors.crm.base import Uncertain
from connectors.crm.hubspot.bounded import MOST_BYTES, MOST_SECONDS, BoundedPool
from tests.connectors.hubspot_account import HubSpotAccount

OWNERS = "/crm/v3/owners/"


@pytest.fixture
def pool() -> Iterator[BoundedPool]:
    """A pool with the true clock."""
    bounded = BoundedPool(urllib3.PoolManager(retries=False, maxsize=1))
    yield bounded
    bounded.clear()


def ask(pool: BoundedPool, account: HubSpotAccount) -> urllib3.HTTPResponse:
    """One request."""
    headers = {"Authorization": f"Bearer {account.sandbox.token}"}
    return pool.request("GET", account.sandbox.url + OWNERS, headers=headers)


def test_an_ordinary_answer_is_whole(pool: BoundedPool, account: HubSpotAccount) -> None:
    answer = ask(pool, account)
    assert answer.status == 200
    assert b"maya.chen" in answer.data


def test_a_redirect_is_not_followed(pool: BoundedPool, account: HubSpotAccount) -> None:
    account.order({"kind": "answer", "status": 307, "content": "redirect"})
    since = account.sandbox.journal.last
    assert ask(pool, account).status == 307
    assert [entry["path"] for entry in account.journal(since)] == [OWNERS]


@pytest.mark.parametrize("length", [MOST_BYTES - 10, MOST_BYTES + 1])
def test_an_answer_may_have_so_many_bytes(pool: BoundedPool, account: HubSpotAccount, length: int) -> None:
    account.order({"kind": "answer", "status": 200, "text": "x" * length})
    if length <= MOST_BYTES:
        assert len(ask(pool, account).data) == length
    else:
        with pytest.raises(Uncertain, match="more than"):
            ask(pool, account)


def test_the_next_answer_is_not_the_rest_of_one_that_was_given_up(
    pool: BoundedPool, account: HubSpotAccount
) -> None:
    account.order({"kind": "answer", "status": 200, "content": "gzip_bomb"}, times=1)
    with pytest.raises(Uncertain):
        ask(pool, account)
    assert b"maya.chen" in ask(pool, account).data


def test_an_answer_has_a_minute_to_arrive(account: HubSpotAccount) -> None:
    ticks = itertools.count(0, MOST_SECONDS + 1)
    pool = BoundedPool(urllib3.PoolManager(retries=False), lambda: next(ticks))
    with pytest.raises(Uncertain, match="within a minute"):
        ask(pool, account)
    pool.clear()
