"""Describes: which objects and fields there are, and what their switches mean for writes."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.sandbox.salesforce import RecordTypeSeed, SandboxOptions, StageSeed, start
from tests.sandbox.salesforce.org import LEAD, Org, error


def fields(org: Org, kind: str) -> dict[str, dict[str, Any]]:
    """The fields of an object by name."""
    return {one["name"]: one for one in org.get(f"/sobjects/{kind}/describe").json()["fields"]}


@pytest.mark.parametrize(
    ("kind", "prefix", "required"),
    [
        ("Lead", "00Q", {"LastName", "Company"}),
        ("Contact", "003", {"LastName"}),
        ("Account", "001", {"Name"}),
        ("Opportunity", "006", {"Name", "StageName", "CloseDate"}),
        ("OpportunityContactRole", "00K", {"OpportunityId", "ContactId"}),
        ("Task", "00T", set()),
    ],
)
def test_an_object_says_what_it_needs(org: Org, kind: str, prefix: str, required: set[str]) -> None:
    body = org.get(f"/sobjects/{kind}/describe").json()
    assert (body["name"], body["keyPrefix"], body["createable"]) == (kind, prefix, True)
    needed = {
        one["name"]
        for one in body["fields"]
        if one["createable"] and not one["nillable"] and not one["defaultedOnCreate"]
    }
    assert needed == required
    assert all(len(one) == 57 for one in body["fields"])


def test_the_global_describe_lists_every_object(org: Org) -> None:
    body = org.get("/sobjects").json()
    names = {one["name"]: one for one in body["sobjects"]}
    assert (body["encoding"], body["maxBatchSize"]) == ("UTF-8", 200)
    assert {"Lead", "Task", "User", "Group", "RecordType", "FieldPermissions"} <= names.keys()
    assert names["User"]["createable"] is False
    assert org.get(names["Lead"]["urls"]["describe"].removeprefix("/services/data/v62.0")).status_code == 200


def test_versions_are_listed(org: Org) -> None:
    found = {one["version"]: one["label"] for one in org.call("GET", "/services/data").json()}
    assert (found["59.0"], found["60.0"], found["67.0"]) == ("Winter '24", "Spring '24", "Summer '26")
    assert org.get("/").json()["sobjects"] == "/services/data/v62.0/sobjects"


def test_opt_outs_are_hidden_until_they_are_granted(org: Org) -> None:
    assert not {"HasOptedOutOfEmail", "DoNotCall", "HasOptedOutOfFax"} & fields(org, "Lead").keys()
    assert error(org.post("/sobjects/Lead", {**LEAD, "DoNotCall": True})) == (400, "INVALID_FIELD")
    org.sandbox.configure(opt_out_fields=True)
    assert {"HasOptedOutOfEmail", "DoNotCall"} <= fields(org, "Contact").keys()
    assert org.stored(org.lead(DoNotCall=True))["DoNotCall"] is True


def test_stages_and_record_types_come_from_the_options(org: Org) -> None:
    stages = (StageSeed("Application", 20), StageSeed("Funded", 100, "Closed", closed=True, won=True))
    types = (RecordTypeSeed("Opportunity", "Mortgage", "Mortgage"),)
    with start(options=SandboxOptions.instant(stages=stages, record_types=types)) as sandbox:
        own = Org(sandbox)
        described = own.get("/sobjects/Opportunity/describe").json()
        stage = next(one for one in described["fields"] if one["name"] == "StageName")
        assert [one["value"] for one in stage["picklistValues"]] == ["Application", "Funded"]
        assert stage["restrictedPicklist"] is False
        assert [one["developerName"] for one in described["recordTypeInfos"]] == ["Mortgage", "Master"]
        found = own.soql(
            "SELECT ApiName, IsWon, DefaultProbability FROM OpportunityStage WHERE IsClosed = true"
        )
        assert [one["ApiName"] for one in found["records"]] == ["Funded"]
        assert own.stored(own.deal(StageName="Funded"))["IsWon"] is True
        own.session.close()


def test_a_picklist_that_was_restricted_says_so(org: Org) -> None:
    assert fields(org, "Lead")["Status"]["restrictedPicklist"] is False
    org.sandbox.configure(restricted_picklists=["Lead.Status"])
    assert fields(org, "Lead")["Status"]["restrictedPicklist"] is True


def test_users_queues_and_the_organisation_can_be_asked_for(org: Org) -> None:
    users = org.soql(
        "SELECT Id, Email, IsActive, TimeZoneSidKey FROM User WHERE IsActive = true ORDER BY Email"
    )
    assert [one["Email"].partition("@")[0] for one in users["records"]] == [
        "firstpath.integration",
        "luis",
        "maya",
    ]
    queue = org.soql("SELECT Id, Name, DeveloperName FROM Group WHERE Type = 'Queue'")["records"][0]
    allowed = org.found("SELECT SobjectType FROM QueueSobject WHERE QueueId = ?", queue["Id"])
    assert (queue["DeveloperName"], allowed) == ("Web_leads", ["Lead", "Task"])
    own = org.soql("SELECT Id, Name, IsSandbox, InstanceName FROM Organization")["records"][0]
    assert own["Id"].startswith("00D")


def test_an_object_is_reached_by_its_children(org: Org) -> None:
    children = org.get("/sobjects/Contact/describe").json()["childRelationships"]
    assert ("Task", "WhoId", "Tasks") in [
        (c["childSObject"], c["field"], c["relationshipName"]) for c in children
    ]
