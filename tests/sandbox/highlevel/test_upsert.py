"""Upsert: whom it finds, what it replaces, what it silently leaves out."""

from __future__ import annotations

import pytest

from connectors.sandbox.highlevel import people
from tests.sandbox.highlevel.location import ANA, BEN, Location


def test_the_first_upsert_makes_and_the_second_changes(location: Location) -> None:
    made = location.upsert(**ANA)
    again = location.upsert(email="ANA@example.com", city="Toronto")
    assert (made["new"], again["new"]) == (True, False)
    assert again["contact"]["id"] == made["contact"]["id"]
    assert (again["contact"]["firstName"], again["contact"]["city"]) == ("Ana", "Toronto")
    assert again["traceId"]


def test_tags_and_source_are_replaced_and_custom_fields_merged(location: Location) -> None:
    need, term = location.field("Need"), location.field("Term")
    first = location.upsert(
        **ANA, tags=["A", "b"], source="web", customFields=[{"id": need["id"], "field_value": "purchase"}]
    )
    second = location.upsert(
        email=ANA["email"], tags=["c"], source="phone", customFields=[{"key": "term", "field_value": "5"}]
    )["contact"]
    assert first["contact"]["tags"] == ["a", "b"]
    assert (second["tags"], second["source"]) == (["c"], "phone")
    values = {one["id"]: one["value"] for one in second["customFields"]}
    assert values == {need["id"]: "purchase", term["id"]: "5"}
    third = location.upsert(email=ANA["email"])["contact"]
    assert (third["tags"], third["source"], len(third["customFields"])) == (["c"], "phone", 2)


@pytest.mark.parametrize(
    ("order", "winner", "kept"),
    [
        ("email,phone", "ana", "+14165550123"),
        ("phone,email", "ben", "ben@example.com"),
        ("email", "ana", "+14165550123"),
        ("phone", "ben", "ben@example.com"),
    ],
)
def test_the_first_field_of_the_preference_decides_and_the_other_is_left_out(
    location: Location, order: str, winner: str, kept: str
) -> None:
    ids = {"ana": location.contact(**ANA), "ben": location.contact(**BEN)}
    location.sandbox.configure(dedupe_order=order)
    answer = location.upsert(email=ANA["email"], phone=BEN["phone"], city="Guelph")
    assert (answer["new"], answer["contact"]["id"]) == (False, ids[winner])
    assert kept in (answer["contact"]["phone"], answer["contact"]["email"])
    assert answer["contact"]["city"] == "Guelph"
    loser = location.read(ids["ben" if winner == "ana" else "ana"])
    assert "city" not in loser


def test_a_second_field_that_belongs_to_nobody_is_taken(location: Location) -> None:
    ana = location.contact(**ANA)
    answer = location.upsert(email="new@example.com", phone=ANA["phone"])
    assert (answer["contact"]["id"], answer["contact"]["email"]) == (ana, "new@example.com")
    answer = location.upsert(email="new@example.com", phone="+14165550199")
    assert (answer["contact"]["id"], answer["contact"]["phone"]) == (ana, "+14165550199")


def test_without_email_and_phone_nothing_is_done(location: Location) -> None:
    answer = location.post("/contacts/upsert", {"locationId": location.id, "firstName": "Ana"})
    assert (answer.status_code, "at least one of number, email" in answer.json()["message"]) == (400, True)


def test_gender_is_only_taken_for_a_new_contact(location: Location) -> None:
    location.upsert(**ANA, gender="female")
    assert location.upsert(**ANA, gender="male")["contact"]["gender"] == "female"


def test_the_owner_is_overwritten(location: Location) -> None:
    maya, luis = (user.id for user in location.sandbox.state.users.list()[:2])
    assert location.upsert(**ANA, assignedTo=maya)["contact"]["assignedTo"] == maya
    assert location.upsert(**ANA, assignedTo=luis)["contact"]["assignedTo"] == luis
    assert location.upsert(**ANA)["contact"]["assignedTo"] == luis


def test_always_new_only_where_duplicates_are_allowed(location: Location) -> None:
    location.upsert(**ANA)
    assert location.upsert(**ANA, createNewIfDuplicateAllowed=True)["new"] is False
    location.sandbox.configure(allow_duplicate_contact=True)
    assert location.upsert(**ANA)["new"] is False
    assert location.upsert(**ANA, createNewIfDuplicateAllowed=True)["new"] is True


def test_a_secondary_address_becomes_the_primary_one_and_the_old_is_lost(location: Location) -> None:
    ana = location.contact(**ANA)
    with location.sandbox.state.lock:
        people.add_email(location.sandbox.state, ana, "Work@example.com")
    assert location.read(ana)["additionalEmails"] == [{"email": "Work@example.com", "validEmail": None}]
    contact = location.upsert(email="work@example.com")["contact"]
    assert (contact["id"], contact["email"]) == (ana, "work@example.com")
    assert "additionalEmails" not in contact
    assert location.upsert(email=ANA["email"])["new"] is True
