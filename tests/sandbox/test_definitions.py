"""Properties, groups, owners and pipelines: what provisioning and setup see."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.hub import KEY, Hub

CONTACTS = "/crm/v3/properties/contacts"
STAGES = [
    {"label": label, "displayOrder": order, "metadata": {"probability": probability}}
    for order, (label, probability) in enumerate([("New", "0.1"), ("Funded", "1.0")])
]
NEED: dict[str, Any] = {
    "name": "need",
    "label": "Need",
    "type": "enumeration",
    "fieldType": "select",
    "groupName": "contactinformation",
    "options": [{"label": "Purchase", "value": "purchase", "hidden": False}],
}


def test_a_property_is_created_once_and_then_exists(hub: Hub) -> None:
    made = hub.post(CONTACTS, KEY)
    assert (made.status_code, made.json()["hasUniqueValue"]) == (201, True)
    again = hub.post(CONTACTS, KEY)
    assert (again.status_code, again.json()["category"]) == (409, "OBJECT_ALREADY_EXISTS")
    assert again.json()["subCategory"] == "Properties.PROPERTY_WITH_NAME_EXISTS"
    assert again.json()["message"] == "A property named 'firstpath_key' already exists."
    assert hub.get(f"{CONTACTS}/firstpath_key").json()["type"] == "string"


def test_an_unknown_property_is_404(hub: Hub) -> None:
    answer = hub.get(f"{CONTACTS}/nonsense")
    assert (answer.status_code, answer.json()["category"]) == (404, "OBJECT_NOT_FOUND")


def test_an_archived_property_comes_back_as_it_was(hub: Hub) -> None:
    hub.define_key()
    assert hub.call("DELETE", f"{CONTACTS}/firstpath_key").status_code == 204
    assert hub.get(f"{CONTACTS}/firstpath_key").status_code == 404
    back = hub.post(CONTACTS, {**KEY, "label": "Another", "hasUniqueValue": False})
    assert (back.status_code, back.json()["label"], back.json()["hasUniqueValue"]) == (
        201,
        "Firstpath key",
        True,
    )


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Not Allowed"},
        {"name": ""},
        {"type": "money"},
        {"fieldType": "number"},
        {"groupName": "nonsense"},
        {"options": [{"label": "A", "value": "a"}]},
        {"options": [{"label": x, "value": "a", "hidden": False} for x in "ab"]},
    ],
)
def test_a_wrong_definition_is_refused(hub: Hub, change: dict[str, object]) -> None:
    assert hub.post(CONTACTS, {**KEY, **change}).status_code == 400


def test_an_eleventh_unique_property_is_refused(hub: Hub) -> None:
    answers = [hub.post(CONTACTS, {**KEY, "name": f"key_{n}"}).status_code for n in range(11)]
    assert answers == [201] * 10 + [400]


def test_a_patch_with_options_replaces_them_and_one_without_keeps_them(hub: Hub) -> None:
    hub.post(CONTACTS, NEED)
    kept = hub.call("PATCH", f"{CONTACTS}/need", {"label": "What for"}).json()
    assert (kept["label"], [o["value"] for o in kept["options"]]) == ("What for", ["purchase"])
    options = [{"label": "Renewal", "value": "renewal", "hidden": False}]
    hub.call("PATCH", f"{CONTACTS}/need", {"options": options})
    assert hub.contact(firstname="Ana", need="renewal")
    answer = hub.post("/crm/v3/objects/contacts", {"properties": {"firstname": "B", "need": "purchase"}})
    assert answer.status_code == 400


def test_uniqueness_cannot_be_added_later(hub: Hub) -> None:
    hub.post(CONTACTS, NEED)
    assert hub.call("PATCH", f"{CONTACTS}/need", {"hasUniqueValue": True}).status_code == 400


def test_hubspots_own_properties_stay(hub: Hub) -> None:
    assert hub.call("DELETE", f"{CONTACTS}/email").status_code == 400


def test_batches_create_read_and_archive_properties(hub: Hub) -> None:
    made = hub.post(f"{CONTACTS}/batch/create", {"inputs": [KEY, NEED, KEY]})
    assert (made.status_code, len(made.json()["results"]), made.json()["numErrors"]) == (207, 2, 1)
    names = [{"name": "need"}, {"name": "nonsense"}]
    read = hub.post(f"{CONTACTS}/batch/read", {"inputs": names, "archived": False})
    assert (read.status_code, read.json()["errors"][0]["context"]["name"]) == (207, ["nonsense"])
    assert hub.post(f"{CONTACTS}/batch/archive", {"inputs": [{"name": "need"}]}).status_code == 204
    assert hub.get(f"{CONTACTS}/need").status_code == 404


def test_groups_are_created_changed_and_dropped(hub: Hub) -> None:
    body = {"name": "firstpath", "label": "Firstpath"}
    assert hub.post(f"{CONTACTS}/groups", body).status_code == 201
    assert hub.post(f"{CONTACTS}/groups", body).status_code == 409
    changed = hub.call("PATCH", f"{CONTACTS}/groups/firstpath", {"label": "First path"}).json()
    assert changed["label"] == "First path"
    hub.post(CONTACTS, {**KEY, "groupName": "firstpath"})
    assert hub.call("DELETE", f"{CONTACTS}/groups/firstpath").status_code == 400
    hub.call("DELETE", f"{CONTACTS}/firstpath_key")
    assert hub.call("DELETE", f"{CONTACTS}/groups/firstpath").status_code == 204
    assert hub.get(f"{CONTACTS}/groups/firstpath").status_code == 404


def test_an_account_can_refuse_properties_on_tasks(hub: Hub) -> None:
    hub.sandbox.configure(custom_task_properties=False)
    answer = hub.post("/crm/v3/properties/tasks", {**KEY, "groupName": "task"})
    assert (answer.status_code, answer.json()["category"]) == (403, "MISSING_SCOPES")
    assert hub.get("/crm/v3/properties/tasks").status_code == 200


def test_the_stage_property_lists_the_stages_of_every_pipeline(hub: Hub) -> None:
    made = hub.post("/crm/v3/pipelines/deals", {"label": "M", "displayOrder": 1, "stages": STAGES}).json()
    options = hub.get("/crm/v3/properties/deals/dealstage").json()["options"]
    values = {one["value"] for one in options}
    assert {"closedwon", made["stages"][0]["id"]} <= values


@pytest.mark.parametrize("path", ["/crm/v3/owners", "/crm/v3/owners/"])
def test_owners_answer_with_and_without_a_slash(hub: Hub, path: str) -> None:
    answer = hub.call("GET", path, allow_redirects=False)
    assert answer.status_code == 200
    assert len(answer.json()["results"]) == 4


def test_owners_are_paged_and_found_by_email(hub: Hub) -> None:
    first = hub.get("/crm/v3/owners/", limit="3").json()
    last = hub.get("/crm/v3/owners/", limit="3", after=first["paging"]["next"]["after"]).json()
    assert (len(first["results"]), len(last["results"]), "paging" in last) == (3, 1, False)
    maya = hub.get("/crm/v3/owners/", email="Maya.Chen@brokerage.example.com").json()["results"]
    assert [one["firstName"] for one in maya] == ["Maya"]
    by_user = hub.get(f"/crm/v3/owners/{maya[0]['userId']}", idProperty="userId").json()
    assert by_user["id"] == maya[0]["id"] != str(maya[0]["userId"])


def test_a_deactivated_owner_is_listed_as_archived_without_a_user_id(hub: Hub) -> None:
    hub.post("/_sandbox/seed", {"owners": [{"email": "gone@brokerage.example.com", "active": False}]})
    gone = hub.get("/crm/v3/owners/", archived="true").json()["results"]
    assert [one["email"] for one in gone] == ["gone@brokerage.example.com"]
    assert "userId" not in gone[0]


def test_pipelines_are_created_changed_and_archived(hub: Hub) -> None:
    body = {"label": "Mortgages", "displayOrder": 1, "stages": STAGES}
    made = hub.post("/crm/v3/pipelines/deals", body)
    assert made.status_code == 201
    assert hub.post("/crm/v3/pipelines/deals", body).status_code == 400
    closed = [stage["metadata"]["isClosed"] for stage in made.json()["stages"]]
    assert closed == ["false", "true"]
    path = f"/crm/v3/pipelines/deals/{made.json()['id']}"
    stage = hub.post(f"{path}/stages", {**STAGES[0], "label": "Lost", "displayOrder": 9})
    assert stage.status_code == 201
    renamed = hub.call("PATCH", f"{path}/stages/{stage.json()['id']}", {"label": "Lost it"}).json()
    assert renamed["label"] == "Lost it"
    assert [one["label"] for one in hub.get(f"{path}/stages").json()["results"]] == [
        "New",
        "Funded",
        "Lost it",
    ]
    assert hub.call("DELETE", path).status_code == 204
    assert [p["id"] for p in hub.get("/crm/v3/pipelines/deals").json()["results"]] == ["default"]


@pytest.mark.parametrize("metadata", [{}, {"probability": "2"}, {"probability": "high"}])
def test_a_stage_needs_a_probability(hub: Hub, metadata: dict[str, str]) -> None:
    body = {"label": "New", "displayOrder": 9, "metadata": metadata}
    assert hub.post("/crm/v3/pipelines/deals/default/stages", body).status_code == 400
