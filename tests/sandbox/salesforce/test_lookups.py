"""Records that point at records: owners, queues, tasks, deleted and unknown targets."""

from __future__ import annotations

import pytest

from tests.sandbox.salesforce.org import DEAL, LEAD, Org, error


def test_an_owner_must_exist_and_be_active(org: Org) -> None:
    inactive = org.post("/sobjects/Lead", {**LEAD, "OwnerId": org.user("gone")})
    assert error(inactive) == (400, "INACTIVE_OWNER_OR_USER")
    assert org.user("gone") in inactive.json()[0]["message"]
    unknown = org.post("/sobjects/Lead", {**LEAD, "OwnerId": "0055j00000000zzAAA"})
    assert error(unknown) == (400, "INVALID_CROSS_REFERENCE_KEY")
    assert org.stored(org.lead(OwnerId=org.user("maya")))["OwnerId"] == org.user("maya")


def test_a_queue_owns_leads_and_tasks_but_no_contacts(org: Org) -> None:
    queue = org.found("SELECT Id FROM Group WHERE Type = 'Queue'")[0]
    assert org.stored(org.lead(OwnerId=queue))["OwnerId"] == queue
    assert org.stored(org.create("Task", OwnerId=queue))["OwnerId"] == queue
    assert error(org.post("/sobjects/Contact", {"LastName": "Roy", "OwnerId": queue})) == (
        400,
        "MALFORMED_ID",
    )
    for_leads = org.sandbox.seed({"queues": [{"name": "L", "developer_name": "L", "objects": ["Lead"]}]})
    answer = org.post("/sobjects/Task", {"OwnerId": for_leads["queues"][0]})
    assert error(answer) == (400, "INVALID_CROSS_REFERENCE_KEY")


def test_an_owner_cannot_be_emptied(org: Org) -> None:
    assert error(org.patch(f"/sobjects/Lead/{org.lead()}", {"OwnerId": None})) == (
        400,
        "REQUIRED_FIELD_MISSING",
    )


@pytest.mark.parametrize("field", ["AccountId", "ReportsToId"])
def test_a_target_that_never_was_or_is_gone(org: Org, field: str) -> None:
    never = {"AccountId": "0015j00000000zzAAA", "ReportsToId": "0035j00000000zzAAA"}[field]
    answer = org.post("/sobjects/Contact", {"LastName": "Roy", field: never})
    assert (error(answer), answer.json()[0]["fields"]) == ((400, "INVALID_CROSS_REFERENCE_KEY"), [field])
    gone = org.create("Account", Name="Roys") if field == "AccountId" else org.contact()
    org.call("DELETE", f"/sobjects/{'Account' if field == 'AccountId' else 'Contact'}/{gone}")
    assert error(org.post("/sobjects/Contact", {"LastName": "R", field: gone})) == (400, "ENTITY_IS_DELETED")


def test_a_task_is_about_a_person_and_a_deal_and_knows_the_account(org: Org) -> None:
    account = org.create("Account", Name="Roys")
    contact, deal = org.contact(AccountId=account), org.deal()
    about_both = org.create("Task", WhoId=contact, WhatId=deal)
    about_contact = org.create("Task", WhoId=contact)
    assert "AccountId" not in org.stored(about_both)  # the deal decides, and has none
    assert org.stored(about_contact)["AccountId"] == account


def test_a_task_about_a_lead_is_about_nothing_else(org: Org) -> None:
    lead = org.lead()
    answer = org.post("/sobjects/Task", {"WhoId": lead, "WhatId": org.deal()})
    assert error(answer) == (400, "FIELD_INTEGRITY_EXCEPTION")
    assert org.create("Task", WhoId=lead)
    for wrong in ({"WhoId": org.deal()}, {"WhatId": lead}):
        assert error(org.post("/sobjects/Task", wrong)) == (400, "MALFORMED_ID")


def test_one_contact_role_is_primary(org: Org) -> None:
    ada, ben, deal = org.contact(), org.contact(), org.deal()
    first = org.create(
        "OpportunityContactRole", OpportunityId=deal, ContactId=ada, IsPrimary=True, Role="Borrower"
    )
    assert org.stored(deal)["ContactId"] == ada
    second = org.create("OpportunityContactRole", OpportunityId=deal, ContactId=ben, IsPrimary=True)
    assert (org.stored(first)["IsPrimary"], org.stored(second)["IsPrimary"]) == (False, True)
    assert org.stored(deal)["ContactId"] == ben
    missing = org.post("/sobjects/OpportunityContactRole", {"OpportunityId": deal})
    assert missing.json()[0]["fields"] == ["ContactId"]


def test_a_new_deal_that_names_its_contact_gets_the_role(org: Org) -> None:
    contact = org.contact()
    deal = org.deal(ContactId=contact)
    roles = org.sandbox.state.records("OpportunityContactRole").values()
    assert [(one["OpportunityId"], one["ContactId"], one["IsPrimary"]) for one in roles] == [
        (deal, contact, True)
    ]
    answer = org.patch(f"/sobjects/Opportunity/{deal}", {"ContactId": contact})
    assert error(answer) == (400, "INVALID_FIELD_FOR_INSERT_UPDATE")


def test_users_and_groups_are_not_made_by_the_api(org: Org) -> None:
    answer = org.post("/sobjects/Group", {"Name": "Q", "Type": "Queue"})
    assert error(answer) == (400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY")


def test_a_locked_row_refuses_writes_to_itself_and_below(org: Org) -> None:
    contact, deal = org.contact(), org.deal()
    org.sandbox.state.lock_row(contact, times=3)
    tries = [
        org.patch(f"/sobjects/Contact/{contact}", {"FirstName": "A"}),
        org.post("/sobjects/Task", {"WhoId": contact}),
        org.post("/sobjects/OpportunityContactRole", {"OpportunityId": deal, "ContactId": contact}),
    ]
    assert [error(one) for one in tries] == [(400, "UNABLE_TO_LOCK_ROW")] * 3
    assert contact[:15] in tries[0].json()[0]["message"]
    assert org.create("Task", WhoId=contact)
    org.call("PUT", "/_sandbox/locks", {deal: None})
    for _ in range(3):
        assert error(org.patch(f"/sobjects/Opportunity/{deal}", {**DEAL})) == (400, "UNABLE_TO_LOCK_ROW")


def test_a_lead_goes_where_the_assignment_rule_says(org: Org) -> None:
    org.sandbox.configure(lead_assignment="luis@brokerage.example.com")
    maya, luis = org.user("maya"), org.user("luis")
    by_rule = org.lead(OwnerId=maya)
    answer = org.post("/sobjects/Lead", {**LEAD, "OwnerId": maya}, Sforce_Auto_Assign="FALSE")
    as_wished = answer.json()["id"]
    assert [org.stored(one)["OwnerId"] for one in (by_rule, as_wished)] == [luis, maya]
    org.patch(f"/sobjects/Lead/{as_wished}", {"City": "Hull"}, Sforce_Auto_Assign="false")
    assert org.stored(as_wished)["OwnerId"] == maya
    org.patch(f"/sobjects/Lead/{as_wished}", {"City": "Hull"})  # an ordinary update moves the owner
    assert org.stored(as_wished)["OwnerId"] == luis
    assert org.stored(org.contact(OwnerId=maya))["OwnerId"] == maya
    org.sandbox.configure(lead_assignment="Web_leads")
    assert org.stored(org.lead())["OwnerId"].startswith("00G")
