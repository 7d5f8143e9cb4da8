"""Duplicate rules of the org: whom they mean is adopted or saved beside, once, and never in a loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from connectors.crm.base import Rejected
from connectors.crm.salesforce import SalesforceCrm
from connectors.sandbox.salesforce import RunningSandbox, start
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
    """An org whose duplicate rules are still off."""
    return fresh(sandbox)


def rules(account: SalesforceAccount, **changes: object) -> None:
    """Switch the org's duplicate rules."""
    account.sandbox.configure(**changes)


@pytest.fixture
def crm(account: SalesforceAccount) -> Iterator[SalesforceCrm]:
    """A connector that knows the org already."""
    with connected(account) as connector:
        connector.deliver(work(account.inquiry(account.borrower(900, "Cleo", "Hart"), number=900)))
        yield connector


def spouse(account: SalesforceAccount) -> str:
    """Ben, who holds Ana's address."""
    return account.add_contact({"first_name": "Ben", "last_name": "Quill", "email": "ana1@example.com"})


@pytest.mark.parametrize("version", ["52.0", "62.0"], ids=["duplicateResut", "duplicateResult"])
def test_somebody_else_with_the_same_address_is_saved_beside_and_a_person_is_asked(
    account: SalesforceAccount, version: str
) -> None:
    theirs = spouse(account)
    before = account.contacts()[theirs]
    rules(account, contact_duplicates="allow")
    with connected(account, version=version) as crm:
        (receipt,) = crm.deliver(work(account.inquiry()))
        assert receipt.error is None
        contact = receipt.outcomes[0]
        assert contact.action == "created"
        assert theirs in contact.review
        assert "merge" in contact.review
        assert "@" not in contact.review
        assert account.contacts()[theirs] == before
        (again,) = crm.deliver(work(account.inquiry(), look_first=True))
        assert links_in([again]) == links_in([receipt])
        assert not again.outcomes[0].review


def test_no_alert_is_no_review(crm: SalesforceCrm, account: SalesforceAccount) -> None:
    rules(account, contact_duplicates="allow")
    (receipt,) = crm.deliver(work(account.inquiry()))
    assert receipt.error is None
    assert {outcome.review for outcome in receipt.outcomes} == {""}


def test_an_alert_costs_two_calls_more_and_no_loop(crm: SalesforceCrm, account: SalesforceAccount) -> None:
    spouse(account)
    rules(account, contact_duplicates="allow")
    before = crm.calls
    (receipt,) = crm.deliver(work(account.inquiry()))
    assert receipt.error is None
    assert crm.calls - before <= 4


def test_whom_the_rule_means_is_adopted_when_it_is_the_borrower(
    crm: SalesforceCrm, account: SalesforceAccount
) -> None:
    # Nobody finds this spelling of the number but the rule.
    theirs = account.add_contact({"first_name": "Ana", "last_name": "Quill", "phone": "1 416.555.0001"})
    rules(account, contact_duplicates="allow")
    (receipt,) = crm.deliver(work(account.inquiry()))
    assert receipt.error is None
    assert (receipt.outcomes[0].remote_id, receipt.outcomes[0].action) == (theirs, "adopted")
    assert account.contacts()[theirs]["city"] == "Guelph"
    assert account.contacts()[theirs]["phone"] == "1 416.555.0001"


def test_a_rule_that_blocks_is_a_persons_to_settle(crm: SalesforceCrm, account: SalesforceAccount) -> None:
    spouse(account)
    rules(account, contact_duplicates="block")
    before = crm.calls
    (receipt,) = crm.deliver(work(account.inquiry()))
    assert isinstance(receipt.error, Rejected)
    assert "duplicate rule" in str(receipt.error)
    assert receipt.error.remedy
    assert [outcome.kind for outcome in receipt.outcomes] == ["contact"]
    assert crm.calls - before <= 4


def test_a_rule_that_hides_whom_it_means_is_passed_all_the_same(
    crm: SalesforceCrm, account: SalesforceAccount
) -> None:
    spouse(account)
    rules(account, contact_duplicates="allow", matches_hidden=True)
    (receipt,) = crm.deliver(work(account.inquiry()))
    assert receipt.error is None
    assert receipt.outcomes[0].action == "created"
    assert receipt.outcomes[0].review


def test_an_alert_on_one_of_a_batch_harms_no_other(crm: SalesforceCrm, account: SalesforceAccount) -> None:
    spouse(account)
    rules(account, contact_duplicates="allow")
    receipts = crm.deliver(work(*(account.inquiry(number=number) for number in range(1, 31))))
    assert all_ok(receipts)
    assert [receipt.bundle_key for receipt in receipts if receipt.outcomes[0].review] == ["D1"]


def test_many_alerts_in_a_batch_are_all_settled(crm: SalesforceCrm, account: SalesforceAccount) -> None:
    # More than 14 failed graphs in one request: Salesforce leaves the rest undone.
    for number in range(1, 41):
        account.add_contact({"first_name": "Ben", "last_name": "Quill", "email": f"ana{number}@example.com"})
    rules(account, contact_duplicates="allow")
    before = crm.calls
    receipts = crm.deliver(work(*(account.inquiry(number=number) for number in range(1, 61))))
    assert all_ok(receipts)
    assert sum(bool(receipt.outcomes[0].review) for receipt in receipts) == 40
    assert len(account.contacts()) == 40 + 60 + 1
    assert crm.calls - before <= 20


def test_a_rule_that_speaks_up_at_an_update_is_passed(crm: SalesforceCrm, account: SalesforceAccount) -> None:
    links = links_in(crm.deliver(work(account.inquiry())))
    account.add_contact({"first_name": "Ben", "last_name": "Quill", "email": "ana1@example.com"})
    rules(account, contact_duplicates="allow", duplicates_on_edit=True)
    moved = replace(account.borrower(), overwrite=frozenset({"MailingCity"}))
    moved = replace(moved, fields=moved.fields | {"MailingCity": "Elora"})
    (receipt,) = crm.deliver(work(account.inquiry(moved), links=links))
    assert receipt.error is None
    assert account.contacts()[links["contact", "B1"]]["city"] == "Elora"
