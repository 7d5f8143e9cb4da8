"""A small caller of the Salesforce sandbox; every method returns the answer as it came."""

from __future__ import annotations

from typing import Any

import requests

from connectors.sandbox.salesforce import RunningSandbox

Json = dict[str, Any]
V = "/services/data/v62.0"
LEAD = {"LastName": "Roy", "Company": "Ada Roy"}
DEAL = {"Name": "Purchase", "StageName": "Prospecting", "CloseDate": "2026-06-01"}


def key_field(kind: str, *, name: str = "Key__c", unique: bool = True) -> Json:
    """A custom text field as the Tooling API takes it."""
    metadata = {"label": "Key", "type": "Text", "length": 64, "unique": unique, "externalId": unique}
    return {"FullName": f"{kind}.{name}", "Metadata": metadata}


class Org:
    """Calls the sandbox with a token of the integration user."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.sign_in()

    def sign_in(self) -> None:
        """Take a fresh token."""
        self.session.headers["Authorization"] = f"Bearer {self.sandbox.token()}"

    def call(self, method: str, path: str, body: object = None, **options: Any) -> requests.Response:
        """One request below the version, or an absolute path under /services."""
        url = self.sandbox.url + (path if path.startswith(("/services", "/_sandbox")) else V + path)
        return self.session.request(method, url, json=body, timeout=10, **options)

    def get(self, path: str, **query: str) -> requests.Response:
        """GET."""
        return self.call("GET", path, params=query)

    def post(self, path: str, body: object = None, **headers: str) -> requests.Response:
        """POST; headers are written with underscores."""
        return self.call("POST", path, body, headers=named(headers))

    def patch(self, path: str, body: object, **headers: str) -> requests.Response:
        """PATCH; headers are written with underscores."""
        return self.call("PATCH", path, body, headers=named(headers))

    def create(self, kind: str, **fields: Any) -> str:
        """The id of a new record, which must be accepted."""
        answer = self.post(f"/sobjects/{kind}/", fields)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def contact(self, **fields: Any) -> str:
        """The id of a new contact."""
        return self.create("Contact", **{"LastName": "Roy", **fields})

    def lead(self, **fields: Any) -> str:
        """The id of a new lead."""
        return self.create("Lead", **{**LEAD, **fields})

    def deal(self, **fields: Any) -> str:
        """The id of a new opportunity."""
        return self.create("Opportunity", **{**DEAL, **fields})

    def stored(self, record_id: str) -> Json:
        """What a record holds, read past the API."""
        return self.sandbox.state.record(record_id)

    def count(self, kind: str) -> int:
        """How many records there are in truth."""
        return self.sandbox.state.counts()[kind]

    def user(self, name: str) -> str:
        """The id of a user by the beginning of the address."""
        return self.sandbox.state.user_id(f"{name}@brokerage.example.com")

    def soql(self, statement: str, *values: str, **options: Any) -> Json:
        """The answer of a query that must be accepted; each ? is replaced by a quoted value."""
        answer = self.call("GET", "/query/", params={"q": filled(statement, *values)}, **options)
        assert answer.status_code == 200, answer.text
        body: Json = answer.json()
        return body

    def found(self, statement: str, *values: str) -> list[Any]:
        """The first selected field of every record that a query finds."""
        records = self.soql(statement, *values)["records"]
        return [next(value for key, value in one.items() if key != "attributes") for one in records]

    def composite(self, *parts: Json, together: bool = True) -> list[Json]:
        """The parts of a composite answer."""
        body = {"allOrNone": together, "compositeRequest": list(parts)}
        answer = self.post("/composite", body)
        assert answer.status_code == 200, answer.text
        found: list[Json] = answer.json()["compositeResponse"]
        return found


def filled(statement: str, *values: str) -> str:
    """The statement with each ? replaced by a quoted value."""
    for value in values:
        statement = statement.replace("?", f"'{value}'", 1)
    return statement


def named(headers: dict[str, str]) -> dict[str, str]:
    """Header names with hyphens for underscores."""
    return {name.replace("_", "-"): value for name, value in headers.items()}


def part(method: str, path: str, reference_id: str, body: object = None, **more: object) -> Json:
    """One subrequest; path is below the version."""
    return {"method": method, "url": V + path, "referenceId": reference_id, "body": body, **more}


def error(answer: requests.Response) -> tuple[int, str]:
    """Status and errorCode of a refusal."""
    return answer.status_code, answer.json()[0]["errorCode"]
