"""Single records: create, read, change, delete, ids and stamps."""

from __future__ import annotations

import re

import pytest

from connectors.sandbox.salesforce.ids import checksum, full_id
from tests.sandbox.hub import Clock
from tests.sandbox.salesforce.org import LEAD, Org, error


@pytest.mark.parametrize(
    "known",
    [
        "0017e00001W4GYRAA3",
        "0037e00001WZ30qAAD",
        "0067e00000K8i71AAB",
        "0035500001H9cakAAB",
        "00554000003GV2nAAG",
    ],
)
def test_the_checksum_is_that_of_recorded_ids(known: str) -> None:
    assert full_id(known[:15]) == known == known[:15] + checksum(known[:15])
    assert full_id(known[:15] + "ZZZ") is None


@pytest.mark.parametrize(
    ("kind", "prefix"),
    [("Lead", "00Q"), ("Contact", "003"), ("Account", "001"), ("Opportunity", "006"), ("Task", "00T")],
)
def test_ids_have_18_characters_and_the_prefix_of_their_kind(org: Org, kind: str, prefix: str) -> None:
    fields = {
        "Lead": LEAD,
        "Contact": {"LastName": "Roy"},
        "Account": {"Name": "Roys"},
        "Opportunity": {"Name": "P", "StageName": "Prospecting", "CloseDate": "2026-06-01"},
        "Task": {"Subject": "Call"},
    }[kind]
    made = [org.create(kind, **fields) for _ in range(3)]
    assert sorted(made) == made
    assert all(one.startswith(prefix) and full_id(one) == one and len(one) == 18 for one in made)


def test_a_record_comes_and_goes(org: Org) -> None:
    answer = org.post("/sobjects/Lead/", {**LEAD, "Email": "ada@example.com"})
    assert (answer.status_code, answer.json()) == (
        201,
        {"id": answer.json()["id"], "success": True, "errors": []},
    )
    path = f"/sobjects/Lead/{answer.json()['id']}"
    shown = org.get(path).json()
    assert (shown["Name"], shown["Status"], shown["IsConverted"]) == ("Roy", "Open - Not Contacted", False)
    assert shown["attributes"]["url"].endswith(path)
    changed = org.patch(path, {"FirstName": "Ada", "Email": None})
    assert (changed.status_code, changed.content) == (204, b"")
    few = org.get(path, fields="Name,Email").json()
    assert (few["Name"], few["Email"], "Company" in few) == ("Ada Roy", None, False)
    assert org.call("DELETE", path).status_code == 204
    for method in ("GET", "PATCH", "DELETE"):
        assert error(org.call(method, path, {} if method == "PATCH" else None)) == (404, "ENTITY_IS_DELETED")


def test_stamps_say_who_and_when_in_whole_seconds(org: Org, clock: Clock) -> None:
    lead = org.lead()
    born = org.stored(lead)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000", born["CreatedDate"])
    assert born["CreatedById"] == born["OwnerId"] == org.sandbox.state.integration_user
    clock.now += 60
    org.patch(f"/sobjects/Lead/{lead}", {"Company": "Ada Roy"})  # equal values move the stamps too
    later = org.stored(lead)
    assert later["CreatedDate"] == born["CreatedDate"] < later["SystemModstamp"] == later["LastModifiedDate"]


def test_names_mind_no_case_and_ids_may_be_short(org: Org) -> None:
    lead = org.create("lead", lastname="Roy", COMPANY="Roys")
    assert org.get(f"/sobjects/LEAD/{lead[:15]}").json()["Company"] == "Roys"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/sobjects/Nonsense", (404, "NOT_FOUND")),
        ("/nonsense", (404, "NOT_FOUND")),
        ("/actions/standard/convertLead", (404, "NOT_FOUND")),
        ("/sobjects/Lead/xyz", (404, "NOT_FOUND")),
        ("/sobjects/Lead/00Q5j00000000zzEAC", (404, "NOT_FOUND")),
        ("/sobjects/Lead/0017e00001W4GYRAA3", (400, "MALFORMED_ID")),
        ("/services/data/v30.0/limits", (410, "UNSUPPORTED_API_VERSION")),
        ("/services/data/v99.0/limits", (404, "NOT_FOUND")),
    ],
)
def test_what_is_not_there(org: Org, path: str, expected: tuple[int, str]) -> None:
    assert error(org.get(path)) == expected


def test_bodies_that_are_none(org: Org) -> None:
    url = org.sandbox.url + "/services/data/v62.0/sobjects/Lead"
    json_type = {"Content-Type": "application/json"}
    for content in ("{", "", "[1]"):
        answer = org.session.post(url, data=content, headers=json_type, timeout=10)
        assert error(answer) == (400, "JSON_PARSER_ERROR")
    answer = org.session.post(url, data="a=1", headers={"Content-Type": "text/plain"}, timeout=10)
    assert error(answer) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert error(org.call("PUT", "/sobjects/Lead", {})) == (405, "METHOD_NOT_ALLOWED")


def test_ids_stand_in_the_address_only(org: Org) -> None:
    lead = org.lead()
    assert error(org.patch(f"/sobjects/Lead/{lead}", {"Id": lead})) == (400, "INVALID_FIELD")
    assert error(org.post("/sobjects/Lead", {**LEAD, "Id": lead})) == (400, "INVALID_FIELD_FOR_INSERT_UPDATE")


def test_an_update_can_wait_for_an_unchanged_record(org: Org, clock: Clock) -> None:
    lead = org.lead()
    clock.now += 100
    org.patch(f"/sobjects/Lead/{lead}", {"City": "Ottawa"})
    past = "Tue, 25 Feb 2020 08:00:00 GMT"
    answer = org.patch(f"/sobjects/Lead/{lead}", {"City": "Hull"}, If_Unmodified_Since=past)
    assert error(answer) == (412, "PRECONDITION_FAILED")


def test_what_changed_and_what_was_deleted_within_a_span(org: Org, clock: Clock) -> None:
    old = org.lead()
    clock.now += 3600
    changed, deleted = org.lead(), org.lead()
    org.call("DELETE", f"/sobjects/Lead/{deleted}")
    span = {"start": "2020-01-01T00:00:00+00:00", "end": "2040-01-01T00:00:00+00:00"}
    assert org.get("/sobjects/Lead/updated/", **span).json()["ids"] == [old, changed]
    gone = org.get("/sobjects/Lead/deleted/", **span).json()
    assert [one["id"] for one in gone["deletedRecords"]] == [deleted]
    late = {**span, "start": org.stored(changed)["SystemModstamp"]}
    assert org.get("/sobjects/Lead/updated/", **late).json()["ids"] == [changed]
    assert error(org.get("/sobjects/Lead/updated/")) == (400, "INVALID_REPLICATION_DATE")
