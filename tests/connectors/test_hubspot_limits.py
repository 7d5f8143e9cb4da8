"""What the connector asks of an allowance, and what it tells it."""

from __future__ import annotations

import json

import pytest

from connectors.crm.allowance import CallKind
from connectors.crm.base import RateLimited
from connectors.crm.hubspot import HubSpotCrm
from connectors.sandbox.hubspot import SandboxOptions
from tests.connectors.bundles import work
from tests.connectors.conftest import connect
from tests.connectors.hubspot_account import HubSpotAccount, borrower, inquiry


class Counting:
    """An allowance that writes down what it is asked and told."""

    def __init__(self, *, calls: int = 1_000, searches: int = 1_000) -> None:
        self.left: dict[CallKind, int] = {"call": calls, "search": searches}
        self.asked: list[CallKind] = []
        self.window: tuple[int, float] | None = None
        self.day: tuple[int, int] | None = None

    def wait(self, kind: CallKind = "call") -> None:
        """One call, while there are some."""
        if not self.offered(kind):
            raise RateLimited("The allowance of this account is used up.", retry_after=9)

    def offered(self, kind: CallKind) -> bool:
        """One call, while there are some."""
        self.asked.append(kind)
        self.left[kind] -= 1
        return self.left[kind] >= 0

    def learn(self, *, left: int, seconds: float) -> None:
        """Remember the window."""
        self.window = left, seconds

    def learn_day(self, *, left: int, limit: int) -> None:
        """Remember the day."""
        self.day = left, limit


def test_every_call_is_asked_for_once(account: HubSpotAccount) -> None:
    allowance = Counting()
    connector = connect(account, allowance=allowance)
    since = account.sandbox.journal.last
    connector.deliver(work(inquiry()))
    made = [e["path"] for e in account.journal(since)]
    assert allowance.asked.count("search") == len([path for path in made if path.endswith("/search")]) == 1
    assert len(allowance.asked) == len(made) == connector.calls
    connector.close()


def test_what_may_not_be_called_is_not_called(account: HubSpotAccount) -> None:
    connector = connect(account, allowance=Counting(calls=0))
    since = account.sandbox.journal.last
    (receipt,) = connector.deliver(work(inquiry()))
    connector.close()
    assert isinstance(receipt.error, RateLimited)
    assert receipt.error.retry_after == 9
    assert account.journal(since) == []


def test_an_allowance_that_ends_on_the_way_leaves_what_was_done_in_the_receipt(
    account: HubSpotAccount,
) -> None:
    warm = connect(account)
    warm.deliver(work(inquiry(number=9)))
    connector = connect(account, allowance=Counting(calls=5))  # owners, pipelines, labels, contact, deal
    (receipt,) = connector.deliver(work(inquiry()))
    assert [(o.kind, o.action) for o in receipt.outcomes] == [
        ("contact", "created"),
        ("deal", "created"),
        ("task", None),
    ]
    warm.close()
    connector.close()


def test_headers_are_passed_on(account: HubSpotAccount) -> None:
    account.sandbox.state.options = SandboxOptions.instant(limits=True)
    allowance = Counting()
    connector = connect(account, allowance=allowance)
    connector.schema()
    connector.close()
    assert allowance.window is not None
    assert allowance.window[1] == 10.0
    assert 0 < allowance.window[0] < 190
    assert allowance.day is not None
    assert allowance.day[1] == 625_000


def test_the_headers_of_a_refusal_are_passed_on_too(account: HubSpotAccount) -> None:
    account.sandbox.state.options = SandboxOptions.instant(limits=True, burst_limit=2)
    allowance = Counting()
    connector = connect(account, allowance=allowance)
    with pytest.raises(RateLimited):
        connector.schema()
    connector.close()
    assert allowance.window == (0, 10.0)


@pytest.mark.parametrize("numbers", [1, 99, 100, 101, 230])
def test_a_search_for_many_phones_is_as_long_as_hubspot_takes(
    crm: HubSpotCrm, account: HubSpotAccount, numbers: int
) -> None:
    since = account.sandbox.journal.last
    people = [borrower(n) for n in range(1, numbers + 3)]
    assert crm.find([inquiry(*people)]) == {}
    searches = [e["body"] for e in account.journal(since) if e["path"].endswith("/search")]
    assert len(searches) == -(-len(people) // 100)
    assert all(len(json.dumps(body, separators=(",", ":"))) <= 3000 for body in searches)
