"""What is special about delivering to Salesforce: transactions, leads, person accounts, owners, types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.crm.base import Rejected, Unavailable, Uncertain
from connectors.crm.salesforce import SalesforceCrm
from connectors.sandbox.salesforce import RunningSandbox, start
from tests.connectors.account import all_ok
from tests.connectors.bundles import OTHER_OWNER, OWNER, links_in, work
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
def crm(account: SalesforceAccount) -> Iterator[SalesforceCrm]:
    """A connector to the org."""
    with connected(account) as connector:
        yield connector


@pytest.fixture
def leads(sandbox: RunningSandbox) -> SalesforceAccount:
    """An org with leads."""
    return fresh(sandbox, "lead")


@pytest.fixture
def lead_crm(leads: SalesforceAccount) -> Iterator[SalesforceCrm]:
    """A connector that keeps borrowers as leads."""
    with connected(leads) as connector:
        yield connector


def composites(account: SalesforceAccount) -> list[dict[str, Any]]:
    """The transactions sent so far."""
    bodies = [entry["body"] for entry in account.journal() if entry["path"].endswith("/composite")]
    return [body for body in bodies if body["allOrNone"]]


def test_a_refused_deal_leaves_the_contact_and_says_so(
    crm: SalesforceCrm, account: SalesforceAccount
) -> None:
    bundle = account.inquiry()
    assert bundle.deal is not None
    wrong = replace(bundle.deal, fields=bundle.deal.fields | {"CampaignId": "no id"})
    (receipt,) = crm.deliver(work(replace(bundle, deal=wrong)))
    assert isinstance(receipt.error, Rejected)
    assert [(o.kind, o.error is None) for o in receipt.outcomes] == [("contact", True), ("deal", False)]
    assert len(account.contacts()) == 1
    assert not account.deals()
    assert not account.tasks()


def test_a_transaction_that_fails_for_a_moment_leaves_nothing(
    crm: SalesforceCrm, account: SalesforceAccount
) -> None:
    links = links_in(crm.deliver(work(account.inquiry())))
    account.sandbox.state.lock_row(links["contact", "B1"], 1)
    changed = account.borrower(fields=account.borrower().fields | {"Title": "Dr"})
    (receipt,) = crm.deliver(work(account.inquiry(changed, number=2), links=links))
    assert isinstance(receipt.error, Unavailable)
    assert len(account.deals()) == 1
    (again,) = crm.deliver(work(account.inquiry(changed, number=2), links=links))
    assert again.error is None
    assert len(account.deals()) == 2


def test_roles_say_who_borrows(crm: SalesforceCrm, account: SalesforceAccount) -> None:
    pair = account.inquiry(account.borrower(1), account.borrower(2, "Ben"))
    links = links_in(crm.deliver(work(pair)))
    roles = account.sandbox.state.records("OpportunityContactRole").values()
    primary = {role["ContactId"]: bool(role.get("IsPrimary")) for role in roles}
    assert primary == {links["contact", "B1"]: True, links["contact", "B2"]: False}


def test_a_deal_of_a_contact_with_an_account_belongs_to_that_account(
    crm: SalesforceCrm, account: SalesforceAccount
) -> None:
    household = account.sandbox.person().create("Account", {"Name": "Quill household"})
    account.sandbox.person().create(
        "Contact",
        {"FirstName": "Ana", "LastName": "Quill", "Email": "ana1@example.com", "AccountId": household},
    )
    links = links_in(crm.deliver(work(account.inquiry())))
    assert account.deals()[links["deal", "I1"]]["AccountId"] == household


def test_a_follow_up_is_due_on_the_owners_day(crm: SalesforceCrm, account: SalesforceAccount) -> None:
    bundle = account.inquiry()
    late = replace(bundle.tasks[0], due_at=datetime(2026, 11, 24, 1, 30, tzinfo=UTC))
    links = links_in(crm.deliver(work(replace(bundle, tasks=(late,)))))
    task = account.tasks()[links["task", "F1"]]
    assert task["ActivityDate"] == "2026-11-23"  # half past eight in the evening in New York
    assert task["ReminderDateTime"].startswith("2026-11-24T01:30")
    assert (task["Priority"], task["Status"], task["TaskSubtype"]) == ("High", "Not Started", "Call")


def test_an_opportunity_closes_some_days_from_now(account: SalesforceAccount) -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp()
    with connected(account, closes_in_days=10, clock=lambda: noon) as crm:
        links = links_in(crm.deliver(work(account.inquiry())))
        bundle = account.inquiry(account.borrower(2), number=2)
        assert bundle.deal is not None
        dated = replace(bundle.deal, fields=bundle.deal.fields | {"CloseDate": "2027-01-31"})
        links |= links_in(crm.deliver(work(replace(bundle, deal=dated))))
    assert account.deals()[links["deal", "I1"]]["CloseDate"] == "2026-12-02"
    assert account.deals()[links["deal", "I2"]]["CloseDate"] == "2027-01-31"


def test_a_borrower_without_a_last_name_gets_a_placeholder_until_one_is_known(
    crm: SalesforceCrm, account: SalesforceAccount
) -> None:
    named = account.borrower()
    nameless = replace(named, last_name="", fields={n: v for n, v in named.fields.items() if n != "LastName"})
    links = links_in(crm.deliver(work(account.inquiry(nameless))))
    contact = links["contact", "B1"]
    assert account.contacts()[contact]["last_name"] == "(not given)"
    assert all_ok(crm.deliver(work(account.inquiry(account.borrower(), number=2), links=links)))
    assert account.contacts()[contact]["last_name"] == "Quill"


def test_an_opt_out_is_raised_and_never_lowered(crm: SalesforceCrm, account: SalesforceAccount) -> None:
    def saying(answer: str) -> Any:
        ana = account.borrower()
        return replace(ana, fields=ana.fields | {"HasOptedOutOfEmail": answer})

    links = links_in(crm.deliver(work(account.inquiry(saying("false")))))
    assert not account.opted_out(links["contact", "B1"])
    assert all_ok(crm.deliver(work(account.inquiry(saying("true"), number=2), links=links)))
    assert account.opted_out(links["contact", "B1"])
    eager = replace(saying("false"), overwrite=frozenset({"HasOptedOutOfEmail"}))
    assert all_ok(crm.deliver(work(account.inquiry(eager, number=3), links=links)))
    assert account.opted_out(links["contact", "B1"])


def test_an_owner_who_left_is_a_persons_to_settle_and_is_looked_up_again(
    crm: SalesforceCrm, account: SalesforceAccount
) -> None:
    assert all_ok(crm.deliver(work(account.inquiry())))
    account.sandbox.person().edit(account.user(OTHER_OWNER), IsActive=False)
    moved = replace(account.borrower(2), owner_email=OTHER_OWNER)
    (receipt,) = crm.deliver(work(account.inquiry(moved, number=2)))
    assert isinstance(receipt.error, Rejected)
    assert receipt.error.field_name == "OwnerId"
    (again,) = crm.deliver(work(account.inquiry(moved, number=2)))
    assert "not an active user" in str(again.error)


def test_what_a_borrower_typed_never_reads_as_a_reference(
    crm: SalesforceCrm, account: SalesforceAccount
) -> None:
    bundle = account.inquiry()
    odd = replace(bundle.tasks[0], body="My code is @{p0.id} and @{nobody.id}.")
    (receipt,) = crm.deliver(work(replace(bundle, tasks=(odd,))))
    assert receipt.error is None
    assert "@ {p0.id}" in account.tasks()[receipt.outcomes[2].remote_id]["body"]


@pytest.mark.parametrize("assign", [False, True])
def test_assignment_rules_choose_the_owner_only_where_they_are_wanted(
    leads: SalesforceAccount, assign: bool
) -> None:
    leads.sandbox.configure(lead_assignment=OTHER_OWNER)
    with connected(leads, auto_assign=assign) as crm:
        links = links_in(crm.deliver(work(leads.inquiry())))
        assert leads.contacts()[links["contact", "B1"]]["owner"] == (OTHER_OWNER if assign else OWNER)
        leads.edit_contact(links["contact", "B1"], {"owner": OWNER})
        late = replace(leads.borrower(), fields=leads.borrower().fields | {"Title": "Dr"})
        assert all_ok(crm.deliver(work(leads.inquiry(late, number=2), links=links)))
        lead = leads.contacts()[links["contact", "B1"]]
        assert (lead["Title"], lead["owner"]) == ("Dr", OWNER)


def test_a_lead_carries_the_deal(lead_crm: SalesforceCrm, leads: SalesforceAccount) -> None:
    (receipt,) = lead_crm.deliver(work(leads.inquiry()))
    assert receipt.error is None
    assert receipt.outcomes[0].remote_id == receipt.outcomes[1].remote_id
    lead = leads.contacts()[receipt.outcomes[0].remote_id]
    assert (lead["Company"], lead["Status"], lead["Loan_Amount__c"]) == ("Ana Quill", "New inquiry", "450000")
    assert not leads.sandbox.state.records("Opportunity")


def test_the_next_inquiry_fills_only_what_is_blank_on_the_lead(
    lead_crm: SalesforceCrm, leads: SalesforceAccount
) -> None:
    bundle = leads.inquiry()
    assert bundle.deal is not None
    bare = replace(bundle.deal, fields={"Loan_Amount__c": "300000"})
    links = links_in(lead_crm.deliver(work(replace(bundle, deal=bare))))
    leads.edit_deal(links["deal", "I1"], {"stage": "Contacted"})
    (second,) = lead_crm.deliver(work(leads.inquiry(leads.borrower(), number=2), links=links))
    assert second.error is None
    assert second.outcomes[1].action == "updated"
    assert "one person, one lead" in second.outcomes[1].note
    lead = leads.deals()[links["deal", "I1"]]
    assert (lead["Loan_Amount__c"], lead["need"], lead["stage"]) == ("300000", "purchase", "Contacted")
    assert len(leads.tasks()) == 2


def test_a_refused_field_of_the_deal_is_the_deals_and_the_lead_still_arrives(
    lead_crm: SalesforceCrm, leads: SalesforceAccount
) -> None:
    bundle = leads.inquiry()
    assert bundle.deal is not None
    wrong = replace(bundle.deal, fields=bundle.deal.fields | {"Value__c": "99999999999999999"})
    (receipt,) = lead_crm.deliver(work(replace(bundle, deal=wrong)))
    assert isinstance(receipt.error, Rejected)
    assert receipt.error.field_name == "Value__c"
    assert [(o.kind, o.error is None) for o in receipt.outcomes] == [("contact", True), ("deal", False)]


def test_a_lie_about_the_second_of_two_inquiries_of_a_lead_is_no_delivery(
    lead_crm: SalesforceCrm, leads: SalesforceAccount
) -> None:
    assert all_ok(lead_crm.deliver(work(leads.inquiry(number=99))))
    pair = [leads.inquiry(), leads.inquiry(leads.borrower(), number=2)]
    leads.order({"kind": "swap_id"}, nth=3, times=1)  # look, first transaction, second
    receipts = lead_crm.deliver(work(*pair))
    assert receipts[0].error is None
    assert isinstance(receipts[1].error, Uncertain)
    leads.heal()
    assert all_ok(lead_crm.deliver(work(*pair, look_first=True)))
    assert len(leads.tasks()) == 3


def test_one_that_spoils_the_whole_request_harms_no_other(
    crm: SalesforceCrm, account: SalesforceAccount
) -> None:
    assert all_ok(crm.deliver(work(account.inquiry(number=99))))
    refusal = '[{"errorCode": "JSON_PARSER_ERROR", "message": "The request is odd"}]'
    headers = {"Content-Type": "application/json"}
    rule = {
        "kind": "answer",
        "status": 400,
        "text": refusal,
        "headers": headers,
        "body": "Firstpath_Key__c/I2",
    }
    account.order({**rule, "path": "composite"})
    receipts = crm.deliver(work(*(account.inquiry(number=number) for number in (1, 2, 3))))
    assert [receipt.error is None for receipt in receipts] == [True, False, True]
    assert isinstance(receipts[1].error, Rejected)


@pytest.mark.parametrize("opportunity", ["Quill purchase", None])
def test_a_converted_lead_is_followed_to_its_contact(
    lead_crm: SalesforceCrm, leads: SalesforceAccount, opportunity: str | None
) -> None:
    links = links_in(lead_crm.deliver(work(leads.inquiry())))
    became = leads.sandbox.person().convert(links["contact", "B1"], opportunity=opportunity)
    before = leads.sandbox.state.record(links["contact", "B1"])
    for number, known in ((2, links), (3, {})):
        bundle = leads.inquiry(leads.borrower(), number=number)
        (receipt,) = lead_crm.deliver(work(bundle, links=known))
        assert receipt.error is None
        assert "converted" in receipt.outcomes[0].note
        assert receipt.outcomes[1].remote_id == links["contact", "B1"]
        task = leads.sandbox.state.record(receipt.outcomes[2].remote_id)
        assert (task["WhoId"], task.get("WhatId")) == (became.contact, became.opportunity)
        (again,) = lead_crm.deliver(work(bundle, links=known, look_first=True))
        assert again.outcomes[2].remote_id == receipt.outcomes[2].remote_id
    assert leads.sandbox.state.record(links["contact", "B1"]) == before


def test_an_open_lead_is_preferred_to_a_converted_one(
    lead_crm: SalesforceCrm, leads: SalesforceAccount
) -> None:
    old = leads.add_contact({"first_name": "Ana", "last_name": "Quill", "email": "ana1@example.com"})
    leads.sandbox.person().convert(old, opportunity=None)
    present = leads.add_contact({"first_name": "Ana", "last_name": "Quill", "email": "ana1@example.com"})
    (receipt,) = lead_crm.deliver(work(leads.inquiry()))
    assert receipt.outcomes[0].remote_id == present


def test_our_own_converted_lead_is_preferred_to_an_open_one_of_somebody_else(
    lead_crm: SalesforceCrm, leads: SalesforceAccount
) -> None:
    links = links_in(lead_crm.deliver(work(leads.inquiry())))
    leads.sandbox.person().convert(links["contact", "B1"], opportunity=None)
    leads.add_contact({"first_name": "Ana", "last_name": "Quill", "email": "ana1@example.com"})
    (receipt,) = lead_crm.deliver(work(leads.inquiry(leads.borrower(), number=2)))
    assert receipt.error is None
    assert receipt.outcomes[0].remote_id == links["contact", "B1"]


def test_a_person_account_gets_its_roles_and_tasks_by_its_contact(sandbox: RunningSandbox) -> None:
    account = fresh(sandbox, "person_account")
    with connected(account) as crm:
        links = links_in(crm.deliver(work(account.inquiry())))
        account.add_contact({"first_name": "Ben", "email": "ben2@example.com"})
        business = account.sandbox.person().create("Account", {"Name": "Ana1 Ltd", "Phone": "+14165550003"})
        receipts = crm.deliver(
            work(account.inquiry(account.borrower(2, "Ben"), number=2), account.inquiry(number=3))
        )
    assert all_ok(receipts)
    assert receipts[0].outcomes[0].action == "adopted"
    assert receipts[1].outcomes[0].remote_id != business
    deal = account.deals()[links["deal", "I1"]]
    assert deal["AccountId"] == links["contact", "B1"]
    task = account.sandbox.state.record(links["task", "F1"])
    assert task["WhoId"] == account.sandbox.state.record(links["contact", "B1"])["PersonContactId"]


def test_every_write_says_no_to_assignment_and_yes_to_details(
    crm: SalesforceCrm, account: SalesforceAccount
) -> None:
    crm.deliver(work(account.inquiry()))
    (sent,) = composites(account)
    person = sent["compositeRequest"][0]
    assert person["httpHeaders"]["Sforce-Auto-Assign"] == "FALSE"
    assert "includeRecordDetails=true" in person["httpHeaders"]["Sforce-Duplicate-Rule-Header"]
    assert all("httpHeaders" not in part for part in sent["compositeRequest"][1:])
