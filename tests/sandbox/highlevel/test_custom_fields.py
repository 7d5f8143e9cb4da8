"""Custom fields: definitions, keys, and how values are written and read."""

from __future__ import annotations

import pytest

from tests.sandbox.highlevel.location import ANA, Json, Location


def fields(location: Location, **query: str) -> list[Json]:
    """The definitions that a list shows."""
    found: list[Json] = location.get(f"/locations/{location.id}/customFields", **query).json()["customFields"]
    return found


def values(location: Location, contact_id: str) -> dict[str, object]:
    """A contact's values by field id."""
    return {one["id"]: one["value"] for one in location.read(contact_id)["customFields"]}


def test_fields_belong_to_a_model(location: Location) -> None:
    contact = location.field("Loan Amount ($)", "MONETORY")
    card = location.field("Loan Amount ($)", "MONETORY", model="opportunity")
    assert (contact["fieldKey"], card["fieldKey"]) == ("contact.loan_amount", "opportunity.loan_amount")
    assert [one["id"] for one in fields(location)] == [contact["id"]]
    assert [one["id"] for one in fields(location, model="opportunity")] == [card["id"]]
    assert len(fields(location, model="all")) == 2
    assert location.get(f"/locations/{location.id}/customFields", model="task").status_code == 422


def test_options_and_keys_may_be_sent(location: Location) -> None:
    made = location.field(
        "Need", "SINGLE_OPTIONS", options=["Purchase", "Renewal"], fieldKey="firstpath_need"
    )
    assert (made["fieldKey"], made["picklistOptions"]) == ("contact.firstpath_need", ["Purchase", "Renewal"])
    path = f"/locations/{location.id}/customFields/{made['id']}"
    changed = location.put(path, {"name": "Need now", "options": ["Purchase"]}).json()["customField"]
    assert (changed["name"], changed["fieldKey"]) == ("Need now", "contact.firstpath_need")
    assert location.get(path).json()["customField"] == changed


def test_nothing_stops_a_second_field_of_the_same_name(location: Location) -> None:
    assert [location.field("Need")["fieldKey"] for _ in range(2)] == ["contact.need", "contact.need_1"]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"name": "Need"}, "dataType should not be empty"),
        ({"name": "Need", "dataType": "MONETARY"}, "dataType must be one of the following values: TEXT"),
        ({"name": "Need", "dataType": "TEXT", "model": "task"}, "model must be one of"),
        ({"name": "Need", "dataType": "TEXT", "unique": True}, "property unique should not exist"),
    ],
)
def test_a_wrong_definition_is_explained(location: Location, body: object, problem: str) -> None:
    answer = location.post(f"/locations/{location.id}/customFields", body)
    assert (answer.status_code, problem in answer.json()["message"][0]) == (422, True)


def test_values_are_written_by_id_or_key_in_three_spellings(location: Location) -> None:
    one, two, three = (location.field(name) for name in ("One", "Two", "Three"))
    ana = location.contact(
        **ANA,
        customFields=[
            {"id": one["id"], "field_value": "1"},
            {"key": "two", "fieldValue": "2"},
            {"key": "contact.three", "value": "3"},
        ],
    )
    assert values(location, ana) == {one["id"]: "1", two["id"]: "2", three["id"]: "3"}
    location.put(f"/contacts/{ana}", {"customFields": [{"id": one["id"], "field_value": ""}]})
    assert values(location, ana) == {two["id"]: "2", three["id"]: "3"}
    records = location.sandbox.state.records("contacts")
    assert records[ana]["customFields"] == {"contact.two": "2", "contact.three": "3"}


def test_numbers_and_lists_are_put_into_their_types(location: Location) -> None:
    amount, many = (
        location.field("Amount", "MONETORY"),
        location.field("Many", "CHECKBOX", options=["a", "b"]),
    )
    whole = [{"key": "amount", "field_value": "450000"}, {"key": "many", "field_value": "a"}]
    ana = location.contact(**ANA, customFields=whole)
    assert values(location, ana) == {amount["id"]: 450000, many["id"]: ["a"]}
    part = [{"key": "amount", "field_value": 1.5}, {"key": "many", "field_value": ["a", "zz"]}]
    location.put(f"/contacts/{ana}", {"customFields": part})
    assert values(location, ana) == {amount["id"]: 1.5, many["id"]: ["a", "zz"]}


def test_a_field_that_is_not_there_is_silently_left_out(location: Location) -> None:
    card = location.field("Need", model="opportunity")
    unknown = [{"id": "nothing", "field_value": "x"}, {"id": card["id"], "field_value": "y"}]
    assert values(location, location.contact(**ANA, customFields=unknown)) == {}


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"field_value": "x"}, "customFields.0.id should not be empty"),
        ({"id": 5}, "customFields.0.id must be a string"),
        ({"id": "x", "note": "y"}, "customFields.0.property note should not exist"),
    ],
)
def test_a_wrong_entry_is_explained(location: Location, entry: object, problem: str) -> None:
    answer = location.post("/contacts/", {"locationId": location.id, **ANA, "customFields": [entry]})
    assert (answer.status_code, answer.json()["message"][0]) == (422, problem)


def test_a_deleted_field_takes_its_values_with_it(location: Location) -> None:
    need = location.field("Need")
    ana = location.contact(**ANA, customFields=[{"key": "need", "field_value": "x"}])
    path = f"/locations/{location.id}/customFields/{need['id']}"
    assert location.delete(path).json()["succeded"] is True
    assert values(location, ana) == {}
    assert location.get(path).status_code == 400


def test_opportunities_have_values_of_their_own(location: Location) -> None:
    amount = location.field("Amount", "MONETORY", model="opportunity")
    entry = [{"id": amount["id"], "field_value": 5}]
    one = location.opportunity(location.contact(**ANA), customFields=entry)
    shown = location.get(f"/opportunities/{one}").json()["opportunity"]["customFields"]
    assert shown == [{"id": amount["id"], "fieldValue": 5}]
    changed = location.put(f"/opportunities/{one}", {"customFields": [{**entry[0], "field_value": None}]})
    assert changed.json()["opportunity"]["customFields"] == []
