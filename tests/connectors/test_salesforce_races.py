"""What changes in the org between looking and writing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from connectors.crm.allowance import CallKind, Unlimited
from connectors.crm.base import Rejected
from connectors.crm.salesforce import SalesforceCrm
from connectors.crm.salesforce.modes import KEY
from connectors.sandbox.salesforce import RunningSandbox, start
from tests.connectors.account import all_ok
from tests.connectors.bundles import Links, links_in, work
from tests.connectors.salesforce_account import SalesforceAccount, connected, fresh, options


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    """One Salesforce sandbox without delays and limits."""
    with start(options=options()) as running:
        yield running


@pytest.fixture
def account(sandbox: RunningSandbox) -> SalesforceAccount:
    """An org with contacts and opportunities."""
    return fresh(sandbox)


@pytest.fixture
def leads(sandbox: RunningSandbox) -> SalesforceAccount:
    """An org with leads."""
    return fresh(sandbox, "lead")


class Meanwhile(Unlimited):
    """Lets something happen before the nth call from now on."""

    def __init__(self) -> None:
        self._calls = 0
        self._at = 0
        self._happen: Callable[[], object] = lambda: None

    def before(self, nth: int, happen: Callable[[], object]) -> None:
        """Arrange it."""
        self._at, self._happen = self._calls + nth, happen

    def wait(self, kind: CallKind = "call") -> None:
        """Before each call."""
        assert kind == "call"
        self._calls += 1
        if self._calls == self._at:
            self._happen()


def known(account: SalesforceAccount, crm: SalesforceCrm) -> Links:
    """The links of a delivered inquiry."""
    receipts = crm.deliver(work(account.inquiry()))
    assert all_ok(receipts)
    return links_in(receipts)


def test_a_contact_deleted_after_the_look_is_made_again(account: SalesforceAccount) -> None:
    meanwhile = Meanwhile()
    with connected(account, allowance=meanwhile) as crm:
        links = known(account, crm)
        meanwhile.before(2, lambda: account.delete_contact(links["contact", "B1"]))
        (receipt,) = crm.deliver(work(account.inquiry(account.borrower(), number=2), links=links))
    assert receipt.error is None
    assert set(account.contacts()) == {receipt.outcomes[0].remote_id}
    assert receipt.outcomes[0].remote_id != links["contact", "B1"]


def test_a_contact_merged_after_the_look_is_followed(account: SalesforceAccount) -> None:
    other = account.add_contact({"first_name": "Anna", "email": "quill@example.com"})
    meanwhile = Meanwhile()
    with connected(account, allowance=meanwhile) as crm:
        links = known(account, crm)
        meanwhile.before(2, lambda: account.merge_contacts(other, links["contact", "B1"]))
        late = replace(account.borrower(), fields=account.borrower().fields | {"Title": "Dr"})
        (receipt,) = crm.deliver(work(account.inquiry(late, number=2), links=links))
    assert receipt.error is None
    assert receipt.outcomes[0].remote_id == other


def test_a_lead_converted_after_the_look_is_followed(leads: SalesforceAccount) -> None:
    meanwhile = Meanwhile()
    with connected(leads, allowance=meanwhile) as crm:
        links = known(leads, crm)
        convert = leads.sandbox.person().convert
        meanwhile.before(2, lambda: convert(links["contact", "B1"]))
        late = replace(leads.borrower(), fields=leads.borrower().fields | {"Title": "Dr"})
        (receipt,) = crm.deliver(work(leads.inquiry(late, number=2), links=links))
    assert receipt.error is None
    assert "converted" in receipt.outcomes[0].note
    task = leads.sandbox.state.record(receipt.outcomes[2].remote_id)
    assert task["WhoId"].startswith("003")


def test_a_deal_deleted_after_the_look_stays_deleted(account: SalesforceAccount) -> None:
    meanwhile = Meanwhile()
    with connected(account, allowance=meanwhile) as crm:
        bare = replace(account.inquiry(), tasks=())
        links = links_in(crm.deliver(work(bare)))
        meanwhile.before(2, lambda: account.delete_deal(links["deal", "I1"]))
        (receipt,) = crm.deliver(work(account.inquiry(), links=links))
    assert isinstance(receipt.error, Rejected)
    assert "deleted" in str(receipt.error)
    assert not account.deals()
    assert not account.tasks()


def test_a_contact_that_somebody_gave_our_key_meanwhile_is_no_double(account: SalesforceAccount) -> None:
    meanwhile = Meanwhile()
    with connected(account, allowance=meanwhile) as crm:
        known(account, crm)
        add = account.sandbox.person().create
        meanwhile.before(2, lambda: add("Contact", {"LastName": "Quill", KEY: "B2"}))
        (receipt,) = crm.deliver(work(account.inquiry(account.borrower(2), number=2)))
    assert receipt.error is None
    assert (receipt.outcomes[0].action, receipt.outcomes[0].note) == ("updated", "our key")
    assert len(account.contacts()) == 2


@pytest.fixture
def with_unique_number(account: SalesforceAccount) -> SalesforceAccount:
    """An org that keeps a unique number of its own on contacts."""
    metadata = {"type": "Text", "label": "Number", "length": 20, "unique": True}
    account.sandbox.seed({"fields": [{"FullName": "Contact.Number__c", "Metadata": metadata}]})
    return account


@pytest.mark.parametrize(("first_name", "adopted"), [("Ana", True), ("Ben", False)])
def test_a_unique_value_that_is_taken_is_its_holders_or_a_persons_to_settle(
    with_unique_number: SalesforceAccount, first_name: str, adopted: bool
) -> None:
    account = with_unique_number
    person = {"FirstName": first_name, "LastName": "Quill", "Number__c": "7"}
    theirs = account.sandbox.person().create("Contact", person)
    with connected(account) as crm:
        ana = replace(account.borrower(), fields=account.borrower().fields | {"Number__c": "7"})
        receipts = crm.deliver(work(account.inquiry(ana), account.inquiry(number=2)))
    assert receipts[1].error is None
    if adopted:
        assert receipts[0].error is None
        assert receipts[0].outcomes[0].remote_id == theirs
    else:
        assert isinstance(receipts[0].error, Rejected)
        assert theirs[:15] in str(receipts[0].error)


def test_a_field_hidden_meanwhile_is_read_anew(account: SalesforceAccount) -> None:
    with connected(account) as crm:
        known(account, crm)
        with account.sandbox.state.lock:
            account.sandbox.state.schema.remove_field("Opportunity", "Value__c")
        (receipt,) = crm.deliver(work(account.inquiry(account.borrower(2), number=2)))
        assert isinstance(receipt.error, Rejected)
        assert receipt.error.field_name == "Value__c"
        (again,) = crm.deliver(work(account.inquiry(account.borrower(3), number=3)))
        assert isinstance(again.error, Rejected)
        assert "has no field Value__c" in str(again.error)
        assert again.outcomes[0].error is None


def test_what_was_learned_is_learned_anew_after_a_while(account: SalesforceAccount) -> None:
    now = [1_000.0]
    with connected(account, clock=lambda: now[0]) as crm:
        known(account, crm)
        before = crm.calls
        now[0] += 901
        assert all_ok(crm.deliver(work(account.inquiry(account.borrower(2), number=2))))
        assert crm.calls - before == 3
