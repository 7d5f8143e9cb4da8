"""Opportunities: one per contact and pipeline, stages that exist, moments that move."""

from __future__ import annotations

import pytest

from connectors.sandbox.highlevel import PipelineSeed
from tests.sandbox.highlevel.location import ANA, BEN, Location
from tests.sandbox.hub import Clock


def test_an_opportunity_starts_in_the_first_stage(location: Location) -> None:
    ana = location.contact(**ANA)
    answer = location.post("/opportunities/", location.card(ana, monetaryValue=450_000.5, source="website"))
    made = answer.json()["opportunity"]
    assert answer.status_code == 201
    assert made["pipelineStageId"] == location.pipeline.stage_id("New")
    assert (made["contactId"], made["status"], made["monetaryValue"]) == (ana, "open", 450_000.5)
    assert "assignedTo" not in made
    assert location.get(f"/opportunities/{made['id']}").json()["opportunity"] == made


def test_a_second_one_in_the_pipeline_is_a_400_that_names_the_first(location: Location) -> None:
    ana = location.contact(**ANA)
    first = location.opportunity(ana)
    location.put(f"/opportunities/{first}", {"status": "lost"})
    answer = location.post("/opportunities/", location.card(ana, name="Refinance"))
    assert (answer.status_code, answer.json()["meta"]) == (400, {"existingId": first})
    assert answer.json()["message"] == "Can not create duplicate opportunity for the contact."
    with location.sandbox.state.lock:
        other = location.sandbox.state.pipelines.add(PipelineSeed("Renewals", ("New",)))
    assert location.opportunity(ana, pipelineId=other.id)
    assert location.opportunity(location.contact(**BEN))


def test_the_rule_can_reach_over_all_pipelines_or_be_off(location: Location) -> None:
    ana = location.contact(**ANA)
    location.opportunity(ana)
    with location.sandbox.state.lock:
        other = location.sandbox.state.pipelines.add(PipelineSeed("Renewals", ("New",)))
    location.sandbox.configure(opportunity_rule="location")
    assert location.post("/opportunities/", location.card(ana, pipelineId=other.id)).status_code == 400
    location.sandbox.configure(allow_duplicate_opportunity=True)
    assert location.opportunity(ana)


@pytest.mark.parametrize(
    ("change", "status", "problem"),
    [
        ({"pipelineStageId": "x"}, 422, "pipelineStageId: stage not found with id x"),
        ({"pipelineId": "x"}, 422, "pipelineId: pipeline not found with id x"),
        ({"name": ""}, 422, "name should not be empty"),
        ({"status": "funded"}, 422, "status must be one of the following values: open, won, lost, abandoned"),
        ({"monetaryValue": "5"}, 422, "monetaryValue must be a number"),
        ({"contactId": "nobody"}, 400, "Contact with id nobody not found"),
        ({"assignedTo": "nobody"}, 422, "user nobody does not belong"),
        ({"colour": "red"}, 422, "property colour should not exist"),
    ],
)
def test_a_wrong_opportunity_is_explained(
    location: Location, change: dict[str, object], status: int, problem: str
) -> None:
    ana = location.contact(**ANA)
    answer = location.post("/opportunities/", location.card(ana, **change))
    message = answer.json()["message"]
    assert (answer.status_code, problem in (message if status == 400 else message[0])) == (status, True)
    assert location.sandbox.state.counts()["opportunities"] == 0


def test_an_update_moves_the_card_and_remembers_when(location: Location, clock: Clock) -> None:
    one = location.opportunity(location.contact(**ANA))
    clock.now += 60
    stage = location.pipeline.stage_id("Contacted")
    moved = location.put(f"/opportunities/{one}", {"pipelineStageId": stage, "monetaryValue": 5}).json()
    body = moved["opportunity"]
    assert (body["pipelineStageId"], body["monetaryValue"], body["name"]) == (stage, 5, "Purchase")
    assert body["lastStageChangeAt"] > body["lastStatusChangeAt"] == body["createdAt"]
    clock.now += 60
    won = location.put(f"/opportunities/{one}/status", {"status": "won"})
    assert (won.status_code, won.json()["succeded"]) == (200, True)
    body = location.get(f"/opportunities/{one}").json()["opportunity"]
    assert (body["status"], body["lastStatusChangeAt"] > body["lastStageChangeAt"]) == ("won", True)


def test_an_update_takes_neither_contact_nor_location(location: Location) -> None:
    one = location.opportunity(location.contact(**ANA))
    answer = location.put(f"/opportunities/{one}", {"contactId": "x", "locationId": location.id})
    assert (answer.status_code, len(answer.json()["message"])) == (422, 2)


def test_a_stage_of_another_pipeline_is_refused(location: Location) -> None:
    one = location.opportunity(location.contact(**ANA))
    with location.sandbox.state.lock:
        other = location.sandbox.state.pipelines.add(PipelineSeed("Renewals", ("New",)))
    stage = other.stage_id("New")
    assert location.put(f"/opportunities/{one}", {"pipelineStageId": stage}).status_code == 422
    moved = location.put(f"/opportunities/{one}", {"pipelineId": other.id}).json()["opportunity"]
    assert (moved["pipelineId"], moved["pipelineStageId"]) == (other.id, stage)


def test_upsert_finds_by_contact_and_pipeline_or_by_id(location: Location) -> None:
    ana = location.contact(**ANA)
    body = {"pipelineId": location.pipeline.id, "locationId": location.id, "contactId": ana}
    made = location.post("/opportunities/upsert", body).json()
    assert (made["new"], made["opportunity"]["name"]) == (True, "Ana Lopez")
    again = location.post("/opportunities/upsert", {**body, "name": "Purchase"}).json()
    assert (again["new"], again["opportunity"]["name"]) == (False, "Purchase")
    one = made["opportunity"]["id"]
    by_id = {**body, "id": one, "status": "won", "followers": ["u"], "followersActionType": "add"}
    del by_id["contactId"]
    by_id["isRemoveAllFollowers"] = False
    changed = location.post("/opportunities/upsert", by_id).json()["opportunity"]
    assert (changed["id"], changed["status"], changed["followers"]) == (one, "won", ["u"])
    del body["contactId"]
    assert location.post("/opportunities/upsert", body).status_code == 400


def test_a_deleted_opportunity_is_gone(location: Location) -> None:
    ana = location.contact(**ANA)
    one = location.opportunity(ana)
    assert location.delete(f"/opportunities/{one}").json()["succeded"] is True
    answer = location.get(f"/opportunities/{one}")
    assert (answer.status_code, answer.json()["message"]) == (400, f"Opportunity with id {one} not found")
    assert location.opportunity(ana)


def test_pipelines_show_their_stages(location: Location) -> None:
    (shown,) = location.get("/opportunities/pipelines", locationId=location.id).json()["pipelines"]
    assert shown["name"] == "Mortgages"
    assert [stage["position"] for stage in shown["stages"]] == list(range(6))
    assert shown["stages"][1]["name"] == "Contacted"
    assert location.get("/opportunities/lost-reason", locationId=location.id).json()["lostReasons"] == []
