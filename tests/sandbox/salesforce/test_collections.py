"""Collections: up to 200 records in a call, each with a result of its own."""

from __future__ import annotations

from typing import Any

import requests

from tests.sandbox.salesforce.org import DEAL, LEAD, Org, error

PATH = "/composite/sobjects"


def record(kind: str, **fields: Any) -> dict[str, Any]:
    """One record with its type."""
    return {"attributes": {"type": kind}, **fields}


def codes(answer: requests.Response) -> list[str]:
    """ "" or the first error of every result."""
    assert answer.status_code == 200, answer.text
    return ["" if one["success"] else one["errors"][0]["statusCode"] for one in answer.json()]


def test_creating_several_kinds_in_order(org: Org) -> None:
    records = [record("Lead", **LEAD), record("Lead"), record("Contact", LastName="Roy")]
    answer = org.post(PATH, {"records": records})
    assert codes(answer) == ["", "REQUIRED_FIELD_MISSING", ""]
    lead, missing, contact = answer.json()
    assert (lead["id"][:3], contact["id"][:3]) == ("00Q", "003")
    assert missing == {
        "success": False,
        "errors": [
            {
                "statusCode": "REQUIRED_FIELD_MISSING",
                "message": "Required fields are missing: [LastName, Company]",
                "fields": ["LastName", "Company"],
            }
        ],
    }


def test_all_or_none_says_who_was_rolled_back(org: Org) -> None:
    answer = org.post(PATH, {"allOrNone": True, "records": [record("Lead", **LEAD), record("Lead")]})
    assert codes(answer) == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "REQUIRED_FIELD_MISSING"]
    assert org.count("Lead") == 0


def test_updating_by_id(org: Org) -> None:
    lead, gone = org.lead(), org.lead()
    org.call("DELETE", f"/sobjects/Lead/{gone}")
    records = [
        record("Lead", Id=lead, City="Hull"),
        record("Lead", id=gone, City="Hull"),
        record("Lead", City="Hull"),
        record("Lead", Id="0037e00001WZ30qAAD"),
    ]
    answer = org.patch(PATH, {"records": records})
    assert codes(answer) == ["", "ENTITY_IS_DELETED", "MISSING_ARGUMENT", "MALFORMED_ID"]
    assert org.stored(lead)["City"] == "Hull"


def test_upserting_by_key_as_recorded(keyed: Org) -> None:
    path = f"{PATH}/Contact/Key__c"
    first = keyed.patch(
        path, {"records": [record("Contact", Key__c=f"k{n}", LastName="Roy") for n in range(3)]}
    )
    again = keyed.patch(path, {"records": [record("Contact", Key__c="k1", FirstName="Ada")]})
    assert [one["created"] for one in first.json()] == [True] * 3
    assert again.json() == [{"id": first.json()[1]["id"], "success": True, "errors": [], "created": False}]
    by_email = keyed.patch(
        f"{PATH}/Contact/Email", {"records": [record("Contact", Email="a@example.com", LastName="R")]}
    )
    assert by_email.json()[0]["created"] is True
    by_id = keyed.patch(f"{PATH}/Account/Id", {"records": [record("Account", Id=None, Name="Roys")]})
    assert by_id.json()[0]["created"] is True


def test_one_key_twice_in_a_call_fails_both_times(keyed: Org) -> None:
    records = [record("Contact", Key__c=key, LastName="Roy") for key in ("k1", "K1", "k2", None)]
    answer = keyed.patch(f"{PATH}/Contact/Key__c", {"records": records})
    assert codes(answer) == ["DUPLICATE_VALUE", "DUPLICATE_VALUE", "", "MISSING_ARGUMENT"]
    assert "Duplicate external id specified: k1" in answer.json()[0]["errors"][0]["message"]


def test_several_matches_of_a_key_are_an_error_of_that_record(org: Org) -> None:
    for _ in range(2):
        org.contact(Email="a@example.com")
    records = [
        record("Contact", Email="a@example.com"),
        record("Contact", Email="b@example.com", LastName="R"),
    ]
    assert codes(org.patch(f"{PATH}/Contact/Email", {"records": records})) == ["DUPLICATE_EXTERNAL_ID", ""]


def test_200_records_and_10_chunks_at_most(org: Org) -> None:
    assert codes(org.post(PATH, {"records": [record("Lead", **LEAD)] * 200})) == [""] * 200
    assert error(org.post(PATH, {"records": [record("Lead", **LEAD)] * 201})) == (400, "EXCEEDED_ID_LIMIT")
    pair = [record("Lead", **LEAD), record("Opportunity", **DEAL)]
    assert codes(org.post(PATH, {"records": pair * 5})) == [""] * 10
    assert error(org.post(PATH, {"records": [*pair * 5, pair[0]]})) == (400, "LIMIT_EXCEEDED")
    assert org.count("Lead") == 205


def test_deleting_and_reading_many(org: Org) -> None:
    one, two = org.lead(), org.lead(LastName="Chen")
    read = org.get(f"{PATH}/Lead", ids=f"{one},00Q5j00000000zzAAA", fields="LastName").json()
    assert [row and row["LastName"] for row in read] == ["Roy", None]
    read = org.post(f"{PATH}/Lead", {"ids": [two], "fields": ["LastName"]}).json()
    assert read[0]["LastName"] == "Chen"
    answer = org.call("DELETE", f"{PATH}?ids={one},{one},nonsense&allOrNone=false")
    assert codes(answer) == ["", "ENTITY_IS_DELETED", "MALFORMED_ID"]
    answer = org.call("DELETE", f"{PATH}?ids={two},nonsense&allOrNone=true")
    assert codes(answer) == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "MALFORMED_ID"]
    assert org.count("Lead") == 1


def test_requests_of_the_wrong_shape(org: Org) -> None:
    for body, code in (
        ({"records": {}}, "JSON_PARSER_ERROR"),
        ({}, "JSON_PARSER_ERROR"),
        ({"records": [{"LastName": "Roy"}]}, "INVALID_INPUT"),
    ):
        assert error(org.post(PATH, body)) == (400, code)
    assert error(org.call("PUT", PATH, {})) == (405, "METHOD_NOT_ALLOWED")
    assert error(org.patch(f"/services/data/v45.0{PATH}/Contact/Email", {"records": []})) == (
        404,
        "NOT_FOUND",
    )
