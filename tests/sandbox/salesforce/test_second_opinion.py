"""One story told by simple-salesforce to the sandbox and to simple-mockforce: both must see the same."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
import requests
from requests.adapters import HTTPAdapter

from tests.sandbox.salesforce.org import Org

ABSENT = "{} is not installed: the second opinion on creates and upserts cannot be heard"
NAMES = ("simple_salesforce", "simple_mockforce")
Story = list[tuple[str, object]]


class _PlainHttp(HTTPAdapter):
    """simple-salesforce insists on https; the sandbox speaks plain http on loopback."""

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        request.url = urlunsplit(("http", *urlsplit(str(request.url))[1:]))
        return super().send(request, *args, **options)


@pytest.fixture
def modules() -> tuple[Any, Any]:
    """simple-salesforce and simple-mockforce; the test is skipped without them."""
    for name in NAMES:
        if find_spec(name) is None:
            pytest.skip(ABSENT.format(name))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # both libraries import modules that Python has deprecated
        client, mock = (importlib.import_module(name) for name in NAMES)
    return client, mock


def told(sf: Any) -> Story:
    """What happens, in a form that does not depend on ids and stamps."""
    story: Story = []
    path = "Key__c/k-1"
    for fields in ({"LastName": "Roy", "FirstName": "Ada"}, {"LastName": "Roy", "FirstName": "Eve"}):
        answer = sf.Contact.upsert(path, fields, raw_response=True)
        story.append(("upsert", answer.status_code))
    story.append(("by key", sf.Contact.get(path)["FirstName"]))
    made = sf.Contact.create({"LastName": "Chen", "Email": "chen@example.com", "Key__c": "k-2"})
    story.append(("created", (made["success"], len(made["id"]), made["errors"])))
    story.append(("all", _names(sf, "SELECT Id, LastName FROM Contact ORDER BY LastName")))
    story.append(("one", _names(sf, "SELECT LastName FROM Contact WHERE Key__c = 'k-2'")))
    story.append(("some", _names(sf, "SELECT LastName FROM Contact WHERE Key__c IN ('k-1', 'k-3')")))
    story.append(("update", sf.Contact.update(made["id"], {"LastName": "Chan"})))
    story.append(("read", sf.Contact.get(made["id"])["LastName"]))
    story.append(("delete", sf.Contact.delete(made["id"])))
    story.append(("left", _names(sf, "SELECT LastName FROM Contact")))
    return story


def _names(sf: Any, statement: str) -> list[str]:
    return [one["LastName"] for one in sf.query(statement)["records"]]


def _mended(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """simple-mockforce answers an upsert 204 with a body, which urllib3 2 refuses: make it 201 or 200."""

    def update(request: Any) -> Any:
        status, headers, body = original(request)
        if status == 204 and body:
            status = 201 if '"created": true' in body else 200
        return status, headers, body

    return update


def test_both_see_the_same(keyed: Org, modules: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    client, mock = modules
    monkeypatch.setattr(mock, "update_callback", _mended(mock.update_callback))
    seen: list[Story] = []

    @mock.mock_salesforce  # type: ignore[untyped-decorator]
    def elsewhere() -> None:
        seen.append(told(client.Salesforce(session_id="s", instance_url="https://acme.my.salesforce.com")))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        elsewhere()
    with requests.Session() as session:
        session.mount("https://", _PlainHttp())
        ours = client.Salesforce(
            session_id=keyed.sandbox.token(),
            instance_url=keyed.sandbox.url,
            session=session,
            version="62.0",
        )
        seen.append(told(ours))
    assert seen[1] == seen[0]
    assert dict(seen[1])["left"] == ["Roy"]
