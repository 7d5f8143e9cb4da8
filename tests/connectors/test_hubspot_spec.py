"""Every request the connector makes is one that the vendor's own client could have made."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest
from werkzeug.datastructures import MultiDict

from tests.connectors.account import all_ok, deliver
from tests.connectors.bundles import inquiry as plain
from tests.connectors.bundles import links_in, work
from tests.connectors.conftest import connect
from tests.connectors.contract_handing import handed_over, watched
from tests.connectors.contract_merging import put_on_the_wrong_contact, taken_apart
from tests.connectors.hubspot_account import WANTED, HubSpotAccount, borrower, inquiry

HOST = "http://crm.test"
# The vendor's client has no method for the first two, and the document leaves out the third.
NOT_IN_THE_DOCUMENT = ("/account-info/", "/oauth/", "/crm-object-schemas/")


@pytest.fixture(scope="module")
def spec(shared_folder: Path) -> OpenAPI:
    """The OpenAPI document derived from the vendor's client, refusing unknown keys."""
    document = json.loads((shared_folder / "specs" / "hubspot" / "all.json").read_text("utf-8"))
    document["servers"] = [{"url": HOST}]
    for schema in document["components"]["schemas"].values():
        if schema.get("properties"):
            schema.setdefault("additionalProperties", False)
    return OpenAPI.from_dict(document)


def fault(spec: OpenAPI, entry: dict[str, Any]) -> str | None:
    """Why a journalled request is not valid, None when it is."""
    body = entry.get("body")
    query = entry.get("query") or ""
    pairs = parse_qsl(query) if isinstance(query, str) else MultiDict(query)
    request = MockRequest(
        HOST,
        entry["method"].lower(),
        entry["path"].rstrip("/"),
        args=MultiDict(pairs),
        headers={"Authorization": "Bearer x", "Content-Type": "application/json"},
        data=json.dumps(body).encode() if body is not None else None,
        content_type="application/json",
    )
    try:
        spec.validate_request(request)
    except OpenAPIError as error:
        return f"{type(error).__name__}: {error.__cause__ or error}"
    return None


@pytest.fixture
def requests_made(bare_account: HubSpotAccount) -> list[dict[str, Any]]:
    """All kinds of requests: setting up, new, adopted, shared, merged, repeated and many."""
    account = bare_account
    connector = connect(account)
    connector.check()
    connector.schema()
    connector.provision(WANTED)
    account.add_contact({"firstname": "Ana", "email": "ana1@example.com"})
    account.add_contact({"firstname": "Zed", "email": "ben2@example.com"})
    people = account.sandbox.journal.last
    couple = inquiry(borrower(1), borrower(2, "Ben"))
    links = links_in(connector.deliver(work(couple)))
    connector.deliver(work(couple, look_first=True))
    connector.deliver(work(replace(couple, key="D2"), links=links))
    connector.deliver(work(*(inquiry(number=n) for n in range(3, 9))))
    connector.deliver(work(inquiry(borrower(20), number=20), links={("contact", "B20"): "424242"}))
    later = links_in(connector.deliver(work(account.words.bundle(plain(number=30)))))
    connector.deliver(work(account.words.bundle(handed_over(30)), links=later))
    connector.look([watched(later, 30)])
    mixed = put_on_the_wrong_contact(connector, account)
    assert all_ok(deliver(connector, account, taken_apart(), links=mixed))
    connector.close()
    entries = account.journal()
    return [e for e in entries if e["n"] <= people - 2 or e["n"] > people]


def test_every_request_is_valid(spec: OpenAPI, requests_made: list[dict[str, Any]]) -> None:
    checked = [e for e in requests_made if not e["path"].startswith(NOT_IN_THE_DOCUMENT)]
    faults = {f"{e['method']} {e['path']}": why for e in checked if (why := fault(spec, e))}
    assert faults == {}
    assert len({e["path"] for e in checked}) >= 15


def test_no_request_carries_a_value_that_is_not_text(requests_made: list[dict[str, Any]]) -> None:
    for entry in requests_made:
        inputs = (entry.get("body") or {}).get("inputs", []) if isinstance(entry.get("body"), dict) else []
        for record in inputs:
            assert all(isinstance(value, str) for value in record.get("properties", {}).values())
