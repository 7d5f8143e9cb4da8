"""A small HTTP caller for the sandbox, and the clock its tests turn by hand."""

from __future__ import annotations

from typing import Any

import requests

from connectors.sandbox.hubspot import RunningSandbox

Json = dict[str, Any]
OBJECTS = "/crm/v3/objects"
DEAL = {"dealname": "Purchase", "pipeline": "default", "dealstage": "qualifiedtobuy"}
TASK = {"hs_timestamp": "2026-03-02T15:00:00Z", "hs_task_subject": "Call"}
KEY = {
    "name": "firstpath_key",
    "label": "Firstpath key",
    "type": "string",
    "fieldType": "text",
    "groupName": "contactinformation",
    "hasUniqueValue": True,
}


class Clock:
    """Epoch seconds that move only when told."""

    def __init__(self) -> None:
        self.now = 1_772_000_000.0

    def __call__(self) -> float:
        return self.now


class Hub:
    """Calls the sandbox with the right token; every method returns the answer as it came."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {sandbox.token}"

    def call(self, method: str, path: str, body: object = None, **options: Any) -> requests.Response:
        """One request; the body is sent as JSON."""
        return self.session.request(method, self.sandbox.url + path, json=body, timeout=10, **options)

    def post(self, path: str, body: object = None) -> requests.Response:
        """POST."""
        return self.call("POST", path, body)

    def get(self, path: str, **query: str) -> requests.Response:
        """GET."""
        return self.call("GET", path, params=query)

    def create(self, kind: str, **properties: str) -> str:
        """The id of a new record, which must be accepted."""
        answer = self.post(f"{OBJECTS}/{kind}", {"properties": properties})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def contact(self, **properties: str) -> str:
        """The id of a new contact."""
        return self.create("contacts", **properties)

    def deal(self) -> str:
        """The id of a new deal."""
        return self.create("deals", **DEAL)

    def task(self) -> str:
        """The id of a new task."""
        return self.create("tasks", **TASK)

    def patch(self, kind: str, record_id: str, **properties: str) -> requests.Response:
        """Change a record."""
        return self.call("PATCH", f"{OBJECTS}/{kind}/{record_id}", {"properties": properties})

    def properties(self, kind: str, record_id: str) -> dict[str, str]:
        """What the record holds, read past the API."""
        return self.sandbox.state.records(kind)[record_id]

    def define_key(self, kind: str = "contacts", group: str = "contactinformation") -> None:
        """Add a unique property to a kind."""
        answer = self.post(f"/crm/v3/properties/{kind}", {**KEY, "groupName": group})
        assert answer.status_code == 201, answer.text

    def search(self, kind: str, *filters: Json, **more: object) -> requests.Response:
        """Search with one group of filters."""
        body: Json = {"filterGroups": [{"filters": list(filters)}] if filters else [], **more}
        return self.post(f"{OBJECTS}/{kind}/search", body)

    def found(self, kind: str, *filters: Json, **more: object) -> list[str]:
        """The ids that a search finds."""
        answer = self.search(kind, *filters, **more)
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["results"]]


def where(name: str, operator: str, value: str | None = None, **more: object) -> Json:
    """One search filter."""
    extra = {} if value is None else {"value": value}
    return {"propertyName": name, "operator": operator, **extra, **more}


def link(target_id: str, type_id: int) -> Json:
    """One inline association."""
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}
    return {"to": {"id": target_id}, "types": [spec]}
