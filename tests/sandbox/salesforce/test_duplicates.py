"""Duplicate rules: who looks alike, what an alert and a block say, and who may go on."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.sandbox.salesforce.org import LEAD, Org, V, error, part

ADA = {"FirstName": "Ada", "LastName": "Roy", "Email": "ada@example.com", "MobilePhone": "(613) 555-0101"}
SAVE = {"Sforce_Duplicate_Rule_Header": "allowSave=true; includeRecordDetails=true; runAsCurrentUser=true"}


@pytest.fixture
def wary(org: Org) -> Org:
    """An org whose rules alert."""
    org.sandbox.configure(contact_duplicates="allow", lead_duplicates="allow")
    return org


def detected(answer: requests.Response, key: str = "duplicateResult") -> dict[str, Any]:
    """The result inside a refusal."""
    row = answer.json()[0]
    assert (answer.status_code, row["errorCode"]) == (400, "DUPLICATES_DETECTED")
    assert row["message"] == "Use one of these records?"
    found: dict[str, Any] = row[key]
    return found


def test_an_alert_names_the_record_that_looks_alike(wary: Org) -> None:
    known = wary.contact(**ADA)
    result = detected(wary.post("/sobjects/Contact", ADA))
    match = result["matchResults"][0]
    assert (result["allowSave"], result["duplicateRule"]) == (True, "Standard_Contact_Duplicate_Rule")
    assert (match["entityType"], match["size"], match["success"]) == ("Contact", 1, True)
    record = match["matchRecords"][0]["record"]
    assert record["Id"] == known
    assert record["attributes"] == {"type": "Contact", "url": f"{V}/sobjects/Contact/{known}"}


@pytest.mark.parametrize(
    ("changes", "alike"),
    [
        ({}, True),
        ({"Email": "ADA@example.com", "FirstName": "Ben", "MobilePhone": None}, True),
        ({"Email": None, "MobilePhone": "+1 613-555-0101"}, True),
        ({"Email": None, "Phone": "6135550101", "MobilePhone": None, "FirstName": "A."}, True),
        ({"Email": None, "FirstName": "Ben"}, False),
        ({"Email": None, "LastName": "Ray"}, False),
        ({"Email": "ben@example.com", "MobilePhone": None}, False),
    ],
)
def test_who_looks_alike(wary: Org, changes: dict[str, Any], alike: bool) -> None:
    wary.contact(**ADA)
    answer = wary.post("/sobjects/Contact", {**ADA, **changes})
    assert (answer.status_code == 400) is alike


def test_matching_by_name_lets_spouses_share_an_address(wary: Org) -> None:
    wary.sandbox.configure(duplicate_matching="name")
    wary.contact(**ADA)
    assert wary.post("/sobjects/Contact", {**ADA, "FirstName": "Ben"}).status_code == 201
    detected(wary.post("/sobjects/Contact", ADA))


def test_allow_save_passes_an_alert_but_no_block(wary: Org) -> None:
    wary.contact(**ADA)
    assert wary.post("/sobjects/Contact", ADA, **SAVE).status_code == 201
    wary.sandbox.configure(contact_duplicates="block")
    assert detected(wary.post("/sobjects/Contact", ADA, **SAVE))["allowSave"] is False


def test_the_key_is_misspelled_below_version_55(wary: Org) -> None:
    wary.lead(**ADA)
    old = "/services/data/v54.0/sobjects/Lead"
    assert detected(wary.post(old, {**LEAD, **ADA}), key="duplicateResut")["matchResults"]
    assert detected(wary.post("/services/data/v55.0/sobjects/Lead", {**LEAD, **ADA}))


def test_matches_can_be_hidden_by_sharing(wary: Org) -> None:
    wary.contact(**ADA)
    wary.sandbox.configure(matches_hidden=True)
    match = detected(wary.post("/sobjects/Contact", ADA))["matchResults"][0]
    assert (match["matchRecords"], match["size"]) == ([], 0)


def test_leads_and_contacts_can_be_compared(wary: Org) -> None:
    lead = wary.lead(**ADA)
    assert wary.post("/sobjects/Contact", {**ADA, "LastName": "Roy"}).status_code == 201
    wary.sandbox.configure(duplicates_across=True, contact_duplicates="block")
    results = detected(wary.post("/sobjects/Contact", ADA))["matchResults"]
    assert {one["entityType"] for one in results} == {"Contact", "Lead"}
    assert results[1]["matchRecords"][0]["record"]["Id"] == lead


def test_an_update_is_checked_only_when_the_rule_says_so(wary: Org) -> None:
    wary.contact(**ADA)
    other = f"/sobjects/Contact/{wary.contact(LastName='Roy', FirstName='Eve')}"
    assert wary.patch(other, {"Email": "ada@example.com"}).status_code == 204
    wary.patch(other, {"Email": None})
    wary.sandbox.configure(duplicates_on_edit=True)
    assert error(wary.patch(other, {"Email": "ada@example.com"})) == (400, "DUPLICATES_DETECTED")
    assert wary.patch(other, {"Title": "Ms"}).status_code == 204


def test_a_collection_tells_only_the_code(wary: Org) -> None:
    wary.contact(**ADA)
    records = [{"attributes": {"type": "Contact"}, **ADA}]
    answer = wary.post("/composite/sobjects", {"records": records})
    problem = {"statusCode": "DUPLICATES_DETECTED", "message": "Use one of these records?", "fields": []}
    assert answer.json() == [{"success": False, "errors": [problem]}]


def test_the_header_counts_in_the_part_not_outside(wary: Org) -> None:
    wary.contact(**ADA)
    header = SAVE["Sforce_Duplicate_Rule_Header"]
    body = {"compositeRequest": [part("POST", "/sobjects/Contact", "c", ADA)]}
    outside = wary.post("/composite", body, **SAVE).json()["compositeResponse"]
    assert outside[0]["body"][0]["duplicateResult"]["allowSave"] is True
    inside = part("POST", "/sobjects/Contact", "c", ADA, httpHeaders={"Sforce-Duplicate-Rule-Header": header})
    assert wary.composite(inside)[0]["httpStatusCode"] == 201


def test_people_are_not_asked(wary: Org) -> None:
    wary.contact(**ADA)
    assert wary.sandbox.person().create("Contact", ADA)
