"""Batch calls: sizes, partial success, and what all-or-nothing means."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.hub import DEAL, OBJECTS, Hub

CONTACTS = f"{OBJECTS}/contacts/batch"


def person(email: str, **more: str) -> dict[str, Any]:
    """One input of a batch create."""
    return {"properties": {"email": email}, **more}


def keyed(key: str, **properties: str) -> dict[str, Any]:
    """One input of an upsert by our key."""
    return {"id": key, "idProperty": "firstpath_key", "properties": properties}


def test_a_batch_create_answers_201_in_input_order(hub: Hub) -> None:
    answer = hub.post(f"{CONTACTS}/create", {"inputs": [person(f"p{n}@example.com") for n in range(100)]})
    assert (answer.status_code, answer.json()["status"]) == (201, "COMPLETE")
    emails = [one["properties"]["email"] for one in answer.json()["results"]]
    assert emails == [f"p{n}@example.com" for n in range(100)]


@pytest.mark.parametrize("action", ["create", "read", "update", "upsert", "archive"])
def test_more_than_a_hundred_inputs_are_refused(hub: Hub, action: str) -> None:
    inputs = [{"id": str(n), "properties": {}} for n in range(101)]
    answer = hub.post(f"{CONTACTS}/{action}", {"inputs": inputs})
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize("action", ["read", "update", "upsert", "archive"])
def test_a_doubled_id_refuses_the_whole_batch(hub: Hub, action: str) -> None:
    contact = hub.contact(firstname="Ana")
    inputs = [{"id": contact, "properties": {"city": str(n)}} for n in range(2)]
    answer = hub.post(f"{CONTACTS}/{action}", {"inputs": inputs})
    assert answer.status_code == 400
    assert answer.json()["message"] == (
        f"Duplicate IDs found in batch input: [{contact}]. IDs must be unique"
    )
    assert answer.json()["context"]["ids"] == [contact]
    assert "city" not in hub.properties("contacts", contact)


def test_without_trace_ids_one_taken_email_stops_the_whole_create(hub: Hub) -> None:
    taken = hub.contact(email="ana@example.com")
    inputs = [person("ben@example.com"), person("ana@example.com")]
    answer = hub.post(f"{CONTACTS}/create", {"inputs": inputs})
    assert (answer.status_code, answer.json()["message"]) == (
        409,
        f"Contact already exists. Existing ID: {taken}",
    )
    assert hub.sandbox.state.counts()["contacts"] == 1
    assert hub.contact(email="ben@example.com")


def test_with_trace_ids_the_others_are_created_and_the_failed_one_is_named(hub: Hub) -> None:
    hub.contact(email="ana@example.com")
    inputs = [
        person("ben@example.com", objectWriteTraceId="t1"),
        person("ana@example.com", objectWriteTraceId="t2"),
        person("ben@example.com", objectWriteTraceId="t3"),
    ]
    answer = hub.post(f"{CONTACTS}/create", {"inputs": inputs})
    assert (answer.status_code, answer.json()["numErrors"]) == (207, 2)
    assert [one["objectWriteTraceId"] for one in answer.json()["results"]] == ["t1"]
    failed = [(e["category"], e["context"]["objectWriteTraceId"]) for e in answer.json()["errors"]]
    assert failed == [("CONFLICT", ["t2"]), ("CONFLICT", ["t3"])]


def test_a_batch_read_names_the_missing_ids(hub: Hub) -> None:
    contact = hub.contact(firstname="Ana")
    body = {"inputs": [{"id": contact}, {"id": "7"}], "properties": ["firstname"]}
    answer = hub.post(f"{CONTACTS}/read", body)
    assert answer.status_code == 207
    assert [one["id"] for one in answer.json()["results"]] == [contact]
    error = answer.json()["errors"][0]
    assert (error["category"], error["context"]["ids"]) == ("OBJECT_NOT_FOUND", ["7"])
    assert error["message"].startswith("Could not get some CONTACT objects")


def test_a_batch_read_by_our_key_finds_records(hub: Hub) -> None:
    hub.define_key()
    contact = hub.contact(firstname="Ana", firstpath_key="k1")
    body = {"inputs": [{"id": "k1"}], "idProperty": "firstpath_key", "properties": ["firstpath_key"]}
    answer = hub.post(f"{CONTACTS}/read", body)
    assert answer.status_code == 200
    assert [one["id"] for one in answer.json()["results"]] == [contact]


def test_a_batch_update_changes_the_known_and_names_the_unknown(hub: Hub) -> None:
    contact = hub.contact(firstname="Ana")
    inputs = [{"id": one, "properties": {"city": "Toronto"}} for one in (contact, "7")]
    answer = hub.post(f"{CONTACTS}/update", {"inputs": inputs})
    assert answer.status_code == 207
    assert answer.json()["errors"][0]["context"]["ids"] == ["7"]
    assert hub.properties("contacts", contact)["city"] == "Toronto"


def test_a_wrong_value_stops_a_whole_batch_update(hub: Hub) -> None:
    first, second = hub.contact(firstname="Ana"), hub.contact(firstname="Ben")
    inputs = [
        {"id": first, "properties": {"city": "Toronto"}},
        {"id": second, "properties": {"nonsense": "x"}},
    ]
    assert hub.post(f"{CONTACTS}/update", {"inputs": inputs}).status_code == 400
    assert "city" not in hub.properties("contacts", first)


def test_an_upsert_by_key_creates_then_updates_and_says_which(hub: Hub) -> None:
    hub.define_key()
    first = hub.post(f"{CONTACTS}/upsert", {"inputs": [keyed("k1", firstname="Ana")]})
    assert (first.status_code, first.json()["results"][0]["new"]) == (200, True)
    contact = first.json()["results"][0]["id"]
    assert hub.properties("contacts", contact)["firstpath_key"] == "k1"
    again = hub.post(
        f"{CONTACTS}/upsert", {"inputs": [keyed("k1", city="Toronto"), keyed("k2", firstname="B")]}
    )
    assert [one["new"] for one in again.json()["results"]] == [False, True]
    assert again.json()["results"][0]["id"] == contact
    assert hub.properties("contacts", contact)["firstname"] == "Ana"


def test_an_upsert_by_key_with_somebodys_email_is_a_conflict(hub: Hub) -> None:
    hub.define_key()
    taken = hub.contact(email="ana@example.com")
    answer = hub.post(f"{CONTACTS}/upsert", {"inputs": [keyed("k1", email="ana@example.com")]})
    assert answer.status_code == 409
    assert taken in answer.json()["message"]


def test_an_upsert_needs_a_unique_property(hub: Hub) -> None:
    inputs = [{"id": "Ana", "idProperty": "firstname", "properties": {}}]
    assert hub.post(f"{CONTACTS}/upsert", {"inputs": inputs}).status_code == 400


def test_an_upsert_by_record_id_never_creates(hub: Hub) -> None:
    inputs = [{"id": "7", "properties": {"firstname": "Ana"}}]
    assert hub.post(f"{CONTACTS}/upsert", {"inputs": inputs}).status_code == 404
    assert hub.sandbox.state.counts()["contacts"] == 0


def test_an_upsert_by_email_is_all_or_nothing(hub: Hub) -> None:
    inputs = [
        {
            "id": f"p{n}@example.com",
            "idProperty": "email",
            "objectWriteTraceId": str(n),
            "properties": {"firstname": "Ana", **({"nonsense": "x"} if n else {})},
        }
        for n in range(2)
    ]
    assert hub.post(f"{CONTACTS}/upsert", {"inputs": inputs}).status_code == 400
    assert hub.sandbox.state.counts()["contacts"] == 0


def test_tasks_can_be_upserted_when_the_account_allows_their_properties(hub: Hub) -> None:
    hub.define_key("tasks", "task")
    one = keyed("k1", hs_timestamp="2026-03-02T15:00:00Z")
    assert hub.post(f"{OBJECTS}/tasks/batch/upsert", {"inputs": [one]}).json()["results"][0]["new"] is True


def test_a_batch_archive_ignores_unknown_ids(hub: Hub) -> None:
    deal = hub.deal()
    answer = hub.post(f"{OBJECTS}/deals/batch/archive", {"inputs": [{"id": deal}, {"id": "7"}]})
    assert answer.status_code == 204
    assert hub.sandbox.state.counts()["deals"] == 0


@pytest.mark.parametrize("body", [{}, {"inputs": "x"}, {"inputs": ["x"]}, {"inputs": [{"properties": {}}]}])
def test_a_batch_of_the_wrong_shape_is_refused(hub: Hub, body: dict[str, object]) -> None:
    assert hub.post(f"{CONTACTS}/update", body).status_code == 400


def test_deals_in_a_batch_create_carry_their_associations(hub: Hub) -> None:
    contact = hub.contact(firstname="Ana")
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}
    one = {"properties": DEAL, "associations": [{"to": {"id": contact}, "types": [spec]}]}
    answer = hub.post(f"{OBJECTS}/deals/batch/create", {"inputs": [one, one]})
    made = [deal["id"] for deal in answer.json()["results"]]
    assert hub.sandbox.state.linked("contacts", contact, "deals") == made
