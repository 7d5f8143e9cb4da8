"""Tags: lower case, additive calls, triggers only when one is new, many contacts at once."""

from __future__ import annotations

from tests.sandbox.highlevel.location import ANA, BEN, Location


def triggers(location: Location) -> list[tuple[str, str]]:
    """What started workflows that listen to tags."""
    return [(one["type"], one["tag"]) for one in location.sandbox.state.triggers]


def test_adding_is_additive_folded_and_repeatable(location: Location) -> None:
    ana = location.contact(**ANA, tags=["Lead"])
    first = location.post(f"/contacts/{ana}/tags", {"tags": [" New Lead ", "LEAD"]})
    assert (first.status_code, first.json()["tags"]) == (201, ["lead", "new lead"])
    assert first.json()["tagsAdded"] == ["new lead"]
    again = location.post(f"/contacts/{ana}/tags", {"tags": ["new lead"]})
    assert (again.status_code, again.json()["tagsAdded"]) == (201, [])
    assert triggers(location) == [("tag_added", "lead"), ("tag_added", "new lead")]


def test_removing_and_adding_again_triggers_again(location: Location) -> None:
    ana = location.contact(**ANA, tags=["phase"])
    gone = location.delete(f"/contacts/{ana}/tags", {"tags": ["Phase", "other"]})
    assert (gone.status_code, gone.json()["tags"], gone.json()["tagsRemoved"]) == (200, [], ["phase"])
    location.post(f"/contacts/{ana}/tags", {"tags": ["phase"]})
    assert [kind for kind, _ in triggers(location)] == ["tag_added", "tag_removed", "tag_added"]


def test_tags_are_needed(location: Location) -> None:
    ana = location.contact(**ANA)
    assert location.post(f"/contacts/{ana}/tags", {}).json()["message"] == [
        "tags should not be empty",
        "each value in tags must be a string",
    ]
    assert location.post(f"/contacts/{ana}/tags", {"tags": []}).status_code == 422


def test_many_contacts_at_once(location: Location) -> None:
    ana, ben = location.contact(**ANA, tags=["old"]), location.contact(**BEN)
    body = {"contacts": [ana, ben, "nobody"], "tags": ["rate drop"], "locationId": location.id}
    answer = location.post("/contacts/bulk/tags/update/add", body)
    assert (answer.status_code, answer.json()["errorCount"]) == (201, 1)
    assert [one["type"] for one in answer.json()["responses"]] == ["success", "success", "error"]
    assert location.read(ana)["tags"] == ["old", "rate drop"]
    everything = {**body, "removeAllTags": True}
    assert location.post("/contacts/bulk/tags/update/remove", everything).status_code == 201
    assert (location.read(ana)["tags"], location.read(ben)["tags"]) == ([], [])
    assert location.post("/contacts/bulk/tags/update/swap", body).status_code == 404


def test_the_catalogue_knows_every_tag(location: Location) -> None:
    ana = location.contact(**ANA, tags=["Lead"])
    made = location.post(f"/locations/{location.id}/tags", {"name": "Past Client"}).json()["tag"]
    listed = location.get(f"/locations/{location.id}/tags").json()["tags"]
    assert [one["name"] for one in listed] == ["lead", "past client"]
    assert made in listed
    lead = listed[0]["id"]
    assert location.delete(f"/locations/{location.id}/tags/{lead}").status_code == 200
    assert location.read(ana)["tags"] == []
    assert location.delete(f"/locations/{location.id}/tags/{lead}").status_code == 400
