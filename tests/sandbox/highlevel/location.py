"""A small HTTP caller for the HighLevel sandbox."""

from __future__ import annotations

from typing import Any

import requests

from connectors.sandbox.highlevel import RunningSandbox
from connectors.sandbox.highlevel.pipelines import Pipeline

Json = dict[str, Any]
ANA = {"firstName": "Ana", "lastName": "Lopez", "email": "ana@example.com", "phone": "+14165550123"}
BEN = {"firstName": "Ben", "lastName": "Weiss", "email": "ben@example.com", "phone": "+14165550188"}
DUE = "2026-03-02T15:00:00Z"


class Location:
    """Calls the sandbox with the right headers; call() and its kin return the answer as it came."""

    def __init__(self, sandbox: RunningSandbox, token: str = "") -> None:
        self.sandbox = sandbox
        self.id = sandbox.location_id
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token or sandbox.token}"
        self.session.headers["Version"] = "2021-07-28"

    def call(self, method: str, path: str, body: object = None, **options: Any) -> requests.Response:
        """One request; the body is sent as JSON."""
        return self.session.request(method, self.sandbox.url + path, json=body, timeout=10, **options)

    def post(self, path: str, body: object = None) -> requests.Response:
        """POST."""
        return self.call("POST", path, body)

    def put(self, path: str, body: object) -> requests.Response:
        """PUT."""
        return self.call("PUT", path, body)

    def delete(self, path: str, body: object = None) -> requests.Response:
        """DELETE."""
        return self.call("DELETE", path, body)

    def get(self, path: str, **query: str) -> requests.Response:
        """GET."""
        return self.call("GET", path, params=query)

    def contact(self, **values: object) -> str:
        """The id of a new contact, which must be accepted."""
        answer = self.post("/contacts/", {"locationId": self.id, **values})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["contact"]["id"])

    def upsert(self, **values: object) -> Json:
        """The answer to an upsert, which must be accepted."""
        answer = self.post("/contacts/upsert", {"locationId": self.id, **values})
        assert answer.status_code == 200, answer.text
        body: Json = answer.json()
        return body

    def read(self, contact_id: str) -> Json:
        """The contact as the API shows it."""
        contact: Json = self.get(f"/contacts/{contact_id}").json()["contact"]
        return contact

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline that is there from the start."""
        return self.sandbox.state.pipelines.list()[0]

    def card(self, contact_id: str, **values: object) -> Json:
        """The body that makes an opportunity."""
        return {
            "pipelineId": self.pipeline.id,
            "locationId": self.id,
            "name": "Purchase",
            "status": "open",
            "contactId": contact_id,
            **values,
        }

    def opportunity(self, contact_id: str, **values: object) -> str:
        """The id of a new opportunity, which must be accepted."""
        answer = self.post("/opportunities/", self.card(contact_id, **values))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["opportunity"]["id"])

    def task(self, contact_id: str, **values: object) -> str:
        """The id of a new task, which must be accepted."""
        body = {"title": "Call", "dueDate": DUE, "completed": False, **values}
        answer = self.post(f"/contacts/{contact_id}/tasks", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["task"]["id"])

    def field(self, name: str = "Need", data_type: str = "TEXT", **values: object) -> Json:
        """A new custom field, which must be accepted."""
        body = {"name": name, "dataType": data_type, **values}
        answer = self.post(f"/locations/{self.id}/customFields", body)
        assert answer.status_code == 201, answer.text
        made: Json = answer.json()["customField"]
        return made

    def search(self, *filters: Json, **more: object) -> requests.Response:
        """POST /contacts/search."""
        body: Json = {"locationId": self.id, "pageLimit": 100, "filters": list(filters), **more}
        return self.post("/contacts/search", body)

    def found(self, *filters: Json, **more: object) -> list[str]:
        """The ids that a search of contacts finds."""
        answer = self.search(*filters, **more)
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["contacts"]]


def where(field: str, operator: str, value: object = None) -> Json:
    """One filter."""
    return {"field": field, "operator": operator, "value": value}
