"""Field-level security: what a new field needs before anybody sees it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.salesforce.custom_fields import AMOUNT, KEY, define, grant
from tests.sandbox.salesforce.org import LEAD, Org, error


def test_a_new_field_is_invisible_until_it_is_granted(org: Org) -> None:
    assert define(org, "Lead.Firstpath_Key__c", KEY).startswith("00N")
    path = "/sobjects/Lead/Firstpath_Key__c/l-1"
    names = {one["name"] for one in org.get("/sobjects/Lead/describe").json()["fields"]}
    assert "Firstpath_Key__c" not in names
    assert error(org.patch(path, LEAD)) == (404, "NOT_FOUND")
    assert error(org.post("/sobjects/Lead", {**LEAD, "Firstpath_Key__c": "x"})) == (400, "INVALID_FIELD")
    answer = org.get("/query/", q="SELECT Firstpath_Key__c FROM Lead")
    assert error(answer) == (400, "INVALID_FIELD")
    grant(org, "Lead.Firstpath_Key__c")
    described = org.get("/sobjects/Lead/describe").json()["fields"][-1]
    switches = ("name", "length", "externalId", "unique", "idLookup", "custom", "caseSensitive")
    assert [described[one] for one in switches] == ["Firstpath_Key__c", 64, True, True, True, True, False]
    assert org.patch(path, LEAD).status_code == 201


def test_a_grant_to_read_is_none_to_write_and_a_grant_can_be_taken_back(org: Org) -> None:
    define(org, "Lead.Loan__c", AMOUNT)
    parent = grant(org, "Lead.Loan__c", edit=False)
    lead = org.lead()
    assert org.found("SELECT Loan__c FROM Lead") == [None]
    refused = org.patch(f"/sobjects/Lead/{lead}", {"Loan__c": 5})
    assert (error(refused), refused.json()[0]["fields"]) == (
        (400, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ["Loan__c"],
    )
    row = org.found("SELECT Id FROM FieldPermissions WHERE ParentId = ?", parent)[0]
    org.patch(f"/sobjects/FieldPermissions/{row}", {"PermissionsEdit": True})
    assert org.patch(f"/sobjects/Lead/{lead}", {"Loan__c": 5}).status_code == 204
    org.call("DELETE", f"/sobjects/FieldPermissions/{row}")
    assert error(org.patch(f"/sobjects/Lead/{lead}", {"Loan__c": 6})) == (400, "INVALID_FIELD")


def test_a_rolled_back_grant_grants_nothing(org: Org) -> None:
    define(org, "Lead.Loan__c", AMOUNT)
    parent = org.create("PermissionSet", Name="F", Label="F")
    org.create(
        "PermissionSetAssignment", PermissionSetId=parent, AssigneeId=org.sandbox.state.integration_user
    )
    body = {"ParentId": parent, "SobjectType": "Lead", "Field": "Lead.Loan__c", "PermissionsRead": True}
    records = [
        {"attributes": {"type": "FieldPermissions"}, **body},
        {"attributes": {"type": "FieldPermissions"}},
    ]
    org.post("/composite/sobjects", {"allOrNone": True, "records": records})
    assert error(org.get("/query/", q="SELECT Loan__c FROM Lead")) == (400, "INVALID_FIELD")


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("FieldPermissions", {"Field": "Lead.Nothing__c"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ("FieldPermissions", {"Field": "Lead.LastName"}, "FIELD_INTEGRITY_EXCEPTION"),
        ("FieldPermissions", {"Field": "Lead.City", "PermissionsRead": False}, "FIELD_INTEGRITY_EXCEPTION"),
        ("PermissionSet", {"Name": "Firstpath", "Label": "Again"}, "DUPLICATE_VALUE"),
    ],
)
def test_grants_that_make_no_sense(org: Org, kind: str, body: dict[str, Any], code: str) -> None:
    parent = grant(org, "Lead.City")
    usual = {"ParentId": parent, "SobjectType": "Lead", "PermissionsRead": True, "PermissionsEdit": True}
    answer = org.post(f"/sobjects/{kind}", {**(usual if kind == "FieldPermissions" else {}), **body})
    assert error(answer) == (400, code)
    twice = org.post("/sobjects/FieldPermissions", {**usual, "Field": "Lead.City"})
    assert error(twice) == (400, "DUPLICATE_VALUE")
