"""Search: the index delay, operators, limits of a request, and what an index must never change."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sandbox.hubspot.properties import Properties
from connectors.sandbox.hubspot.search import parse_query, run
from connectors.sandbox.hubspot.search_filters import matches
from connectors.sandbox.hubspot.search_index import SearchIndex
from tests.sandbox.hub import DEAL, OBJECTS, Clock, Hub, where


def test_a_new_record_is_found_only_after_the_index_delay(hub: Hub, clock: Clock) -> None:
    hub.sandbox.configure(search_delay=2)
    contact = hub.contact(email="ana@example.com")
    ana = where("email", "EQ", "ana@example.com")
    assert hub.found("contacts", ana) == []
    clock.now += 1.9
    assert hub.found("contacts", ana) == []
    clock.now += 0.2
    assert hub.found("contacts", ana) == [contact]


def test_a_change_is_seen_only_after_the_index_delay(hub: Hub, clock: Clock) -> None:
    contact = hub.contact(email="ana@example.com")
    assert hub.found("contacts", where("email", "EQ", "ana@example.com")) == [contact]
    hub.sandbox.configure(search_delay=2)
    hub.patch("contacts", contact, email="new@example.com")
    assert hub.found("contacts", where("email", "EQ", "ana@example.com")) == [contact]
    clock.now += 2
    assert hub.found("contacts", where("email", "EQ", "ana@example.com")) == []
    assert hub.found("contacts", where("email", "EQ", "new@example.com")) == [contact]


def test_an_archived_record_is_never_found(hub: Hub, clock: Clock) -> None:
    hub.sandbox.configure(search_delay=2)
    contact = hub.contact(email="ana@example.com")
    hub.call("DELETE", f"{OBJECTS}/contacts/{contact}")
    clock.now += 10
    assert hub.found("contacts") == []


PEOPLE: list[dict[str, str]] = [
    {"firstname": "Ana", "email": "ana@example.com", "phone": "+1 (416) 555-0101", "lifecyclestage": "lead"},
    {
        "firstname": "Ben",
        "email": "ben@example.com",
        "hs_additional_emails": "b@x.example.com;c@x.example.com",
    },
    {"firstname": "Cem", "city": "Toronto", "mobilephone": "4165550103"},
]
CASES = [
    ([where("email", "EQ", "ANA@example.com")], ["Ana"]),
    ([where("email", "NEQ", "ana@example.com")], ["Ben", "Cem"]),
    ([where("email", "IN", values=["ana@example.com", "ben@example.com"])], ["Ana", "Ben"]),
    ([where("email", "IN", values=["ANA@example.com"])], []),
    ([where("email", "NOT_IN", values=["ana@example.com"])], ["Ben", "Cem"]),
    ([where("email", "HAS_PROPERTY")], ["Ana", "Ben"]),
    ([where("email", "NOT_HAS_PROPERTY")], ["Cem"]),
    ([where("email", "CONTAINS_TOKEN", "ana")], ["Ana"]),
    ([where("email", "CONTAINS_TOKEN", "*n@example.com")], ["Ben"]),
    ([where("email", "NOT_CONTAINS_TOKEN", "ana")], ["Ben", "Cem"]),
    ([where("email", "EQ", "c@x.example.com")], []),
    ([where("hs_additional_emails", "EQ", "c@x.example.com")], ["Ben"]),
    ([where("lifecyclestage", "EQ", "lead")], ["Ana"]),
    ([where("lifecyclestage", "EQ", "LEAD")], []),
    ([where("phone", "EQ", "4165550101")], ["Ana"]),
    ([where("phone", "EQ", "(416) 555-0101")], ["Ana"]),
    ([where("phone", "EQ", "+14165550101")], []),
    ([where("hs_searchable_calculated_mobile_number", "EQ", "4165550103")], ["Cem"]),
    ([where("firstname", "GT", "Ben")], ["Cem"]),
    ([where("firstname", "LTE", "Ben")], ["Ana", "Ben"]),
    ([where("firstname", "BETWEEN", "b", highValue="c")], ["Ben"]),
    ([where("email", "HAS_PROPERTY"), where("firstname", "EQ", "ben")], ["Ben"]),
]


@pytest.mark.parametrize(("filters", "names"), CASES)
def test_operators_mean_what_hubspot_says(hub: Hub, filters: list[Any], names: list[str]) -> None:
    people = hub.post("/_sandbox/seed", {"contacts": PEOPLE}).json()["contacts"]
    found = [people.index(one) for one in hub.found("contacts", *filters)]
    assert [PEOPLE[one]["firstname"] for one in found] == names


@pytest.mark.parametrize(
    ("condition", "amounts"),
    [
        (where("amount", "EQ", "500000"), ["500000.0"]),
        (where("amount", "GTE", "99000"), ["99000", "500000.0"]),
        (where("amount", "LT", "100000"), ["9", "99000"]),
        (where("closedate", "GT", "1772409600000"), ["500000.0"]),
        (where("closedate", "LTE", "2026-03-02"), ["9", "99000"]),
        (where("createdate", "LT", "0"), []),
    ],
)
def test_numbers_and_moments_are_compared_as_such(hub: Hub, condition: Any, amounts: list[str]) -> None:
    for amount, day in (("9", "2026-03-01"), ("99000", "2026-03-02"), ("500000.0", "2026-03-03")):
        hub.create("deals", **{**DEAL, "amount": amount, "closedate": day})
    found = hub.search("deals", condition, properties=["amount"]).json()["results"]
    assert [one["properties"]["amount"] for one in found] == amounts


def test_groups_are_alternatives(hub: Hub) -> None:
    people = hub.post("/_sandbox/seed", {"contacts": PEOPLE}).json()["contacts"]
    any_email = [
        {"filters": [where(name, "EQ", "b@x.example.com")]} for name in ("email", "hs_additional_emails")
    ]
    body = {"filterGroups": any_email, "properties": [], "sorts": [], "limit": 10, "after": "0"}
    answer = hub.post(f"{OBJECTS}/contacts/search", body).json()
    assert (answer["total"], answer["results"][0]["id"]) == (1, people[1])


def test_tasks_are_found_by_the_contact_they_belong_to(hub: Hub) -> None:
    contact, task = hub.contact(firstname="Ana"), hub.task()
    hub.task()
    hub.call("PUT", f"/crm/v4/objects/tasks/{task}/associations/default/contacts/{contact}")
    assert hub.found("tasks", where("associations.contact", "EQ", contact)) == [task]


def test_words_are_looked_for_in_the_usual_properties(hub: Hub) -> None:
    people = hub.post("/_sandbox/seed", {"contacts": PEOPLE}).json()["contacts"]
    assert hub.found("contacts", query="ben example") == [people[1]]


@pytest.mark.parametrize(
    ("sorts", "names"),
    [
        (["firstname"], ["Ana", "Ben", "Cem"]),
        ([{"propertyName": "firstname", "direction": "DESCENDING"}], ["Cem", "Ben", "Ana"]),
    ],
)
def test_results_are_sorted_as_asked(hub: Hub, sorts: list[Any], names: list[str]) -> None:
    hub.post("/_sandbox/seed", {"contacts": PEOPLE})
    results = hub.search("contacts", sorts=sorts, properties=["firstname"]).json()["results"]
    assert [one["properties"]["firstname"] for one in results] == names


def test_pages_follow_each_other_and_the_last_has_no_paging(hub: Hub) -> None:
    people = hub.post("/_sandbox/seed", {"contacts": PEOPLE}).json()["contacts"]
    first = hub.search("contacts", limit=2).json()
    assert (first["total"], [one["id"] for one in first["results"]]) == (3, people[:2])
    last = hub.search("contacts", limit=2, after=first["paging"]["next"]["after"]).json()
    assert [one["id"] for one in last["results"]] == people[2:]
    assert "paging" not in last


FILTER = where("email", "HAS_PROPERTY")


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 201},
        {"limit": 10, "after": "9991"},
        {"after": "-1"},
        {"filterGroups": [{"filters": [FILTER]}] * 6},
        {"filterGroups": [{"filters": [FILTER] * 7}]},
        {"filterGroups": [{"filters": [FILTER] * 6}] * 3 + [{"filters": [FILTER]}]},
        {"filterGroups": [{"filters": [where("nonsense", "EQ", "x")]}]},
        {"filterGroups": [{"filters": [where("email", "LIKE", "x")]}]},
        {"filterGroups": [{"filters": [where("email", "EQ")]}]},
        {"filterGroups": [{"filters": [where("email", "IN", "x")]}]},
        {"filterGroups": [{"filters": [where("amount", "BETWEEN", "1")]}]},
        {"sorts": ["email", "firstname"]},
        {"query": "x" * 3000},
    ],
)
def test_a_search_beyond_hubspots_limits_is_refused(hub: Hub, body: dict[str, Any]) -> None:
    answer = hub.post(f"{OBJECTS}/contacts/search", body)
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "email": st.sampled_from(["a@example.com", "b@example.com"]),
        "hs_additional_emails": st.sampled_from(["a@example.com", "b@example.com;c@example.com"]),
        "phone": st.sampled_from(["+14165550101", "416-555-0102"]),
        "firstname": st.sampled_from(["Ana", "BEN"]),
    },
)
CRITERIA = st.tuples(
    st.sampled_from(["email", "hs_additional_emails", "phone", "firstname"]),
    st.sampled_from(["a@example.com", "c@example.com", "4165550101", "14165550101", "ben"]),
    st.booleans(),
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("123"), st.none() | VALUES), max_size=8),
    st.lists(CRITERIA, min_size=1, max_size=3),
)
def test_the_value_index_finds_exactly_what_reading_everything_finds(
    writes: list[tuple[str, dict[str, str] | None]], criteria: list[tuple[str, str, bool]]
) -> None:
    properties = Properties("contacts")
    index = SearchIndex(lambda: 0.0, lambda: 0.0)
    filters = [
        where(name, "IN", values=[value]) if listed else where(name, "EQ", value)
        for name, value, listed in criteria
    ]
    query = parse_query({"filterGroups": [{"filters": filters}]}, 0, properties)
    for record_id, values in writes:
        if values is None:
            index.remove(record_id)
        else:
            index.schedule(record_id, values)
        index.refresh()
        every = [
            one for one, held in index.documents.items() if all(matches(f, held) for f in query.groups[0])
        ]
        assert run(query, index, (), lambda *_: ()) == sorted(every)
