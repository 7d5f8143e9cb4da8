"""POST /contacts/search: filters, sorting, paging, and an index that lags; and the old list."""

from __future__ import annotations

import pytest

from tests.sandbox.highlevel.location import ANA, BEN, Json, Location, where
from tests.sandbox.hub import Clock


@pytest.fixture
def two(location: Location, clock: Clock) -> tuple[str, str]:
    """Ana, and Ben a minute later."""
    need = location.field("Need")
    values = [{"id": need["id"], "field_value": "Purchase"}]
    ana = location.contact(**ANA, tags=["lead", "hot"], city="Toronto", customFields=values)
    clock.now += 60
    return ana, location.contact(**BEN, tags=["lead"])


def test_filters_compare_without_case(location: Location, two: tuple[str, str]) -> None:
    ana, ben = two
    need = location.sandbox.state.fields.list("contact")[0].id
    assert location.found(where("email", "eq", "ANA@example.com")) == [ana]
    assert location.found(where("email", "not_eq", "ana@example.com")) == [ben]
    assert location.found(where("phone", "eq", ["+14165550188", "+14165550199"])) == [ben]
    assert location.found(where("tags", "eq", "Hot")) == [ana]
    assert location.found(where("tags", "contains", "lead")) == [ben, ana]
    assert location.found(where("email", "contains", "EN@")) == [ben]
    assert location.found(where("email", "not_contains", "en@")) == [ana]
    assert location.found(where("city", "exists")) == [ana]
    assert location.found(where("city", "not_exists")) == [ben]
    assert location.found(where(f"customFields.{need}", "eq", "purchase")) == [ana]
    assert location.found(where("lastNameLowerCase", "eq", "weiss"), where("city", "exists")) == []
    assert location.found(where("dnd", "eq", False)) == [ben, ana]


def test_groups_and_ranges(location: Location, two: tuple[str, str], clock: Clock) -> None:
    ana, ben = two
    either = [where("email", "eq", ANA["email"]), where("phone", "eq", BEN["phone"])]
    assert location.found({"group": "OR", "filters": either}) == [ben, ana]
    assert location.found({"group": "AND", "filters": either}) == []
    nested = {"group": "OR", "filters": [{"group": "AND", "filters": either}, either[0]]}
    assert location.found(nested) == [ana]
    now = int(clock.now * 1000)
    assert location.found(where("dateAdded", "range", {"gte": now})) == [ben]
    assert location.found(where("dateUpdated", "range", {"gt": now - 120_000, "lt": now})) == [ana]
    later = location.read(ben)["dateAdded"]
    assert location.found(where("dateAdded", "range", {"lt": later})) == [ana]
    assert location.found(where("city", "range", {"lt": 5})) == []


def test_free_words_look_at_names_and_addresses(location: Location, two: tuple[str, str]) -> None:
    ana, ben = two
    assert location.found(query="lopez") == location.found(query="5550123") == [ana]
    assert location.found(query="weiss") == [ben]


def test_pages_and_cursors(location: Location, two: tuple[str, str]) -> None:
    ana, ben = two
    oldest_first = [{"field": "dateAdded", "direction": "asc"}]
    first = location.search(sort=oldest_first, pageLimit=1).json()
    assert (first["contacts"][0]["id"], first["total"]) == (ana, 2)
    cursor = first["contacts"][0]["searchAfter"]
    assert location.found(sort=oldest_first, pageLimit=1, searchAfter=cursor) == [ben]
    assert location.found(pageLimit=1, page=2) == [ana]
    by_name = [{"field": "firstNameLowerCase", "direction": "desc"}]
    top = location.search(sort=by_name, pageLimit=1).json()["contacts"][0]
    assert top["searchAfter"] == ["ben", ben]
    assert location.found(sort=by_name, searchAfter=top["searchAfter"]) == [ana]


@pytest.mark.parametrize(
    ("more", "status", "problem"),
    [
        ({"pageLimit": 501}, 422, "pageLimit must not be greater than 500"),
        ({"page": 0}, 422, "page must not be less than 1"),
        ({"pageLimit": 500, "page": 21}, 400, "Page mode ends at 10000 records"),
        ({"query": "x" * 76}, 422, "query must be shorter than or equal to 75"),
        ({"filters": [where("email", "eq", "x" * 76)]}, 422, "shorter than or equal to 75"),
        ({"filters": [where("shoeSize", "eq", "9")]}, 422, "Invalid field in filters: shoeSize"),
        ({"filters": [where("email", "is", "9")]}, 422, "Invalid operator in filters: is"),
        ({"filters": [where("dateAdded", "range", {"from": 9})]}, 422, "gt, gte, lt or lte"),
        ({"filters": [where("dateAdded", "range", {"gt": "soon"})]}, 422, "must hold dates or numbers"),
        ({"filters": [{"group": "XOR", "filters": []}]}, 422, "must be AND or OR"),
        ({"filters": ["x"]}, 422, "each value in filters must be an object"),
        ({"sort": [{"field": "email", "direction": "up"}]}, 422, "Invalid sort"),
        ({"searchAfter": [1]}, 422, "searchAfter must be"),
        ({"limit": 5}, 422, "property limit should not exist"),
    ],
)
def test_a_wrong_search_is_explained(location: Location, more: Json, status: int, problem: str) -> None:
    answer = (
        location.search(**{"filters": [], **more})
        if "filters" not in more
        else location.post("/contacts/search", {"locationId": location.id, "pageLimit": 5, **more})
    )
    assert (answer.status_code, problem in str(answer.json()["message"])) == (status, True)


def test_a_page_limit_is_needed(location: Location) -> None:
    answer = location.post("/contacts/search", {"locationId": location.id})
    assert answer.json()["message"][0] == "pageLimit should not be empty"


def test_writes_are_found_when_the_index_has_seen_them(location: Location, clock: Clock) -> None:
    location.sandbox.configure(search_delay=2)
    ana = location.contact(**ANA)
    assert location.found(where("email", "eq", ANA["email"])) == []
    clock.now += 2
    assert location.found(where("email", "eq", ANA["email"])) == [ana]
    location.put(f"/contacts/{ana}", {"email": "new@example.com"})
    assert location.found(where("email", "eq", ANA["email"])) == [ana]
    clock.now += 2
    assert location.found(where("email", "eq", ANA["email"])) == []
    location.delete(f"/contacts/{ana}")
    assert location.found() == []


def test_the_old_list_goes_on_after_a_contact(location: Location, two: tuple[str, str]) -> None:
    ana, ben = two
    first = location.get("/contacts/", locationId=location.id, limit="1").json()
    assert ([one["id"] for one in first["contacts"]], first["count"]) == ([ben], 2)
    after = {name: str(first["meta"][name]) for name in ("startAfter", "startAfterId")}
    second = location.get("/contacts/", locationId=location.id, **after).json()
    assert [one["id"] for one in second["contacts"]] == [ana]
    assert location.get("/contacts/", locationId=location.id, page="1").status_code == 422
