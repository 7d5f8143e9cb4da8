"""One record at a time: creating, reading, changing, listing, archiving."""

from __future__ import annotations

import pytest

from tests.sandbox.hub import DEAL, OBJECTS, TASK, Hub, link


@pytest.mark.parametrize(
    ("word", "properties"),
    [
        ("contacts", {"email": "ana@example.com"}),
        ("0-1", {"email": "ana@example.com"}),
        ("deals", DEAL),
        ("0-3", DEAL),
        ("tasks", TASK),
        ("0-27", TASK),
        ("notes", {"hs_timestamp": "1772000000000", "hs_note_body": "Called"}),
        ("0-46", {"hs_timestamp": "1772000000000"}),
    ],
)
def test_every_kind_can_be_created_by_name_and_by_type_id(
    hub: Hub, word: str, properties: dict[str, str]
) -> None:
    answer = hub.post(f"{OBJECTS}/{word}", {"properties": properties})
    assert answer.status_code == 201
    read = hub.get(f"{OBJECTS}/{word}/{answer.json()['id']}")
    assert read.status_code == 200
    assert read.json()["archived"] is False


def test_ids_of_different_kinds_never_meet(hub: Hub) -> None:
    assert len({hub.contact(email="ana@example.com"), hub.deal(), hub.task()}) == 3


def test_an_unknown_kind_is_refused(hub: Hub) -> None:
    answer = hub.post(f"{OBJECTS}/loans", {"properties": {}})
    assert (answer.status_code, answer.json()["message"]) == (
        400,
        "Unable to infer object type from: loans",
    )


def test_reading_without_names_gives_the_default_properties_with_null_for_empty_ones(hub: Hub) -> None:
    record = hub.get(f"{OBJECTS}/contacts/{hub.contact(firstname='Ana', phone='+14165550101')}").json()
    assert set(record["properties"]) == {
        "email",
        "firstname",
        "lastname",
        "createdate",
        "lastmodifieddate",
        "hs_object_id",
    }
    assert record["properties"]["lastname"] is None


def test_reading_gives_only_the_properties_asked_for(hub: Hub) -> None:
    contact = hub.contact(firstname="Ana", phone="+14165550101")
    path = f"{OBJECTS}/contacts/{contact}"
    read = hub.get(f"{path}?properties=phone,city&properties=nonsense").json()["properties"]
    assert set(read) == {"phone", "city", "createdate", "lastmodifieddate", "hs_object_id"}
    assert (read["phone"], read["city"]) == ("+14165550101", None)


@pytest.mark.parametrize(
    ("kind", "properties", "missing"),
    [
        ("contacts", {"phone": "+14165550101"}, ["email", "firstname", "lastname"]),
        ("deals", {"dealname": "Purchase"}, ["dealstage", "pipeline"]),
        ("tasks", {"hs_task_subject": "Call"}, ["hs_timestamp"]),
    ],
)
def test_required_properties_are_named_when_missing(
    hub: Hub, kind: str, properties: dict[str, str], missing: list[str]
) -> None:
    answer = hub.post(f"{OBJECTS}/{kind}", {"properties": properties})
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")
    assert answer.json()["context"]["properties"] == missing


def test_an_empty_text_clears_a_value(hub: Hub) -> None:
    contact = hub.contact(firstname="Ana", city="Toronto")
    assert hub.patch("contacts", contact, city="").status_code == 200
    assert "city" not in hub.properties("contacts", contact)


def test_a_change_moves_the_last_modified_date(hub: Hub) -> None:
    contact = hub.contact(firstname="Ana")
    hub.sandbox.state.clock.now += 60  # type: ignore[attr-defined]
    answer = hub.patch("contacts", contact, city="Toronto").json()
    assert answer["updatedAt"] > answer["createdAt"]
    assert answer["properties"]["lastmodifieddate"] == answer["updatedAt"]


