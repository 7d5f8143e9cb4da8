"""How many calls the connector spends, which is what HubSpot rations."""

from __future__ import annotations

import pytest

from connectors.crm.hubspot import HubSpotCrm
from connectors.crm.hubspot.finding import TokenBucket
from tests.connectors.bundles import borrower, inquiry, links_in, work
from tests.connectors.hubspot_account import HubSpotAccount


@pytest.fixture
def warm(crm: HubSpotCrm) -> HubSpotCrm:
    """A connector that already knows owners and pipelines."""
    crm.deliver(work(inquiry(number=999)))
    return crm


def test_a_new_borrower_costs_four_calls(warm: HubSpotCrm) -> None:
    before = warm.calls
    warm.deliver(work(inquiry()))
    assert warm.calls - before == 4


def test_a_couple_costs_four_calls_too(warm: HubSpotCrm) -> None:
    before = warm.calls
    warm.deliver(work(inquiry(borrower(1), borrower(2, "Ben"))))
    assert warm.calls - before == 4


def test_a_known_borrowers_next_inquiry_costs_three_calls(warm: HubSpotCrm) -> None:
    links = links_in(warm.deliver(work(inquiry())))
    before = warm.calls
    warm.deliver(work(inquiry(borrower(), number=2), links=links))
    assert warm.calls - before == 3


def test_a_repeat_with_all_links_only_reads_the_contact(warm: HubSpotCrm) -> None:
    links = links_in(warm.deliver(work(inquiry())))
    before = warm.calls
    warm.deliver(work(inquiry(), links=links))
    assert warm.calls - before == 1


def test_a_backfill_costs_at_most_six_calls_per_hundred_rows(warm: HubSpotCrm) -> None:
    before = warm.calls
    receipts = warm.deliver(work(*(inquiry(number=n) for n in range(1, 501))))
    assert all(receipt.error is None for receipt in receipts)
    assert (warm.calls - before) / 500 <= 0.06


def test_calls_are_what_the_account_counts(crm: HubSpotCrm, account: HubSpotAccount) -> None:
    before = account.sandbox.journal.last
    crm.deliver(work(inquiry()))
    assert crm.calls == account.sandbox.journal.last - before


def test_the_search_allowance_refills_with_time() -> None:
    now = [0.0]
    bucket = TokenBucket(4, lambda: now[0])
    assert [bucket.take() for _ in range(6)] == [True] * 4 + [False] * 2
    now[0] = 0.5
    assert [bucket.take() for _ in range(3)] == [True, True, False]
    now[0] = 100.0
    assert [bucket.take() for _ in range(5)] == [True] * 4 + [False]
