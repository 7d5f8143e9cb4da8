"""Searching opportunities: snake_case names, pages, typed custom fields, and an index that lags."""

from __future__ import annotations

import pytest

from tests.sandbox.highlevel.location import ANA, BEN, Json, Location
from tests.sandbox.hub import Clock

SEARCH = "/opportunities/search"


def page(location: Location, **query: str) -> Json:
    """A page that must be answered."""
    answer = location.get(SEARCH, location_id=location.id, **query)
    assert answer.status_code == 200, answer.text
    body: Json = answer.json()
    return body


def ids(location: Location, **query: str) -> list[str]:
    """What a search finds."""
    return [one["id"] for one in page(location, **query)["opportunities"]]


@pytest.fixture
def two(location: Location, clock: Clock) -> tuple[str, str]:
    """Ana's open card and, a day later, Ben's lost one."""
    first = location.opportunity(location.contact(**ANA))
    clock.now += 86_400
    second = location.opportunity(location.contact(**BEN), name="Renewal", status="lost")
    return first, second


def test_every_parameter_narrows(location: Location, two: tuple[str, str]) -> None:
    first, second = two
    ana, ben = location.sandbox.state.records("contacts")
    assert ids(location) == [second, first]
    assert ids(location, contact_id=ana) == [first]
    assert ids(location, contact_id=ana, pipeline_id=location.pipeline.id) == [first]
    assert ids(location, contact_id=ana, pipeline_id="x") == []
    assert ids(location, contact_id=ben, status="open") == []
    assert ids(location, status="lost") == [second]
    assert ids(location, status="all", order="added_asc") == [second, first]
    assert ids(location, pipeline_stage_id=location.pipeline.stage_id("New")) == [second, first]
    assert ids(location, q="weiss") == [second]
    assert ids(location, id=first) == [first]
    assert ids(location, assigned_to="x") == []


def test_dates_are_days_month_first(location: Location, clock: Clock) -> None:
    clock.now = 1_772_000_000.0
    one = location.opportunity(location.contact(**ANA))
    assert ids(location, date="02-25-2026", endDate="02-25-2026") == [one]
    assert ids(location, date="02-26-2026") == ids(location, endDate="02-24-2026") == []
    assert location.get(SEARCH, location_id=location.id, date="2026-02-25").status_code == 422


def test_a_row_holds_the_contact_and_typed_fields(location: Location) -> None:
    amount = location.field("Loan amount", "MONETORY", model="opportunity")
    need = location.field("Need", "CHECKBOX", model="opportunity")
    values = [{"id": amount["id"], "field_value": 5}, {"id": need["id"], "field_value": ["a"]}]
    location.opportunity(location.contact(**ANA), customFields=values)
    (row,) = page(location)["opportunities"]
    assert (row["contact"]["name"], row["contact"]["email"]) == ("Ana Lopez", "ana@example.com")
    assert row["customFields"] == [
        {"id": amount["id"], "type": "number", "fieldValueNumber": 5},
        {"id": need["id"], "type": "array", "fieldValueArray": ["a"]},
    ]


def test_pages_go_on_by_number_or_by_cursor(location: Location, two: tuple[str, str]) -> None:
    first, second = two
    top = page(location, limit="1")
    assert (top["opportunities"][0]["id"], top["meta"]["total"], top["meta"]["nextPage"]) == (second, 2, 2)
    after = {"startAfter": str(top["meta"]["startAfter"]), "startAfterId": top["meta"]["startAfterId"]}
    assert ids(location, limit="1", **after) == ids(location, limit="1", page="2") == [first]
    last = page(location, limit="1", page="2")["meta"]
    assert (last["nextPage"], last["prevPage"], last["startAfterId"]) == (None, 1, None)
    assert location.session.get(top["meta"]["nextPageUrl"], timeout=5).json()["meta"]["total"] == 2


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({"locationId": "x"}, "property locationId should not exist"),
        ({"sortBy": "x"}, "property sortBy should not exist"),
        ({"limit": "101"}, "limit must be a number between 1 and 100"),
        ({"status": "new"}, "status must be one of the following values"),
    ],
)
def test_wrong_parameters_are_explained(location: Location, query: dict[str, str], problem: str) -> None:
    if "locationId" in query:
        query = {"locationId": location.id}
    answer = location.get(SEARCH, location_id=location.id, **query)
    assert (answer.status_code, problem in answer.json()["message"][0]) == (422, True)


def test_the_location_is_needed(location: Location) -> None:
    message = location.get(SEARCH).json()["message"]
    assert message == ["location_id should not be empty", "location_id must be a string"]


def test_the_index_lags_behind(location: Location, clock: Clock) -> None:
    location.sandbox.configure(search_delay=2)
    one = location.opportunity(location.contact(**ANA))
    assert ids(location) == []
    assert location.get(f"/opportunities/{one}").status_code == 200
    clock.now += 2
    assert ids(location) == [one]
    location.delete(f"/opportunities/{one}")
    assert ids(location) == []


def test_the_search_by_body_takes_filters(location: Location, two: tuple[str, str]) -> None:
    first, second = two

    def found(*filters: Json, **more: object) -> list[str]:
        answer = location.post(SEARCH, {"locationId": location.id, "filters": list(filters), **more})
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["opportunities"]]

    ana = next(iter(location.sandbox.state.records("contacts")))
    assert found() == [second, first]
    assert found({"field": "contact_id", "operator": "eq", "value": ana}) == [first]
    either = [{"field": "status", "operator": "eq", "value": value} for value in ("won", "lost")]
    assert found({"group": "OR", "filters": either}) == [second]
    assert found(query="renewal") == [second]
    assert found(limit=1, page=2) == [first]
    assert location.post(SEARCH, {"locationId": location.id, "limit": 900}).status_code == 422
    wrong = {"locationId": location.id, "filters": [{"field": "x", "operator": "eq", "value": 1}]}
    assert location.post(SEARCH, wrong).status_code == 422
