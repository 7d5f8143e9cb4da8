"""Custom fields by the Tooling API: made, refused, asked for, changed and dropped."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.salesforce.custom_fields import AMOUNT, FIELD, KEY, asked, define, grant
from tests.sandbox.salesforce.org import LEAD, Org, error


@pytest.mark.parametrize(
    ("full_name", "metadata", "code"),
    [
        ("Lead.Firstpath_Key__c", KEY, "DUPLICATE_DEVELOPER_NAME"),
        ("Nothing.Key__c", KEY, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ("Task.Key__c", AMOUNT, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ("User.Key__c", KEY, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ("Activity.Key__c", KEY, "FIELD_INTEGRITY_EXCEPTION"),
        (
            "Activity.Lead__c",
            {"label": "L", "type": "Lookup", "referenceTo": "Lead"},
            "FIELD_INTEGRITY_EXCEPTION",
        ),
        ("Lead.Key", KEY, "FIELD_INTEGRITY_EXCEPTION"),
        ("Lead.Two__Under__Scores__c", KEY, "FIELD_INTEGRITY_EXCEPTION"),
        ("Lead.A__c", {"type": "Text", "length": 9}, "FIELD_INTEGRITY_EXCEPTION"),
        ("Lead.A__c", {"label": "A", "type": "Text"}, "FIELD_INTEGRITY_EXCEPTION"),
        ("Lead.A__c", {"label": "A", "type": "Text", "length": 256}, "FIELD_INTEGRITY_EXCEPTION"),
        ("Lead.A__c", {"label": "A", "type": "Currency"}, "FIELD_INTEGRITY_EXCEPTION"),
        ("Lead.A__c", {"label": "A", "type": "Checkbox", "unique": True}, "FIELD_INTEGRITY_EXCEPTION"),
        (
            "Lead.A__c",
            {"label": "A", "type": "Lookup", "referenceTo": "Nothing"},
            "FIELD_INTEGRITY_EXCEPTION",
        ),
        ("Lead.A__c", {"label": "A", "type": "Nonsense"}, "FIELD_INTEGRITY_EXCEPTION"),
        ("Lead.A__c", None, "REQUIRED_FIELD_MISSING"),
    ],
)
def test_a_definition_that_is_refused(org: Org, full_name: str, metadata: object, code: str) -> None:
    define(org, "Lead.Firstpath_Key__c", KEY)
    answer = org.post(FIELD, {"FullName": full_name, "Metadata": metadata})
    assert error(answer) == (400, code)


TYPES: list[tuple[dict[str, Any], str, object, object]] = [
    ({"type": "Checkbox", "defaultValue": "true"}, "boolean", None, True),
    ({"type": "Number", "precision": 5, "scale": 1}, "double", 12.34, 12.3),
    ({"type": "Percent", "precision": 5, "scale": 2}, "percent", 5.25, 5.25),
    ({"type": "Date"}, "date", "2026-05-06", "2026-05-06"),
    ({"type": "DateTime"}, "datetime", "2026-05-06T07:08:09Z", "2026-05-06T07:08:09.000+0000"),
    ({"type": "LongTextArea", "length": 1000, "visibleLines": 3}, "textarea", "a\nb", "a\nb"),
    ({"type": "Email"}, "email", "a@example.com", "a@example.com"),
    ({"type": "Lookup", "referenceTo": "Lead"}, "reference", None, None),
]


@pytest.mark.parametrize(("metadata", "kind", "sent", "kept"), TYPES)
def test_each_type_of_field(
    org: Org, metadata: dict[str, Any], kind: str, sent: object, kept: object
) -> None:
    define(org, "Contact.Extra__c", {"label": "Extra", **metadata})
    grant(org, "Contact.Extra__c")
    assert org.get("/sobjects/Contact/describe").json()["fields"][-1]["type"] == kind
    contact = org.contact(**({} if sent is None else {"Extra__c": sent}))
    assert org.stored(contact).get("Extra__c") == kept


def test_a_restricted_picklist_takes_its_values_only(org: Org) -> None:
    values = {"restricted": True, "valueSetDefinition": {"value": [{"label": "Fixed", "valueName": "fixed"}]}}
    define(org, "Lead.Rate__c", {"label": "Rate", "type": "Picklist", "valueSet": values})
    grant(org, "Lead.Rate__c")
    assert org.stored(org.lead(Rate__c="FIXED"))["Rate__c"] == "fixed"
    refused = org.post("/sobjects/Lead", {**LEAD, "Rate__c": "floating"})
    assert error(refused) == (400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST")


def test_fields_of_activities_show_up_on_tasks(org: Org) -> None:
    define(org, "Activity.Marker__c", {"label": "Marker", "type": "Text", "length": 80})
    grant(org, "Task.Marker__c")
    task = org.create("Task", Marker__c="m-1")
    assert org.found("SELECT Id FROM Task WHERE Marker__c = 'm-1'") == [task]
    row = asked(org, "SELECT DeveloperName, TableEnumOrId FROM CustomField")[0]
    assert (row["DeveloperName"], row["TableEnumOrId"]) == ("Marker", "Activity")
    org.sandbox.configure(activity_external_ids=True)
    define(org, "Activity.Key__c", KEY)


def test_custom_fields_can_be_asked_for_changed_and_dropped(org: Org) -> None:
    made = define(org, "Lead.Loan__c", AMOUNT)
    define(org, "Lead.ns__Other__c", AMOUNT)
    rows = asked(
        org, "SELECT Id, DeveloperName, NamespacePrefix FROM CustomField WHERE TableEnumOrId IN ('Lead')"
    )
    assert [(one["DeveloperName"], one["NamespacePrefix"]) for one in rows] == [
        ("Loan", None),
        ("Other", "ns"),
    ]
    one = asked(org, "SELECT FullName, Metadata FROM CustomField WHERE DeveloperName = 'Loan'")[0]
    assert (one["FullName"], one["Metadata"]["label"]) == ("Lead.Loan__c", "Loan amount")
    answer = org.get("/tooling/query/", q="SELECT Metadata FROM CustomField")
    assert "no more than one row" in answer.json()[0]["message"]
    assert org.patch(f"{FIELD}/{made}", {"Metadata": {"label": "Amount"}}).status_code == 204
    assert org.get(f"{FIELD}/{made}").json()["Metadata"]["label"] == "Amount"
    grant(org, "Lead.Loan__c")
    lead = org.lead(Loan__c=5)
    assert org.call("DELETE", f"{FIELD}/{made}").status_code == 204
    assert "Loan__c" not in org.stored(lead)
    assert error(org.get(f"{FIELD}/{made}")) == (404, "NOT_FOUND")


def test_definitions_of_fields_and_objects(org: Org) -> None:
    define(org, "Lead.Loan__c", AMOUNT)
    by_object = (
        "SELECT QualifiedApiName, DataType, EntityDefinition.Label FROM FieldDefinition WHERE {} = 'Lead'"
    )
    for filtered in ("EntityDefinition.QualifiedApiName", "EntityDefinitionId"):
        rows = {one["QualifiedApiName"]: one for one in asked(org, by_object.format(filtered))}
        assert rows["Loan__c"]["DataType"] == "Currency(16, 2)"
        assert rows["LastName"]["EntityDefinition"]["Label"] == "Lead"
    assert error(org.get("/tooling/query/", q="SELECT Id FROM FieldDefinition")) == (400, "MALFORMED_QUERY")
    objects = asked(org, "SELECT QualifiedApiName FROM EntityDefinition WHERE IsCustomizable = true")
    assert {"Lead", "Contact"} <= {one["QualifiedApiName"] for one in objects}


def test_standard_value_sets_can_be_read(org: Org) -> None:
    row = asked(org, "SELECT Metadata FROM StandardValueSet WHERE MasterLabel = 'OpportunityStage'")[0]
    won = next(one for one in row["Metadata"]["standardValue"] if one["won"])
    assert (won["valueName"], won["closed"], won["probability"]) == ("Closed Won", True, 100)


def test_a_user_who_may_not_customise(org: Org) -> None:
    org.sandbox.configure(may_customize=False)
    answer = org.post(FIELD, {"FullName": "Lead.Loan__c", "Metadata": AMOUNT})
    assert error(answer) == (403, "INSUFFICIENT_ACCESS")
    answer = org.post("/sobjects/PermissionSet", {"Name": "F", "Label": "F"})
    assert error(answer) == (403, "INSUFFICIENT_ACCESS_OR_READONLY")
