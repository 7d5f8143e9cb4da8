"""Person accounts: an account and its contact are two faces of one record."""

from __future__ import annotations

import pytest

from tests.sandbox.salesforce.org import Org, error

TYPE = "SELECT Id FROM RecordType WHERE SobjectType = 'Account' AND IsPersonType = true AND IsActive = true"


@pytest.fixture
def person_type(person_org: Org) -> str:
    """The record type that makes person accounts."""
    return str(person_org.found(TYPE)[0])


def test_a_person_brings_a_contact(person_org: Org, person_type: str) -> None:
    body = {
        "LastName": "Roy",
        "FirstName": "Ada",
        "PersonEmail": "ada@example.com",
        "PersonMailingCity": "Ottawa",
        "PersonDoNotCall": True,
        "Note__pc": "met at the fair",
        "RecordTypeId": person_type,
    }
    answer = person_org.patch("/sobjects/Account/Key__c/a-1", body)
    account = person_org.stored(answer.json()["id"])
    contact = person_org.stored(account["PersonContactId"])
    assert (account["Name"], account["IsPersonAccount"]) == ("Ada Roy", True)
    assert (contact["Email"], contact["MailingCity"], contact["DoNotCall"]) == (
        "ada@example.com",
        "Ottawa",
        True,
    )
    assert (contact["AccountId"], contact["Note__c"]) == (account["Id"], "met at the fair")
    role = {"WhoId": contact["Id"], "WhatId": account["Id"]}
    assert person_org.stored(person_org.create("Task", **role))["AccountId"] == account["Id"]


def test_both_faces_show_an_edit(person_org: Org, person_type: str) -> None:
    account = person_org.create("Account", LastName="Roy", RecordTypeId=person_type)
    contact = person_org.stored(account)["PersonContactId"]
    person_org.patch(f"/sobjects/Contact/{contact}", {"Email": "ada@example.com", "FirstName": "Ada"})
    assert person_org.stored(account)["PersonEmail"] == "ada@example.com"
    assert person_org.stored(account)["Name"] == "Ada Roy"
    person_org.patch(
        f"/sobjects/Account/{account}", {"PersonEmail": None, "PersonMobilePhone": "613-555-0101"}
    )
    stored = person_org.stored(contact)
    assert ("Email" in stored, stored["MobilePhone"]) == (False, "613-555-0101")


def test_businesses_and_persons_have_different_fields(person_org: Org, person_type: str) -> None:
    business = person_org.create("Account", Name="Roys")
    assert person_org.stored(business)["IsPersonAccount"] is False
    wrong = person_org.post("/sobjects/Account", {"Name": "Roys", "PersonEmail": "a@example.com"})
    assert error(wrong) == (400, "INVALID_FIELD_FOR_INSERT_UPDATE")
    wrong = person_org.post(
        "/sobjects/Account", {"Name": "A", "LastName": "Roy", "RecordTypeId": person_type}
    )
    assert "bad field names on insert/update call: Name" in wrong.json()[0]["message"]
    for missing in ({}, {"RecordTypeId": person_type}):
        assert error(person_org.post("/sobjects/Account", missing)) == (400, "REQUIRED_FIELD_MISSING")
    change = person_org.patch(f"/sobjects/Account/{business}", {"RecordTypeId": person_type})
    assert error(change) == (400, "INVALID_FIELD_FOR_INSERT_UPDATE")


def test_the_contact_goes_with_its_account_only(person_org: Org, person_type: str) -> None:
    account = person_org.create("Account", LastName="Roy", RecordTypeId=person_type)
    contact = person_org.stored(account)["PersonContactId"]
    assert error(person_org.call("DELETE", f"/sobjects/Contact/{contact}")) == (400, "DELETE_FAILED")
    person_org.call("DELETE", f"/sobjects/Account/{account}")
    assert (person_org.count("Account"), person_org.count("Contact")) == (0, 0)


def test_without_the_feature_there_is_no_trace_of_it(org: Org) -> None:
    names = {one["name"] for one in org.get("/sobjects/Account/describe").json()["fields"]}
    assert not {"IsPersonAccount", "PersonEmail", "LastName"} & names
    assert error(org.get("/query/", q=TYPE)) == (400, "INVALID_FIELD")
