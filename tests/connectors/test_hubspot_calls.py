"""How many calls the connector spends, which is what HubSpot rations."""

from __future__ import annotations

import pytest

from connectors.crm.hubspot import HubSpotCrm
from tests.connectors.bundles import links_in, work
from tests.connectors.hubspot_account import HubSpotAccount, borrower, inquiry


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


def test_a_backlog_with_phones_and_doubles_stays_within_the_same_budget(
    warm: HubSpotCrm, account: HubSpotAccount
) -> None:
    for n in range(1, 101, 20):
        account.add_contact({"firstname": "Ana", "lastname": "Quill", "phone": f"(416) 555-{n:04d}"})
    before = warm.calls
    receipts = warm.deliver(work(*(inquiry(number=n) for n in range(1, 201))))
    assert [r.outcomes[0].action for r in receipts].count("adopted") == 5
    assert (warm.calls - before) / 200 <= 0.06


def test_a_backlog_of_whom_half_are_there_stays_within_it_too(
    warm: HubSpotCrm, account: HubSpotAccount
) -> None:
    for n in range(1, warm.batch, 2):
        known = {"phone": f"(416) 555-{n:04d}"} if n % 10 == 1 else {"email": f"ana{n}@example.com"}
        account.add_contact({"firstname": "Ana", "lastname": "Quill", **known})
    before = warm.calls
    receipts = warm.deliver(work(*(inquiry(number=n) for n in range(1, warm.batch + 1))))
    assert [r.outcomes[0].action for r in receipts].count("adopted") == warm.batch / 2
    assert (warm.calls - before) / warm.batch <= 0.06


def test_calls_are_what_the_account_counts(crm: HubSpotCrm, account: HubSpotAccount) -> None:
    before = account.sandbox.journal.last
    crm.deliver(work(inquiry()))
    assert crm.calls == account.sandbox.journal.last - before
