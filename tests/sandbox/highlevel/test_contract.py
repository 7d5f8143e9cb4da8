"""Requests and answers held to HighLevel's own published contracts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from openapi_core import OpenAPI

from tests.sandbox.highlevel.contracts import contracts, faults
from tests.sandbox.highlevel.location import ANA, BEN, DUE, Location


@pytest.fixture(scope="module")
def published(shared_folder: Path) -> dict[str, OpenAPI]:
    """The contracts, read once."""
    return contracts(shared_folder / "specs" / "highlevel")


@pytest.fixture
def witness(location: Location, published: dict[str, OpenAPI]) -> Callable[[], list[str]]:
    """Keeps every answer the caller gets; gives the faults of all of them, and how many there were."""
    answers: list[requests.Response] = []

    def keep(answer: requests.Response, **_: Any) -> None:
        answers.append(answer)

    location.session.hooks["response"].append(keep)

    def judge() -> list[str]:
        assert answers
        return [
            fault
            for answer in answers
            for fault in faults(published[str(answer.request.path_url).split("/")[1].split("?")[0]], answer)
        ]

    return judge


def test_contacts_keep_the_contract(location: Location, witness: Callable[[], list[str]]) -> None:
    maya = location.sandbox.state.users.list()[0].id
    location.field("Amount", "MONETORY")
    values = [{"key": "amount", "field_value": 5}]
    off = {"SMS": {"status": "active", "message": "", "code": ""}}
    ana = location.contact(**ANA, tags=["a"], customFields=values, dateOfBirth="1985-03-21", assignedTo=maya)
    location.contact(**BEN, dnd=True, dndSettings=off)
    location.upsert(**ANA, customFields=values, createNewIfDuplicateAllowed=False)
    location.put(f"/contacts/{ana}", {"city": "Guelph", "tags": ["b"]})
    location.get(f"/contacts/{ana}")
    location.get("/contacts/search/duplicate", locationId=location.id, email=ANA["email"])
    location.get("/contacts/", locationId=location.id, limit="1")
    location.post(f"/contacts/{ana}/tags", {"tags": ["x"]})
    location.delete(f"/contacts/{ana}/tags", {"tags": ["x"]})
    location.post(f"/contacts/{ana}/followers", {"followers": [maya]})
    location.delete(f"/contacts/{ana}/followers", {"followers": [maya]})
    many = {"contacts": [ana], "tags": ["y"], "locationId": location.id}
    location.post("/contacts/bulk/tags/update/add", many)
    location.delete(f"/contacts/{ana}")
    assert witness() == []


def test_what_hangs_on_a_contact_keeps_the_contract(
    location: Location, witness: Callable[[], list[str]]
) -> None:
    ana = location.contact(**ANA)
    task = f"/contacts/{ana}/tasks/{location.task(ana, body='[fp:T1]')}"
    location.get(task)
    location.get(f"/contacts/{ana}/tasks")
    location.put(task, {"title": "Text", "dueDate": DUE})
    location.put(f"{task}/completed", {"completed": True})
    location.post(f"/locations/{location.id}/tasks/search", {"contactId": [ana]})
    location.delete(task)
    note = location.post(f"/contacts/{ana}/notes", {"body": "Called"}).json()["note"]["id"]
    location.get(f"/contacts/{ana}/notes")
    location.put(f"/contacts/{ana}/notes/{note}", {"body": "Called twice"})
    location.get(f"/contacts/{ana}/notes/{note}")
    location.delete(f"/contacts/{ana}/notes/{note}")
    (workflow, _) = (one.id for one in location.sandbox.state.workflows.list())
    location.post(f"/contacts/{ana}/workflow/{workflow}", {})
    location.delete(f"/contacts/{ana}/workflow/{workflow}", {})
    assert witness() == []


def test_opportunities_keep_the_contract(location: Location, witness: Callable[[], list[str]]) -> None:
    field = location.field("Amount", "MONETORY", model="opportunity")
    ana = location.contact(**ANA)
    values = [{"id": field["id"], "field_value": 5}]
    one = location.opportunity(ana, monetaryValue=5, customFields=values, source="website")
    location.get("/opportunities/pipelines", locationId=location.id)
    location.get("/opportunities/lost-reason", locationId=location.id)
    location.get("/opportunities/search", location_id=location.id, contact_id=ana, limit="5")
    location.post("/opportunities/search", {"locationId": location.id, "filters": [], "limit": 5})
    location.get(f"/opportunities/{one}")
    location.put(f"/opportunities/{one}", {"status": "won", "customFields": values})
    location.put(f"/opportunities/{one}/status", {"status": "open"})
    upsert = {"id": one, "pipelineId": location.pipeline.id, "locationId": location.id, "followers": []}
    location.post("/opportunities/upsert", {**upsert, "isRemoveAllFollowers": False})
    location.post(f"/opportunities/{one}/followers", {"followers": ["u"]})
    location.delete(f"/opportunities/{one}/followers", {"followers": ["u"]})
    location.delete(f"/opportunities/{one}")
    assert witness() == []


def test_the_locations_things_keep_the_contract(location: Location, witness: Callable[[], list[str]]) -> None:
    base = f"/locations/{location.id}"
    made = location.field("Need", "SINGLE_OPTIONS", options=["a"], fieldKey="need", model="contact")
    location.get(base)
    location.get(f"{base}/customFields", model="all")
    location.get(f"{base}/customFields/{made['id']}")
    location.put(f"{base}/customFields/{made['id']}", {"name": "Need now"})
    location.delete(f"{base}/customFields/{made['id']}")
    tag = location.post(f"{base}/tags", {"name": "lead"}).json()["tag"]
    location.get(f"{base}/tags")
    location.delete(f"{base}/tags/{tag['id']}")
    users = location.get("/users/", locationId=location.id).json()["users"]
    location.get(f"/users/{users[0]['id']}")
    company = location.sandbox.state.options.company_id
    location.get("/users/search", companyId=company, locationId=location.id, limit="5")
    location.get("/workflows/", locationId=location.id)
    installed = location.sandbox.state.oauth.install()
    options = location.sandbox.state.options
    form = {"client_id": options.oauth_client_id, "client_secret": options.oauth_client_secret}
    form.update(grant_type="refresh_token", refresh_token=installed["refresh_token"])
    answer = location.session.post(f"{location.sandbox.url}/oauth/token", data=form, timeout=5)
    assert answer.status_code == 200
    assert witness() == []


def test_refusals_keep_the_contract(location: Location, witness: Callable[[], list[str]]) -> None:
    ana = location.contact(**ANA)
    card = location.card(ana)
    location.opportunity(ana)
    statuses = [
        location.post("/contacts/", {"locationId": location.id, **ANA}).status_code,
        location.post("/contacts/", {"nonsense": 1}).status_code,
        location.get("/contacts/nobody").status_code,
        location.post("/opportunities/", card).status_code,
        location.post("/opportunities/", {**card, "pipelineStageId": "x"}).status_code,
        location.post(f"/contacts/{ana}/tasks", {}).status_code,
        location.call("GET", f"/contacts/{ana}", headers={"Authorization": "Bearer pit-x"}).status_code,
    ]
    assert statuses == [400, 422, 400, 400, 422, 422, 401]
    assert witness() == []
