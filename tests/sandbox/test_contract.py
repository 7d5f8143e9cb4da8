"""The sandbox and HubSpot's own client, held to the client's OpenAPI documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hubspot import HubSpot
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse
from werkzeug.datastructures import MultiDict

from connectors.sandbox.hubspot import RunningSandbox
from tests.sandbox.hub import DEAL, KEY, TASK, Hub

HOST = "http://crm.test"
SPEC = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}


def _loosened(document: Any) -> Any:
    """Strict about keys; lenient where HubSpot really answers null (empty properties, labels)."""
    for schema in document["components"]["schemas"].values():
        properties = schema.get("properties")
        if not properties:
            continue
        schema.setdefault("additionalProperties", False)
        values = properties.get("properties", {}).get("additionalProperties")
        if isinstance(values, dict):
            values["nullable"] = True
        if "label" in properties and "typeId" in properties:
            properties["label"]["nullable"] = True
    document["servers"] = [{"url": HOST}]
    return document


@pytest.fixture(scope="session")
def contracts(shared_folder: Path) -> tuple[OpenAPI, OpenAPI]:
    """For requests as the client sends them, and for answers (with null allowed)."""
    text = (shared_folder / "specs" / "hubspot" / "all.json").read_text()
    strict = json.loads(text)
    for schema in strict["components"]["schemas"].values():
        if schema.get("properties"):
            schema.setdefault("additionalProperties", False)
    strict["servers"] = [{"url": HOST}]
    return OpenAPI.from_dict(strict), OpenAPI.from_dict(_loosened(json.loads(text)))


class Witness:
    """Sees every call that the client makes, as it goes over the wire."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, dict[str, str], bytes, int, bytes]] = []

    def watch(self, client: HubSpot) -> Callable[[str], Any]:
        """A function that gives an API object of the client by its dotted name, watched."""

        def api(dotted: str) -> Any:
            found: Any = client
            for name in dotted.split("."):
                found = getattr(found, name)
            pool = found.api_client.rest_client.pool_manager
            send: Callable[..., Any] = pool.request

            def recorded(method: str, url: str, **options: Any) -> Any:
                answer = send(method, url, **options)
                body = (options.get("body") or "").encode()
                if options.get("fields"):
                    url = answer.geturl() or url
                self.calls.append((method, url, dict(options["headers"]), body, answer.status, answer.data))
                return answer

            pool.request = recorded
            return found

        return api

    def faults(self, contracts: tuple[OpenAPI, OpenAPI], base: str) -> list[str]:
        """Every way in which a request or its answer breaks the contract."""
        return [fault for call in self.calls for fault in _faults(contracts, base, *call)]


def _faults(
    contracts: tuple[OpenAPI, OpenAPI],
    base: str,
    method: str,
    url: str,
    headers: dict[str, str],
    body: bytes,
    status: int,
    data: bytes,
) -> Iterator[str]:
    path, _, query = url.removeprefix(base).partition("?")
    content_type = headers.get("Content-Type", "")
    request = MockRequest(
        HOST,
        method.lower(),
        path.rstrip("/"),
        args=MultiDict(parse_qsl(query)),
        headers=headers,
        data=body or None,
        content_type=content_type,
    )
    response = MockResponse(data, status_code=status, content_type="application/json")
    checks: tuple[Callable[[], object], ...] = (
        lambda: contracts[0].validate_request(request),
        lambda: contracts[1].validate_response(request, response) if data else None,
    )
    for check in checks:
        try:
            check()
        except OpenAPIError as e:
            cause = e.__cause__
            detail = getattr(cause, "schema_errors", None) or cause or ""
            yield f"{method} {path} {status}: {type(e).__name__} {e} {detail}"


def _set_up(api: Callable[[str], Any]) -> None:
    """Every call of provisioning."""
    properties, groups = api("crm.properties.core_api"), api("crm.properties.groups_api")
    groups.create("contacts", {"name": "firstpath", "label": "Firstpath"})
    groups.get_all("contacts")
    properties.create("contacts", {**KEY, "groupName": "firstpath"})
    properties.get_all("contacts")
    properties.get_by_name("contacts", "firstpath_key")
    properties.update("contacts", "firstpath_key", {"label": "Key"})
    api("crm.properties.batch_api").read("contacts", {"archived": False, "inputs": [{"name": "email"}]})
    owner = api("crm.owners.owners_api").get_page(limit=2).results[0]
    api("crm.owners.owners_api").get_by_id(owner.id)
    pipelines = api("crm.pipelines.pipelines_api")
    stages = [{"label": "New", "displayOrder": 0, "metadata": {"probability": "0.1"}}]
    made = pipelines.create("deals", {"label": "Mortgages", "displayOrder": 1, "stages": stages})
    pipelines.get_all("deals")
    stage = {"label": "Funded", "displayOrder": 1, "metadata": {"probability": "1.0"}}
    api("crm.pipelines.pipeline_stages_api").create("deals", made.id, stage)


