"""Writing by external id: who is found, what is answered, and where one key is not enough."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.sandbox.salesforce.org import Org, V, error

PATH = "/sobjects/Contact/Key__c/k-1"


def test_an_upsert_creates_once_and_then_changes(keyed: Org) -> None:
    made = keyed.patch(PATH, {"LastName": "Roy"})
    again = keyed.patch(PATH, {"LastName": "Roy", "FirstName": "Ada"})
    contact = made.json()["id"]
    assert (made.status_code, made.json()["created"]) == (201, True)
    assert (again.status_code, again.json()) == (
        200,
        {"id": contact, "success": True, "errors": [], "created": False},
    )
    assert keyed.stored(contact)["Key__c"] == "k-1"
    assert keyed.count("Contact") == 1


def test_before_version_46_an_update_answers_nothing(keyed: Org) -> None:
    old = f"/services/data/v45.0{PATH}"
    assert keyed.patch(old, {"LastName": "Roy"}).status_code == 201
    answer = keyed.patch(old, {"LastName": "Roy"})
    assert (answer.status_code, answer.content) == (204, b"")


def test_update_only_never_creates(keyed: Org) -> None:
    assert error(keyed.patch(f"{PATH}?updateOnly=true", {"LastName": "Roy"})) == (404, "NOT_FOUND")
    assert keyed.count("Contact") == 0


@pytest.mark.parametrize("field", ["Nonsense__c", "LastName", "Phone"])
def test_a_field_that_is_no_key_is_not_found(keyed: Org, field: str) -> None:
    answer = keyed.patch(f"/sobjects/Contact/{field}/x", {"LastName": "Roy"})
    text = f"Provided external ID field does not exist or is not accessible: {field}"
    assert (error(answer), answer.json()[0]["message"]) == ((404, "NOT_FOUND"), text)


def test_the_key_is_not_repeated_in_the_body(keyed: Org) -> None:
    answer = keyed.patch(PATH, {"LastName": "Roy", "Key__c": "k-1"})
    text = "The Key__c field should not be specified in the sobject data."
    assert (error(answer), answer.json()[0]["message"]) == ((400, "INVALID_FIELD"), text)


def test_an_email_can_be_a_key_until_two_records_share_it(org: Org) -> None:
    path = "/sobjects/Contact/Email/ada@example.com"
    first = org.patch(path, {"LastName": "Roy"}).json()["id"]
    assert org.patch(path, {"FirstName": "Ada"}).json() == {
        "id": first,
        "success": True,
        "errors": [],
        "created": False,
    }
    second = org.contact(Email="ADA@example.com")
    answer = org.patch(path, {"FirstName": "Eve"})
    assert answer.status_code == 300
    assert answer.json() == [f"{V}/sobjects/Contact/{one}" for one in (first, second)]
    assert org.stored(first)["FirstName"] == "Ada"
    assert org.get(path).status_code == 300


def test_keys_with_unusual_characters_are_decoded_once(keyed: Org) -> None:
    for key in ("a b", "a/b", "a?b#c", "a%2Fb", "é+1"):
        answer = keyed.patch(f"/sobjects/Contact/Key__c/{quote(key, safe='')}", {"LastName": "Roy"})
        assert answer.status_code == 201, answer.text
        assert keyed.stored(answer.json()["id"])["Key__c"] == key


def test_letters_of_a_key_are_compared_as_the_field_says(org: Org) -> None:
    for kind, exact in (("Contact", False), ("Lead", True)):
        meta = {
            "label": "K",
            "type": "Text",
            "length": 9,
            "unique": True,
            "externalId": True,
            "caseSensitive": exact,
        }
        org.sandbox.seed({"fields": [{"FullName": f"{kind}.K__c", "Metadata": meta}]})
        for key in ("ab", "AB"):
            org.patch(
                f"/sobjects/{kind}/K__c/{key}", {"LastName": "Roy", **({"Company": "R"} if exact else {})}
            )
    assert (org.count("Contact"), org.count("Lead")) == (1, 2)


def test_a_unique_value_names_its_holder_by_the_short_id(keyed: Org) -> None:
    holder = keyed.contact(Key__c="k-1")
    for answer in (
        keyed.post("/sobjects/Contact", {"LastName": "Roy", "Key__c": "K-1"}),
        keyed.patch(f"/sobjects/Contact/{keyed.contact()}", {"Key__c": "k-1"}),
    ):
        row = answer.json()[0]
        text = f"duplicate value found: Key__c duplicates value on record with id: {holder[:15]}"
        assert (error(answer), row["message"], row["fields"]) == ((400, "DUPLICATE_VALUE"), text, [])


def test_a_deleted_record_frees_its_key(keyed: Org) -> None:
    old = keyed.contact(Key__c="k-1")
    keyed.call("DELETE", f"/sobjects/Contact/{old}")
    answer = keyed.patch(PATH, {"LastName": "Roy"})
    assert (answer.status_code, answer.json()["id"] != old) == (201, True)


def test_reading_and_deleting_by_key(keyed: Org) -> None:
    contact = keyed.contact(Key__c="k-1")
    assert keyed.get(PATH).json()["Id"] == contact
    assert keyed.call("DELETE", PATH).status_code == 204
    assert error(keyed.get(PATH)) == (404, "NOT_FOUND")


def test_a_parent_can_be_named_by_its_key(keyed: Org) -> None:
    account = keyed.create("Account", Name="Roys", Key__c="a-1")
    contact = keyed.contact(Account={"Key__c": "a-1"})
    assert keyed.stored(contact)["AccountId"] == account
    answer = keyed.post("/sobjects/Contact", {"LastName": "Roy", "Account": {"Key__c": "a-2"}})
    text = "Foreign key external ID: a-2 not found for field Key__c in entity Account"
    assert (error(answer), answer.json()[0]["message"]) == ((400, "INVALID_FIELD"), text)
    for wrong in ({"Name": "Roys"}, {}, {"Key__c": "a-1", "Id": account}, "a-1"):
        assert error(keyed.post("/sobjects/Contact", {"LastName": "R", "Account": wrong})) == (
            400,
            "INVALID_FIELD",
        )


def test_any_mapped_name_works_also_of_a_package(org: Org) -> None:
    name = "MtgPlanner_CRM__Loan__c"
    meta = {"label": "Borrower", "type": "Text", "length": 80, "unique": True, "externalId": True}
    fields = [{"FullName": f"{name}.MtgPlanner_CRM__Key__c", "Metadata": meta}]
    org.sandbox.seed({"objects": [{"name": name, "label": "Loan"}]})
    org.sandbox.seed({"fields": fields})
    answer = org.patch(f"/sobjects/{name}/MtgPlanner_CRM__Key__c/l-1", {"Name": "Loan 1"})
    assert (answer.status_code, answer.json()["id"][:1]) == (201, "a")
    task = org.create("Task", WhatId=answer.json()["id"])
    assert org.found("SELECT What.Name FROM Task WHERE Id = ?", task)[0]["Name"] == "Loan 1"
