"""Links between records: default, typed, labeled, listed and removed."""

from __future__ import annotations

import pytest

from tests.sandbox.hub import OBJECTS, Hub

PAIRS = [
    ("tasks", "contacts", 204),
    ("contacts", "tasks", 203),
    ("tasks", "deals", 216),
    ("deals", "tasks", 215),
    ("deals", "contacts", 3),
    ("contacts", "deals", 4),
]


def make(hub: Hub, kind: str) -> str:
    """A record of a kind."""
    return {"contacts": lambda: hub.contact(firstname="Ana"), "deals": hub.deal, "tasks": hub.task}[kind]()


def linked(hub: Hub, source: str, source_id: str, target: str) -> list[tuple[str, list[int]]]:
    """Linked ids with their type ids."""
    found = hub.get(f"/crm/v4/objects/{source}/{source_id}/associations/{target}").json()["results"]
    return [(one["toObjectId"], [t["typeId"] for t in one["associationTypes"]]) for one in found]


@pytest.mark.parametrize(("source", "target", "type_id"), PAIRS)
def test_the_default_link_has_hubspots_type_and_can_be_repeated(
    hub: Hub, source: str, target: str, type_id: int
) -> None:
    near, far = make(hub, source), make(hub, target)
    path = f"/crm/v4/objects/{source}/{near}/associations/default/{target}/{far}"
    answers = [hub.call("PUT", path) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}
    assert answers[0].json()["results"][0] == {
        "from": {"id": near},
        "to": {"id": far},
        "associationSpec": spec,
    }
    assert linked(hub, source, near, target) == [(far, [type_id])]
    assert [one for one, _ in linked(hub, target, far, source)] == [near]


def test_a_typed_link_answers_201_with_type_ids_of_the_objects(hub: Hub) -> None:
    task, contact = hub.task(), hub.contact(firstname="Ana")
    specs = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 204}]
    answer = hub.call("PUT", f"/crm/v4/objects/0-27/{task}/associations/0-1/{contact}", specs)
    assert answer.status_code == 201
    assert answer.json() == {
        "fromObjectTypeId": "0-27",
        "fromObjectId": task,
        "toObjectTypeId": "0-1",
        "toObjectId": contact,
        "labels": [],
    }


def test_a_type_of_another_pair_is_refused(hub: Hub) -> None:
    task, contact = hub.task(), hub.contact(firstname="Ana")
    specs = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 216}]
    answer = hub.call("PUT", f"/crm/v4/objects/tasks/{task}/associations/contacts/{contact}", specs)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "path", ["tasks/{task}/associations/default/contacts/7", "tasks/7/associations/contacts"]
)
def test_a_link_to_nobody_is_404(hub: Hub, path: str) -> None:
    method = "PUT" if "default" in path else "GET"
    assert hub.call(method, "/crm/v4/objects/" + path.format(task=hub.task())).status_code == 404


def test_removing_a_link_removes_it_on_both_sides(hub: Hub) -> None:
    deal, contact = hub.deal(), hub.contact(firstname="Ana")
    hub.call("PUT", f"/crm/v4/objects/deals/{deal}/associations/default/contacts/{contact}")
    path = f"/crm/v4/objects/deals/{deal}/associations/contacts/{contact}"
    assert hub.call("DELETE", path).status_code == 204
    assert linked(hub, "deals", deal, "contacts") == linked(hub, "contacts", contact, "deals") == []


def test_archiving_a_record_takes_its_links_along(hub: Hub) -> None:
    deal, contact = hub.deal(), hub.contact(firstname="Ana")
    hub.call("PUT", f"/crm/v4/objects/deals/{deal}/associations/default/contacts/{contact}")
    hub.call("DELETE", f"{OBJECTS}/deals/{deal}")
    assert linked(hub, "contacts", contact, "deals") == []


def test_a_label_comes_on_top_of_the_unlabeled_link(hub: Hub) -> None:
    path = "/crm/v4/associations/deals/contacts/labels"
    made = hub.post(path, {"name": "co_borrower", "label": "Co-borrower"}).json()["results"]
    deal, contact = hub.deal(), hub.contact(firstname="Ana")
    spec = {"associationCategory": made[0]["category"], "associationTypeId": made[0]["typeId"]}
    answer = hub.call("PUT", f"/crm/v4/objects/deals/{deal}/associations/contacts/{contact}", [spec])
    assert answer.json()["labels"] == ["Co-borrower"]
    assert linked(hub, "deals", deal, "contacts") == [(contact, [3, made[0]["typeId"]])]
    assert linked(hub, "contacts", contact, "deals") == [(deal, [4, made[1]["typeId"]])]
    one = {"from": {"id": deal}, "to": {"id": contact}, "types": [spec]}
    answer = hub.post("/crm/v4/associations/deals/contacts/batch/labels/archive", {"inputs": [one]})
    assert answer.status_code == 204
    assert linked(hub, "deals", deal, "contacts") == [(contact, [3])]


def test_batches_link_read_and_unlink(hub: Hub) -> None:
    contact = hub.contact(firstname="Ana")
    deals = [hub.deal() for _ in range(3)]
    base = "/crm/v4/associations/deals/contacts/batch"
    pairs = [{"from": {"id": deal}, "to": {"id": contact}} for deal in deals]
    assert hub.post(f"{base}/associate/default", {"inputs": pairs[:2]}).status_code == 200
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}]
    assert hub.post(f"{base}/create", {"inputs": [{**pairs[2], "types": types}]}).status_code == 201
    back = "/crm/v4/associations/contacts/deals/batch/read"
    read = hub.post(back, {"inputs": [{"id": contact}]}).json()["results"]
    assert [one["toObjectId"] for one in read[0]["to"]] == deals
    gone = {"from": {"id": deals[0]}, "to": [{"id": contact}]}
    assert hub.post(f"{base}/archive", {"inputs": [gone]}).status_code == 204
    assert hub.sandbox.state.linked("contacts", contact, "deals") == deals[1:]


@pytest.mark.parametrize(
    ("action", "one"),
    [
        ("associate/default", {"from": {"id": "7"}, "to": {"id": "8"}}),
        ("create", {"from": {"id": "7"}, "to": {"id": "8"}, "types": []}),
        ("read", {"id": "7"}),
    ],
)
def test_a_batch_names_what_could_not_be_linked_or_read(
    hub: Hub, action: str, one: dict[str, object]
) -> None:
    answer = hub.post(f"/crm/v4/associations/deals/contacts/batch/{action}", {"inputs": [one]})
    assert (answer.status_code, answer.json()["numErrors"]) == (207, 1)


def test_long_lists_are_paged(hub: Hub) -> None:
    contact = hub.contact(firstname="Ana")
    for _ in range(3):
        hub.call("PUT", f"/crm/v4/objects/deals/{hub.deal()}/associations/default/contacts/{contact}")
    path = f"/crm/v4/objects/contacts/{contact}/associations/deals"
    first = hub.get(path, limit="2").json()
    last = hub.get(path, limit="2", after=first["paging"]["next"]["after"]).json()
    assert (len(first["results"]), len(last["results"]), "paging" in last) == (2, 1, False)