def _write_people(api: Callable[[str], Any]) -> list[str]:
    """Every call that makes, reads, changes and finds contacts; the ids of three."""
    contacts, batches = api("crm.contacts.basic_api"), api("crm.contacts.batch_api")
    ana = contacts.create({"properties": {"email": "ana@example.com"}, "associations": []})
    assert ana.id
    contacts.update(ana.id, {"properties": {"firstname": "Ana"}})
    contacts.get_by_id(ana.id, properties=["email", "city"], associations=["deals"])
    contacts.get_page(limit=5, properties=["email"])
    people = [{"properties": {"firstname": str(n)}, "associations": []} for n in range(2)]
    made = batches.create({"inputs": people}).results
    upsert = {"id": "k1", "idProperty": "firstpath_key", "properties": {"firstname": "Dee"}}
    assert batches.upsert({"inputs": [upsert]}).results[0].new is True
    batches.update({"inputs": [{"id": made[0].id, "properties": {"city": "Toronto"}}]})
    batches.read({"inputs": [{"id": ana.id}, {"id": "7"}], "properties": [], "propertiesWithHistory": []})
    has_email = {"propertyName": "email", "operator": "EQ", "value": "ana@example.com"}
    groups = [{"filters": [has_email]}]
    search = {"filterGroups": groups, "properties": [], "sorts": [], "limit": 1, "after": "0"}
    assert api("crm.contacts.search_api").do_search(search).total == 1
    return [ana.id, *(one.id for one in made)]


def _link_and_clear(api: Callable[[str], Any], ana: str, ben: str, cem: str) -> None:
    """Every call that links, merges and archives."""
    inline = [{"to": {"id": ana}, "types": [SPEC]}]
    deals = api("crm.deals.basic_api")
    deal = deals.create({"properties": DEAL, "associations": inline})
    deals.get_by_id(deal.id, properties_with_history=["dealstage"], associations=["contacts"])
    task = api("crm.objects.tasks.basic_api").create({"properties": TASK, "associations": []})
    links, batches = api("crm.associations.v4.basic_api"), api("crm.associations.v4.batch_api")
    links.create_default("tasks", task.id, "contacts", ana)
    links.create("deals", deal.id, "contacts", ben, [SPEC])
    assert links.get_page("contacts", ana, "tasks").results
    pair = {"from": {"id": deal.id}, "to": {"id": cem}}
    batches.create_default("deals", "contacts", {"inputs": [pair]})
    batches.create("deals", "contacts", {"inputs": [{**pair, "types": [SPEC]}]})
    batches.get_page("deals", "contacts", {"inputs": [{"id": deal.id}, {"id": "7"}]})
    links.archive("deals", deal.id, "contacts", cem)
    contacts = api("crm.contacts.basic_api")
    contacts.archive(contacts.merge({"primaryObjectId": ana, "objectIdToMerge": ben}).id)
    api("crm.contacts.batch_api").archive({"inputs": [{"id": cem}]})
    api("crm.objects.tasks.batch_api").archive({"inputs": [{"id": task.id}]})


@pytest.fixture
def client(sandbox: RunningSandbox) -> HubSpot:
    """HubSpot's own client, aimed at the sandbox."""
    return HubSpot(access_token=sandbox.token, host=sandbox.url, retry=False)


def test_the_clients_requests_and_the_sandboxs_answers_keep_the_contract(
    client: HubSpot, sandbox: RunningSandbox, contracts: tuple[OpenAPI, OpenAPI]
) -> None:
    witness = Witness()
    api = witness.watch(client)
    _set_up(api)
    _link_and_clear(api, *_write_people(api))
    assert len(witness.calls) >= 35
    assert witness.faults(contracts, sandbox.url) == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/crm/v3/objects/contacts", {"properties": {"nonsense": "x"}}),
        ("POST", "/crm/v3/objects/contacts", {"properties": {}}),
        ("GET", "/crm/v3/objects/contacts/7", None),
        ("POST", "/crm/v3/objects/contacts/batch/create", {"inputs": "x"}),
        ("GET", "/crm/v3/properties/contacts/nonsense", None),
        ("POST", "/crm/v3/properties/contacts", {**KEY, "name": "email"}),
        ("GET", "/crm/v3/owners/7", None),
        ("GET", "/crm/v3/pipelines/deals/7", None),
        ("PUT", "/crm/v4/objects/tasks/7/associations/default/contacts/8", None),
    ],
)
def test_errors_have_the_shape_that_the_contract_gives(
    hub: Hub, contracts: tuple[OpenAPI, OpenAPI], method: str, path: str, body: object
) -> None:
    answer = hub.call(method, path, body)
    assert answer.status_code >= 400
    request = MockRequest(HOST, method.lower(), path)
    schema_free = {key: value for key, value in answer.json().items() if key != "status"}
    content = json.dumps(schema_free).encode()
    response = MockResponse(content, status_code=answer.status_code, content_type="application/json")
    contracts[1].validate_response(request, response)


def test_the_client_maps_errors_to_its_own_exceptions(client: HubSpot) -> None:
    api = client.crm.contacts.basic_api
    with pytest.raises(Exception, match="OBJECT_NOT_FOUND") as caught:
        api.get_by_id("7")
    assert caught.value.status == 404  # type: ignore[attr-defined]
    api.create({"properties": {"email": "ana@example.com"}, "associations": []})
    with pytest.raises(Exception, match=r"Existing ID: \d+") as caught:
        api.create({"properties": {"email": "ana@example.com"}, "associations": []})
    assert caught.value.status == 409  # type: ignore[attr-defined]
