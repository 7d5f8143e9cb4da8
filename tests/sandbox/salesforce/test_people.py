"""What people do in the browser, and how the API meets it afterwards."""

from __future__ import annotations

import pytest

from connectors.sandbox.salesforce.errors import ApiError
from tests.sandbox.hub import Clock
from tests.sandbox.salesforce.org import LEAD, Org, error, filled

MAYA = "maya@brokerage.example.com"


def test_a_persons_edit_carries_her_name_and_sees_every_field(org: Org, clock: Clock) -> None:
    lead = org.lead()
    clock.now += 5
    org.sandbox.person(MAYA).edit(lead, Phone="613-555-0101", HasOptedOutOfEmail=True)
    stored = org.stored(lead)
    assert (stored["LastModifiedById"], stored["HasOptedOutOfEmail"]) == (org.user("maya"), True)
    assert stored["SystemModstamp"] > stored["CreatedDate"]


def test_converting_closes_the_lead_for_good(keyed: Org) -> None:
    lead = keyed.lead(Key__c="l-1", Email="ada@example.com", City="Ottawa", OwnerId=keyed.user("luis"))
    task = keyed.create("Task", WhoId=lead, Subject="Call")
    done = keyed.sandbox.person(MAYA).convert(lead, opportunity="Purchase")
    stored = keyed.stored(lead)
    assert (stored["IsConverted"], stored["Status"]) == (True, "Closed - Converted")
    assert (stored["ConvertedContactId"], stored["ConvertedOpportunityId"]) == (
        done.contact,
        done.opportunity,
    )
    contact = keyed.stored(done.contact)
    assert (contact["MailingCity"], contact["OwnerId"]) == ("Ottawa", keyed.user("luis"))
    assert "Key__c" not in contact
    assert (keyed.stored(task)["WhoId"], keyed.stored(task)["WhatId"]) == (done.contact, done.opportunity)
    for answer in (
        keyed.patch("/sobjects/Lead/Key__c/l-1", {"City": "Hull"}),
        keyed.patch(f"/sobjects/Lead/{lead}", {"City": "Hull"}),
        keyed.post("/sobjects/Task", {"WhoId": lead}),
    ):
        assert error(answer) == (400, "CANNOT_UPDATE_CONVERTED_LEAD")
    found = keyed.soql("SELECT IsConverted, ConvertedContactId FROM Lead WHERE Key__c = 'l-1'")["records"][0]
    assert (found["IsConverted"], found["ConvertedContactId"]) == (True, done.contact)


def test_converting_can_do_without_a_deal_but_not_twice_or_from_a_queue(org: Org) -> None:
    lead = org.lead()
    assert org.sandbox.person().convert(lead, opportunity=None).opportunity is None
    assert (org.count("Opportunity"), org.count("Contact")) == (0, 1)
    with pytest.raises(ApiError, match="converted lead"):
        org.sandbox.person().convert(lead)
    queued = org.lead(OwnerId=org.found("SELECT Id FROM Group")[0])
    with pytest.raises(ApiError, match="queue"):
        org.sandbox.person().convert(queued)


def test_a_merge_keeps_one_record_and_moves_what_hung_on_the_others(keyed: Org) -> None:
    master, loser = keyed.contact(FirstName="Ada"), keyed.contact(Key__c="k-1", Phone="613-555-0101")
    task = keyed.create("Task", WhoId=loser)
    deal = keyed.deal(ContactId=loser)
    keyed.sandbox.person().merge(master, loser)
    kept = keyed.stored(master)
    assert (kept["FirstName"], kept["Phone"], kept["Key__c"]) == ("Ada", "613-555-0101", "k-1")
    assert (keyed.stored(task)["WhoId"], keyed.stored(deal)["ContactId"]) == (master, master)
    assert error(keyed.get(f"/sobjects/Contact/{loser}")) == (404, "ENTITY_IS_DELETED")
    statement = filled("SELECT MasterRecordId, IsDeleted FROM Contact WHERE Id = ?", loser)
    assert keyed.soql(statement)["totalSize"] == 0
    everything = keyed.get("/queryAll/", q=statement).json()["records"][0]
    assert (everything["MasterRecordId"], everything["IsDeleted"]) == (master, True)


def test_a_merge_of_two_keys_loses_one(keyed: Org) -> None:
    master, loser = keyed.contact(Key__c="k-1"), keyed.contact(Key__c="k-2")
    keyed.sandbox.person().merge(master, loser)
    assert keyed.patch("/sobjects/Contact/Key__c/k-2", {"LastName": "Roy"}).status_code == 201


def test_what_cannot_be_merged(org: Org) -> None:
    deal = org.deal()
    with pytest.raises(ApiError, match="merge one or two"):
        org.sandbox.person().merge(deal, org.deal())
    contact = org.contact()
    with pytest.raises(ApiError, match="merge one or two"):
        org.sandbox.person().merge(contact, contact)
    with pytest.raises(ApiError, match="does not exist"):
        org.sandbox.person().merge(contact, "0035j00000000zzAAA")


def test_deleting_takes_along_what_cannot_live_alone(org: Org) -> None:
    account = org.create("Account", Name="Roys")
    contact, deal = org.contact(AccountId=account), org.deal(AccountId=account)
    org.create("OpportunityContactRole", OpportunityId=deal, ContactId=contact)
    task = org.create("Task", WhoId=contact)
    org.sandbox.person().delete(account)
    assert [org.count(kind) for kind in ("Contact", "Opportunity", "OpportunityContactRole", "Task")] == [
        0
    ] * 4
    person = org.sandbox.person()
    person.undelete(contact)
    assert org.get(f"/sobjects/Contact/{contact}").status_code == 200
    assert error(org.get(f"/sobjects/Task/{task}")) == (404, "ENTITY_IS_DELETED")


def test_people_can_be_directed_over_http(org: Org) -> None:
    def order(**body: object) -> dict[str, str]:
        answer = org.call("POST", "/_sandbox/person", body)
        assert answer.status_code == 200, answer.text
        found: dict[str, str] = answer.json()
        return found

    lead = order(do="create", type="Lead", fields=LEAD, by=MAYA)["id"]
    order(do="edit", id=lead, fields={"City": "Hull"})
    assert org.stored(lead)["City"] == "Hull"
    contact = order(do="convert", id=lead)["contact"]
    other = org.contact()
    order(do="merge", id=contact, losers=[other])
    order(do="delete", id=contact)
    order(do="undelete", id=contact)
    assert (org.count("Contact"), org.stored(lead)["ConvertedContactId"]) == (1, contact)
    wrong = org.call("POST", "/_sandbox/person", {"do": "dance"})
    assert (wrong.status_code, "dance" in wrong.json()[0]["message"]) == (400, True)
    nobody = org.call("POST", "/_sandbox/person", {"do": "edit", "by": "nobody@example.com"})
    assert (nobody.status_code, "no user" in nobody.json()["message"]) == (400, True)
