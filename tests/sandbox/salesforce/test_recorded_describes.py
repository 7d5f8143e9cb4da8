"""The sandbox's describes, held against answers of real orgs recorded by the cumulusci project."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.sandbox.salesforce.catalog.loader import person_account_fields
from tests.sandbox.salesforce.org import Org

ABSENT = "cumulusci is not installed: it brings the recorded answers of real orgs"
SWITCHES = (
    "type",
    "length",
    "precision",
    "scale",
    "nillable",
    "createable",
    "updateable",
    "defaultedOnCreate",
    "externalId",
    "unique",
    "idLookup",
    "calculated",
    "restrictedPicklist",
    "referenceTo",
    "relationshipName",
    "soapType",
    "custom",
    "nameField",
    "compoundFieldName",
    "filterable",
    "sortable",
    "groupable",
    "permissionable",
)
KINDS = ("Lead", "Contact", "Account", "Opportunity", "OpportunityContactRole")


def recording(name: str) -> dict[str, Any]:
    """The JSON of a recorded answer; the test is skipped where the recordings are absent."""
    try:
        paths = files("cumulusci") or []
    except PackageNotFoundError:
        pytest.skip(ABSENT)
    path = next((Path(str(one.locate())) for one in paths if one.name == f"GET_sobjects_{name}.yaml"), None)
    assert path is not None, f"the installed cumulusci holds no recording of {name}"
    body: dict[str, Any] = json.loads(yaml.safe_load(path.read_text("utf-8"))["response"]["body"]["string"])
    return body


def differences(kind: str, ours: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    """Every switch of a shared field that is not as recorded."""
    real = {one["name"]: one for one in theirs["fields"]}
    shared = [one for one in ours["fields"] if one["name"] in real]
    return [
        f"{kind}.{one['name']}: {switch} is {one[switch]!r}, recorded {real[one['name']][switch]!r}"
        for one in shared
        for switch in SWITCHES
        if one[switch] != real[one["name"]][switch]
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_fields_are_as_recorded(org: Org, kind: str) -> None:
    theirs = recording(f"{kind}_describe")
    ours = org.get(f"/sobjects/{kind}/describe").json()
    real = {one["name"] for one in theirs["fields"]}
    assert {one["name"] for one in ours["fields"]} <= real
    assert differences(kind, ours, theirs) == []


@pytest.mark.parametrize("kind", KINDS)
def test_keys_are_those_of_a_real_org(org: Org, kind: str) -> None:
    theirs = recording(f"{kind}_describe")
    ours = org.get(f"/sobjects/{kind}/describe").json()
    assert ours["fields"][0].keys() == theirs["fields"][0].keys()
    assert ours["fields"][0]["picklistValues"] == []
    assert theirs.keys() <= ours.keys()
    for name in ("keyPrefix", "label", "labelPlural", "mergeable", "createable", "deletable", "undeletable"):
        assert ours[name] == theirs[name], name
    for one in ours["childRelationships"]:
        assert one.keys() == theirs["childRelationships"][0].keys()


def test_a_person_accounts_fields_are_as_recorded(person_org: Org) -> None:
    theirs = recording("Account_PersonAccount_describe")
    ours = person_org.get("/sobjects/Account/describe").json()
    added = {one.name for one in person_account_fields()}
    standard = {**ours, "fields": [one for one in ours["fields"] if one["name"] in added]}
    assert len(standard["fields"]) == len(added)
    assert differences("Account", standard, theirs) == []


def test_the_global_describe_is_as_recorded(org: Org) -> None:
    theirs = recording("Global_describe")
    ours = org.get("/sobjects").json()
    real = {one["name"]: one for one in theirs["sobjects"]}
    assert ours.keys() == theirs.keys()
    assert ours["sobjects"][0].keys() == theirs["sobjects"][0].keys()
    assert ours["maxBatchSize"] == theirs["maxBatchSize"]
    shared = [one for one in ours["sobjects"] if one["name"] in real]
    assert {"Account", "Contact", "Lead", "Opportunity"} <= {one["name"] for one in shared}
