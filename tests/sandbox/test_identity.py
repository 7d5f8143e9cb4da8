"""Who is who: emails, unique properties, merges and erasure."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sandbox.hubspot import SandboxOptions
from connectors.sandbox.hubspot.errors import ApiError
from connectors.sandbox.hubspot.merge import merge
from connectors.sandbox.hubspot.records import identities
from connectors.sandbox.hubspot.state import CrmState
from connectors.sandbox.hubspot.writes import archive, create, update
from tests.sandbox.hub import KEY, OBJECTS, Clock, Hub


def test_creating_with_a_taken_email_gives_409_and_the_existing_id(hub: Hub) -> None:
    contact = hub.contact(email="ana@example.com")
    answer = hub.post(f"{OBJECTS}/contacts", {"properties": {"email": "ANA@example.com"}})
    assert (answer.status_code, answer.json()["category"]) == (409, "CONFLICT")
    assert answer.json()["message"] == f"Contact already exists. Existing ID: {contact}"


def test_creating_with_somebodys_second_email_gives_400_and_both_ids(hub: Hub) -> None:
    contact = hub.contact(email="ana@example.com", hs_additional_emails="ana@work.example.com")
    answer = hub.post(f"{OBJECTS}/contacts", {"properties": {"email": "ana@work.example.com"}})
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")
    half_made, existing = re.findall(r"on (\d+)\. (\d+) already has that value", answer.json()["message"])[0]
    assert existing == contact
    assert half_made != contact


def test_changing_to_a_taken_email_gives_400(hub: Hub) -> None:
    first = hub.contact(email="ana@example.com")
    second = hub.contact(email="ben@example.com")
    answer = hub.patch("contacts", second, email="ana@example.com")
    assert answer.status_code == 400
    assert f"on {second}. {first} already has that value" in answer.json()["message"]


def test_a_unique_property_belongs_to_one_deal(hub: Hub) -> None:
    hub.define_key("deals", "dealinformation")
    first, second = hub.deal(), hub.deal()
    assert hub.patch("deals", first, firstpath_key="k1").status_code == 200
    assert hub.patch("deals", first, firstpath_key="k1").status_code == 200
    answer = hub.patch("deals", second, firstpath_key="k1")
    assert (
        f"legacyObjectType=DEAL}}, propertyName=firstpath_key, value=k1}} on {second}. {first} already"
        in (answer.json()["message"])
    )
    hub.patch("deals", first, firstpath_key="k2")
    assert hub.patch("deals", second, firstpath_key="k1").status_code == 200


def test_a_record_is_addressed_by_email_and_by_a_unique_property(hub: Hub) -> None:
    hub.define_key()
    contact = hub.contact(
        email="ana+1@example.com", firstpath_key="k1", hs_additional_emails="a2@example.com"
    )
    by_email = hub.get(f"{OBJECTS}/contacts/ana%2B1%40example.com", idProperty="email")
    by_key = hub.get(f"{OBJECTS}/contacts/k1", idProperty="firstpath_key")
    assert by_email.json()["id"] == by_key.json()["id"] == contact
    assert hub.get(f"{OBJECTS}/contacts/a2@example.com", idProperty="email").status_code == 404
    assert hub.get(f"{OBJECTS}/contacts/Ana", idProperty="firstname").status_code == 400


def test_a_merge_makes_one_record_with_a_new_id_and_both_old_ids_lead_to_it(hub: Hub) -> None:
    winner = hub.contact(email="ana@example.com", firstname="Ana")
    loser = hub.contact(email="ana@work.example.com", firstname="Anna", city="Toronto")
    deal = hub.deal()
    hub.call("PUT", f"/crm/v4/objects/contacts/{loser}/associations/default/deals/{deal}")
    body = {"primaryObjectId": winner, "objectIdToMerge": loser}
    survivor = hub.post(f"{OBJECTS}/contacts/merge", body).json()["id"]
    assert survivor not in (winner, loser)
    assert [hub.get(f"{OBJECTS}/contacts/{old}").json()["id"] for old in (winner, loser)] == [survivor] * 2
    values = hub.properties("contacts", survivor)
    assert (values["firstname"], values["city"]) == ("Ana", "Toronto")
    assert (values["email"], values["hs_additional_emails"]) == ("ana@example.com", "ana@work.example.com")
    assert values["hs_merged_object_ids"] == f"{winner};{loser}"
    assert hub.sandbox.state.linked("contacts", survivor, "deals") == [deal]
    listed = hub.get(f"{OBJECTS}/contacts").json()["results"]
    assert [one["id"] for one in listed] == [survivor]


def test_a_batch_update_of_a_merged_away_id_answers_with_the_survivor_and_no_error(hub: Hub) -> None:
    first, second = hub.contact(email="a@example.com"), hub.contact(email="b@example.com")
    merged = hub.post(
        f"{OBJECTS}/contacts/merge", {"primaryObjectId": first, "objectIdToMerge": second}
    ).json()["id"]
    body = {"inputs": [{"id": second, "properties": {"city": "Toronto"}}]}
    answer = hub.post(f"{OBJECTS}/contacts/batch/update", body)
    assert answer.status_code == 200
    assert [one["id"] for one in answer.json()["results"]] == [merged]


def test_tasks_do_not_merge_and_nothing_merges_with_itself(hub: Hub) -> None:
    task, contact = hub.task(), hub.contact(firstname="Ana")
    for kind, one in (("tasks", task), ("contacts", contact)):
        body = {"primaryObjectId": one, "objectIdToMerge": one}
        assert hub.post(f"{OBJECTS}/{kind}/merge", body).status_code == 400


def test_erasing_a_contact_leaves_nothing_to_read(hub: Hub) -> None:
    contact = hub.contact(email="ana@example.com")
    body = {"objectId": "ana@example.com", "idProperty": "email"}
    assert hub.post(f"{OBJECTS}/contacts/gdpr-delete", body).status_code == 204
    assert hub.get(f"{OBJECTS}/contacts/{contact}", archived="true").status_code == 404


EMAILS = ("a@example.com", "b@example.com", "c@example.com")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["create", "update", "archive", "merge", "batch"]),
        st.integers(0, 5),
        st.integers(0, 5),
        st.sampled_from([*EMAILS, ""]),
        st.sampled_from(["k1", "k2", ""]),
    ),
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_no_email_and_no_key_ever_stands_on_two_records(steps: list[tuple[str, int, int, str, str]]) -> None:
    state = CrmState(SandboxOptions.instant(), Clock())
    shelf = state.shelf("contacts")
    shelf.properties.create(KEY, 0.0)
    for action, first, second, email, key in steps:
        before = state.snapshot()
        ids = list(shelf.records.live)
        values = {"firstname": "Ana", "email": email, "firstpath_key": key}
        try:
            with state.transaction():
                if action == "create" or not ids:
                    create(state, shelf, values)
                elif action == "update":
                    update(state, shelf, ids[first % len(ids)], values)
                elif action == "batch":
                    create(state, shelf, {"firstname": "Ben"})
                    create(state, shelf, values)
            if ids and action == "archive":
                archive(state, shelf, ids[first % len(ids)])
            elif ids and action == "merge":
                merge(state, shelf, ids[first % len(ids)], ids[second % len(ids)])
        except ApiError:
            assert state.snapshot() == before
        live = shelf.records.live.values()
        held = [pair for one in live for pair in identities(one, shelf.properties.unique_names)]
        assert len(held) == len(set(held))
        assert all(shelf.records.holder(*pair) is not None for pair in held)
        shelf.index.refresh()
        assert set(shelf.index.documents) == set(shelf.records.live)
