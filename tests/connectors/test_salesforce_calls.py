"""How many calls the connector spends, which is what Salesforce rations, and how batches are cut."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.crm.salesforce import SalesforceCrm
from connectors.sandbox.salesforce import RunningSandbox, start
from mapping.crm.bundle import Bundle
from tests.connectors.account import all_ok
from tests.connectors.bundles import links_in, work
from tests.connectors.salesforce_account import SalesforceAccount, connected, fresh, options


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    """One Salesforce sandbox without delays and limits."""
    with start(options=options()) as running:
        yield running


@pytest.fixture
def account(sandbox: RunningSandbox) -> SalesforceAccount:
    """An org with our fields and stages."""
    return fresh(sandbox)


@pytest.fixture
def warm(account: SalesforceAccount) -> Iterator[SalesforceCrm]:
    """A connector that knows the org already."""
    with connected(account) as connector:
        connector.deliver(work(account.inquiry(number=9999)))
        account.sandbox.journal.clear()
        yield connector


def couple(account: SalesforceAccount, number: int) -> Bundle:
    """An inquiry of two."""
    both = account.borrower(number, "Dora"), account.borrower(10_000 + number, "Ben")
    return account.inquiry(*both, number=number)


def test_a_couple_costs_two_calls_new_and_two_when_known(
    warm: SalesforceCrm, account: SalesforceAccount
) -> None:
    before = warm.calls
    links = links_in(warm.deliver(work(couple(account, 1))))
    assert warm.calls - before == 2
    both = couple(account, 1).contacts
    before = warm.calls
    assert all_ok(warm.deliver(work(account.inquiry(*both, number=2), links=links)))
    assert warm.calls - before == 2


def test_a_repeat_with_all_links_only_reads_the_contact(
    warm: SalesforceCrm, account: SalesforceAccount
) -> None:
    links = links_in(warm.deliver(work(account.inquiry())))
    before = warm.calls
    assert all_ok(warm.deliver(work(account.inquiry(), links=links)))
    assert warm.calls - before == 1


def test_a_first_call_learns_the_org_in_one(account: SalesforceAccount) -> None:
    with connected(account) as crm:
        assert all_ok(crm.deliver(work(account.inquiry())))
        assert crm.calls == 3


def test_calls_are_what_the_org_counts(warm: SalesforceCrm, account: SalesforceAccount) -> None:
    before = warm.calls
    warm.deliver(work(*(account.inquiry(number=number) for number in range(1, 101))))
    asked = [entry for entry in account.journal() if entry["path"].startswith("/services/data/")]
    assert warm.calls - before == len(asked)


def test_a_backlog_half_of_it_couples_stays_in_the_budget(
    warm: SalesforceCrm, account: SalesforceAccount
) -> None:
    before = warm.calls
    rows = [
        couple(account, number) if number % 2 else account.inquiry(number=number)
        for number in range(1, 2 * warm.batch + 1)
    ]
    for some in (rows[: warm.batch], rows[warm.batch :]):
        assert all_ok(warm.deliver(work(*some)))
    assert (warm.calls - before) / len(rows) <= 0.03


def test_requests_keep_to_salesforces_own_limits(warm: SalesforceCrm, account: SalesforceAccount) -> None:
    warm.deliver(work(*(couple(account, number) for number in range(1, warm.batch + 1))))
    sent = account.journal()
    graphs = [entry["body"]["graphs"] for entry in sent if entry["path"].endswith("/composite/graph")]
    assert len(graphs) > 1
    for some in graphs:
        nodes = [part for graph in some for part in graph["compositeRequest"]]
        assert len(some) <= 75
        assert len(nodes) <= 500
        assert len({_kind(part) for part in nodes}) <= 15
    finds = [entry["body"]["compositeRequest"] for entry in sent if entry["path"].endswith("/composite")]
    assert finds
    assert all(len(parts) <= 5 and all(len(part["url"]) < 16_384 for part in parts) for parts in finds)


def test_a_batch_of_known_borrowers_costs_no_more(warm: SalesforceCrm, account: SalesforceAccount) -> None:
    first = [account.inquiry(number=number) for number in range(1, 151)]
    links = links_in(warm.deliver(work(*first)))
    before = warm.calls
    second = [account.inquiry(bundle.contacts[0], number=1000 + n) for n, bundle in enumerate(first)]
    assert all_ok(warm.deliver(work(*second, links=links)))
    assert (warm.calls - before) / len(second) <= 0.03


def _kind(part: dict[str, Any]) -> tuple[str, str]:
    return part["method"], part["url"].split("/")[5]
