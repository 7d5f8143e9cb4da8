"""Tokens, versions, scopes, locations, the firewall and paths that are not there."""

from __future__ import annotations

import pytest

from connectors.sandbox.highlevel import SandboxOptions, UserSeed, start
from tests.sandbox.highlevel.location import ANA, Location

PIPELINES = "/opportunities/pipelines"


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("", "Invalid JWT"),
        ("Bearer", "Invalid JWT"),
        ("Bearer eyJh", "Invalid JWT"),
        ("Bearer pit-wrong", "Invalid Private Integration token"),
        ("Bearer at-wrong", "Invalid token: access token is invalid"),
    ],
)
def test_without_the_right_token_nothing_is_answered(location: Location, header: str, message: str) -> None:
    answer = location.call("GET", "/contacts/x", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["message"]) == (401, message)


def test_a_token_can_stop_being_accepted_and_be_replaced(location: Location) -> None:
    location.sandbox.configure(token_accepted=False)
    assert location.get("/users/", locationId=location.id).status_code == 401
    location.sandbox.configure(token_accepted=True, token="pit-another")
    assert location.get("/users/", locationId=location.id).status_code == 401
    location.session.headers["Authorization"] = f"Bearer {location.sandbox.token}"
    assert location.get("/users/", locationId=location.id).status_code == 200


@pytest.mark.parametrize("version", ["v3", "2023-02-21", "2021-07-28", "2021-04-15"])
def test_every_supported_version_is_answered(location: Location, version: str) -> None:
    answer = location.call("GET", "/users/", params={"locationId": location.id}, headers={"Version": version})
    assert answer.status_code == 200


def test_the_version_is_needed_and_must_be_known(location: Location) -> None:
    unknown = location.call("GET", "/contacts/x", headers={"Version": "2020-01-01"})
    assert (unknown.status_code, unknown.json()["message"]) == (401, "version header is invalid")
    del location.session.headers["Version"]
    missing = location.get("/contacts/x")
    assert (missing.status_code, missing.json()["message"]) == (401, "version header was not found.")


SCOPED: list[tuple[str, str, object, str]] = [
    ("GET", "/contacts/{ana}", None, "contacts.readonly"),
    ("POST", "/contacts/search", {"pageLimit": 1, "locationId": "{location}"}, "contacts.readonly"),
    ("GET", "/contacts/{ana}/tasks", None, "contacts.readonly"),
    ("POST", "/contacts/upsert", {"locationId": "{location}", **ANA}, "contacts.write"),
    ("PUT", "/contacts/{ana}", {}, "contacts.write"),
    ("POST", "/contacts/{ana}/tags", {"tags": ["x"]}, "contacts.write"),
    ("GET", f"{PIPELINES}?locationId={{location}}", None, "opportunities.readonly"),
    ("POST", "/opportunities/search", {"locationId": "{location}"}, "opportunities.readonly"),
    ("POST", "/opportunities/", {}, "opportunities.write"),
    ("GET", "/locations/{location}", None, "locations.readonly"),
    ("GET", "/locations/{location}/customFields", None, "locations/customFields.readonly"),
    ("POST", "/locations/{location}/customFields", {}, "locations/customFields.write"),
    ("GET", "/locations/{location}/tags", None, "locations/tags.readonly"),
    ("POST", "/locations/{location}/tags", {"name": "x"}, "locations/tags.write"),
    ("POST", "/locations/{location}/tasks/search", {}, "locations/tasks.readonly"),
    ("GET", "/users/?locationId={location}", None, "users.readonly"),
    ("GET", "/workflows/?locationId={location}", None, "workflows.readonly"),
]


@pytest.mark.parametrize(("method", "path", "body", "scope"), SCOPED)
def test_a_call_needs_its_scope(
    location: Location, method: str, path: str, body: dict[str, object] | None, scope: str
) -> None:
    ana = location.contact(**ANA)
    path = path.format(ana=ana, location=location.id)
    filled = body and {k: location.id if v == "{location}" else v for k, v in body.items()}
    assert location.call(method, path, filled).status_code in (200, 201, 422)
    location.sandbox.configure(scopes=sorted(location.sandbox.state.options.scopes - {scope}))
    answer = location.call(method, path, filled)
    assert answer.status_code == 401
    assert answer.json()["message"] == "The token is not authorized for this scope."


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/contacts/search/duplicate?locationId=other&email=a@example.com", None),
        ("GET", "/opportunities/search?location_id=other", None),
        ("GET", "/locations/other", None),
        ("GET", "/locations/other/customFields", None),
        ("POST", "/contacts/upsert", {"locationId": "other", **ANA}),
    ],
)
def test_another_location_is_a_403(location: Location, method: str, path: str, body: object) -> None:
    answer = location.call(method, path, body)
    message = "The token does not have access to this location."
    assert (answer.status_code, answer.json()["message"]) == (403, message)


def test_the_firewall_bans_an_agent_with_html(location: Location) -> None:
    answer = location.call("GET", "/contacts/x", headers={"User-Agent": "Python-urllib/3.11"})
    assert (answer.status_code, "1010" in answer.text) == (403, True)
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/nothing"), ("PATCH", "/contacts/x"), ("GET", "/oauth/installed-locations")]
)
def test_a_path_that_is_not_there_is_a_404(location: Location, method: str, path: str) -> None:
    answer = location.call(method, path)
    assert (answer.status_code, answer.json()["message"]) == (404, f"Cannot {method} {path}")


def test_a_body_that_is_no_json_is_a_400(location: Location) -> None:
    url = f"{location.sandbox.url}/contacts/"
    headers = {"Content-Type": "application/json"}
    answer = location.session.post(url, data=b'{"a":', headers=headers, timeout=5)
    assert answer.status_code == 400
    assert location.post("/contacts/", ["x"]).json()["message"] == ["the body must be a JSON object"]


def test_the_location_tells_its_settings_but_not_the_order(location: Location) -> None:
    location.sandbox.configure(allow_duplicate_opportunity=True)
    shown = location.get(f"/locations/{location.id}").json()["location"]
    assert shown["settings"]["allowDuplicateContact"] is False
    assert shown["settings"]["allowDuplicateOpportunity"] is True
    assert shown["companyId"] == location.sandbox.state.options.company_id
    assert "email,phone" not in str(shown)


def test_users_are_listed_searched_and_read() -> None:
    users = (
        UserSeed("ana@brokerage.example.com", "Ana", "Lee", role="admin"),
        UserSeed("gone@brokerage.example.com", "Gil", "Oye", active=False),
    )
    with start(options=SandboxOptions.instant(users=users)) as sandbox:
        caller = Location(sandbox)
        listed = caller.get("/users/", locationId=caller.id).json()["users"]
        company = sandbox.state.options.company_id
        found = caller.get("/users/search", companyId=company, locationId=caller.id, query="GIL").json()
        one = caller.get(f"/users/{listed[0]['id']}").json()
        refused = caller.get("/users/search", companyId="other").status_code
        missing = caller.get("/users/search").json()["message"][0]
        unknown = caller.get("/users/nobody").status_code
        gone = caller.post("/contacts/", {"locationId": caller.id, "assignedTo": listed[1]["id"]}).status_code
        caller.session.close()
    assert [(user["name"], user["deleted"]) for user in listed] == [("Ana Lee", False), ("Gil Oye", True)]
    assert (found["count"], found["users"][0]["email"]) == (1, "gone@brokerage.example.com")
    assert (one["roles"]["role"], one["email"]) == ("admin", "ana@brokerage.example.com")
    assert (refused, missing, unknown, gone) == (403, "companyId should not be empty", 400, 422)