def test_history_lists_the_newest_value_first(hub: Hub) -> None:
    deal = hub.deal()
    hub.patch("deals", deal, dealstage="contractsent")
    record = hub.get(f"{OBJECTS}/deals/{deal}", propertiesWithHistory="dealstage").json()
    values = [one["value"] for one in record["propertiesWithHistory"]["dealstage"]]
    assert values == ["contractsent", "qualifiedtobuy"]


def test_an_archived_record_is_gone_unless_asked_for(hub: Hub) -> None:
    contact = hub.contact(email="ana@example.com")
    path = f"{OBJECTS}/contacts/{contact}"
    assert hub.call("DELETE", path).status_code == 204
    assert hub.get(path).status_code == 404
    assert hub.get(path, archived="true").json()["archived"] is True
    assert hub.patch("contacts", contact, city="Toronto").status_code == 404
    assert hub.contact(email="ana@example.com") != contact


def test_lists_are_paged_in_the_order_of_ids(hub: Hub) -> None:
    made = [hub.contact(firstname=str(number)) for number in range(5)]
    hub.call("DELETE", f"{OBJECTS}/contacts/{made.pop(2)}")
    first = hub.get(f"{OBJECTS}/contacts", limit="3").json()
    assert [one["id"] for one in first["results"]] == made[:3]
    after = first["paging"]["next"]["after"]
    second = hub.get(f"{OBJECTS}/contacts", limit="3", after=after).json()
    assert [one["id"] for one in second["results"]] == made[3:]
    assert "paging" not in second


def test_the_clients_false_with_a_capital_is_refused(hub: Hub) -> None:
    assert hub.get(f"{OBJECTS}/contacts", archived="False").status_code == 400


def test_a_deal_with_an_inline_association_is_linked_both_ways(hub: Hub) -> None:
    contact = hub.contact(email="ana@example.com")
    answer = hub.post(f"{OBJECTS}/deals", {"properties": DEAL, "associations": [link(contact, 3)]})
    assert answer.status_code == 201
    read = hub.get(f"{OBJECTS}/contacts/{contact}", associations="deals").json()
    assert read["associations"]["deals"]["results"] == [
        {"id": answer.json()["id"], "type": "contact_to_deal"}
    ]


@pytest.mark.parametrize(
    ("target", "type_id", "status"), [("999", 3, 404), ("", 3, 400), ("101000001", 4, 400)]
)
def test_a_create_with_a_wrong_association_makes_nothing(
    hub: Hub, target: str, type_id: int, status: int
) -> None:
    hub.contact(email="ana@example.com")
    answer = hub.post(f"{OBJECTS}/deals", {"properties": DEAL, "associations": [link(target, type_id)]})
    assert answer.status_code == status
    assert hub.sandbox.state.counts()["deals"] == 0


def test_a_completed_task_knows_when(hub: Hub) -> None:
    task = hub.task()
    assert hub.properties("tasks", task)["hs_task_status"] == "NOT_STARTED"
    hub.patch("tasks", task, hs_task_status="COMPLETED")
    assert hub.properties("tasks", task)["hs_task_completion_date"]


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b"{", 400),
        ("application/json", b"[]", 400),
        ("application/json", b"", 400),
        ("text/plain", b"{}", 415),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(
    hub: Hub, content_type: str, body: bytes, status: int
) -> None:
    url = f"{hub.sandbox.url}{OBJECTS}/contacts"
    answer = hub.session.post(url, data=body, headers={"Content-Type": content_type}, timeout=10)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/crm/v9/x", 404), ("PUT", f"{OBJECTS}/contacts", 405)]
)
def test_an_unknown_path_gets_hubspots_error_body(hub: Hub, method: str, path: str, status: int) -> None:
    answer = hub.call(method, path)
    assert answer.status_code == status
    assert {"status", "message", "correlationId", "category"} <= answer.json().keys()
    assert answer.headers["X-HubSpot-Correlation-Id"] == answer.json()["correlationId"]
