"""Association labels: who of a deal's contacts is the borrower, and who the co-borrower."""

from __future__ import annotations

from connectors.crm.hubspot import HubSpotCrm
from tests.connectors.bundles import links_in, work
from tests.connectors.conftest import connect
from tests.connectors.hubspot_account import WANTED, HubSpotAccount, borrower, inquiry

LABELS = "/crm/v4/associations/deals/contacts/labels"


def labels_of(account: HubSpotAccount, deal_id: str) -> dict[str, set[str]]:
    """The labels of a deal's contacts, by contact id."""
    listed = account.ask("GET", f"/crm/v4/objects/deals/{deal_id}/associations/contacts")["results"]
    return {
        str(one["toObjectId"]): {str(kind["label"]) for kind in one["associationTypes"] if kind["label"]}
        for one in listed
    }


def known_labels(account: HubSpotAccount) -> dict[str, int]:
    """The account's labels with their type ids."""
    return {one["label"]: one["typeId"] for one in account.ask("GET", LABELS)["results"] if one["label"]}


def test_provisioning_makes_both_labels_once(bare_account: HubSpotAccount) -> None:
    connector = connect(bare_account)
    states = [
        {step.what: step.state for step in connector.provision(WANTED, dry_run=dry)}
        for dry in (True, False, False)
    ]
    connector.close()
    what = 'association label "Co-borrower" of contacts on deals'
    assert [state[what] for state in states] == ["will_create", "created", "exists"]
    assert set(known_labels(bare_account)) == {"Borrower", "Co-borrower"}


def test_a_couples_deal_says_who_is_who(crm: HubSpotCrm, account: HubSpotAccount) -> None:
    links = links_in(crm.deliver(work(inquiry(borrower(1), borrower(2, "Ben")))))
    assert labels_of(account, links["deal", "I1"]) == {
        links["contact", "B1"]: {"Borrower"},
        links["contact", "B2"]: {"Co-borrower"},
    }


def test_labels_cost_no_calls(crm: HubSpotCrm, account: HubSpotAccount) -> None:
    crm.deliver(work(inquiry(number=9)))
    since = account.sandbox.journal.last
    crm.deliver(work(inquiry(borrower(1), borrower(2, "Ben"))))
    assert [e["path"] for e in account.journal(since) if "associations" in e["path"]] == []


def test_a_label_that_a_person_made_is_used(bare_account: HubSpotAccount) -> None:
    body = {"label": "co-borrower", "name": "theirs"}
    theirs = bare_account.ask("POST", LABELS, body)["results"][0]["typeId"]
    connector = connect(bare_account)
    connector.provision(WANTED)
    links = links_in(connector.deliver(work(inquiry(borrower(1), borrower(2, "Ben")))))
    connector.close()
    assert labels_of(bare_account, links["deal", "I1"])[links["contact", "B2"]] == {"co-borrower"}
    assert known_labels(bare_account)["co-borrower"] == theirs


def test_where_the_subscription_has_no_labels_contacts_are_linked_without(
    bare_account: HubSpotAccount,
) -> None:
    bare_account.sandbox.configure(association_labels=False)
    connector = connect(bare_account)
    steps = {step.what: step for step in connector.provision(WANTED)}
    step = steps['association label "Borrower" of contacts on deals']
    assert step.state == "needs_person"
    assert "Associations" in step.detail
    links = links_in(connector.deliver(work(inquiry(borrower(1), borrower(2, "Ben")))))
    connector.close()
    both = {links["contact", "B1"], links["contact", "B2"]}
    assert bare_account.contacts_of_deal(links["deal", "I1"]) == both


def test_where_labels_may_not_be_read_contacts_are_linked_without(
    crm: HubSpotCrm, account: HubSpotAccount
) -> None:
    account.sandbox.set_faults([{"kind": "unauthorized", "content": "scope", "path": "/labels"}])
    (receipt,) = crm.deliver(work(inquiry(borrower(1), borrower(2, "Ben"))))
    assert receipt.error is None
    assert len(account.contacts_of_deal(links_in([receipt])["deal", "I1"])) == 2


def test_a_label_removed_meanwhile_stops_no_deal(crm: HubSpotCrm, account: HubSpotAccount) -> None:
    crm.deliver(work(inquiry(number=9)))
    with account.sandbox.state.lock:
        account.sandbox.state.associations = type(account.sandbox.state.associations)()
    receipts = crm.deliver(work(*(inquiry(number=n) for n in range(1, 4))))
    assert all(receipt.error is None for receipt in receipts)
    assert {o.action for receipt in receipts for o in receipt.outcomes} == {"created"}
