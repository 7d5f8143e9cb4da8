"""Every request the connector makes keeps to HighLevel's published contract, headers and all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import requests
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest
from werkzeug.datastructures import MultiDict

from connectors.crm.highlevel import Starts
from connectors.sandbox.highlevel import RunningSandbox
from tests.connectors.account import deliver
from tests.connectors.bundles import borrower, couple, having, inquiry, links_in
from tests.connectors.contract_handing import handed_over, watched
from tests.connectors.highlevel_account import WANTED, HighLevelAccount, connected, emptied
from tests.sandbox.highlevel.contracts import HOST, contracts

pytest_plugins = ("tests.connectors.highlevel_fixtures",)
STARTS = Starts("fp-phase-new", "Speed to lead")
# Users report what may be sent there; the contract tells nothing of the body.
UNDESCRIBED = ("POST /contacts/search",)


@pytest.fixture(scope="module")
def published(shared_folder: Path) -> dict[str, OpenAPI]:
    """The contracts, refusing what they do not name."""
    return contracts(shared_folder / "specs" / "highlevel")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[requests.PreparedRequest]:
    """Every request that leaves, as it leaves."""
    seen: list[requests.PreparedRequest] = []
    send = requests.Session.send

    def witnessed(session: requests.Session, request: requests.PreparedRequest, **how: Any) -> Any:
        if "Version" in request.headers and str(request.headers["User-Agent"]).startswith("Firstpath"):
            seen.append(request)
        return send(session, request, **how)

    monkeypatch.setattr(requests.Session, "send", witnessed)
    return seen


def live_through(account: HighLevelAccount) -> None:
    """Set up, new, adopted, shared, opted out, joined, merged, repeated, a couple and many."""
    account.ask("POST", "/_sandbox/workflows", {"name": "Speed to lead", "published": True})
    with connected(account, starts=STARTS) as crm:
        crm.check()
        crm.schema()
        crm.provision(WANTED)
        account.add_contact({"first_name": "Ana", "email": "ana1@example.com"})
        account.add_contact({"first_name": "Zed", "email": "ben2@example.com"})
        tagged = inquiry(borrower(1), borrower(2, "Ben"), tags=("website",))
        links = links_in(deliver(crm, account, tagged))
        deliver(crm, account, tagged, look_first=True)
        quiet = having(borrower(1), dnd_sms="refused", city="Elora")
        deliver(crm, account, inquiry(quiet, number=2), links=links)
        deliver(crm, account, inquiry(quiet, number=2), look_first=True)
        deliver(
            crm, account, couple(3), inquiry(number=4), inquiry(having(borrower(5), dnd="true"), number=5)
        )
        deliver(crm, account, inquiry(borrower(20), number=20), links={("contact", "B20"): "Gone00000000"})
        crm.find([account.words.bundle(inquiry(borrower(1)))])
        later = links_in(deliver(crm, account, inquiry(number=30)))
        deliver(crm, account, handed_over(30), links=later)
        crm.look([watched(later, 30)])


def faults(published: dict[str, OpenAPI], request: requests.PreparedRequest) -> Iterator[str]:
    """Why a request breaks its contract."""
    path, _, query = str(request.path_url).partition("?")
    body = request.body.encode() if isinstance(request.body, str) else request.body
    asked = MockRequest(
        HOST,
        str(request.method).lower(),
        path,
        args=MultiDict(parse_qsl(query)),
        headers={str(name): str(value) for name, value in request.headers.items()},
        data=body or None,
        content_type=str(request.headers.get("Content-Type", "")),
    )
    try:
        published[path.split("/")[1]].validate_request(asked)
    except OpenAPIError as error:
        detail = getattr(error.__cause__, "schema_errors", None) or error.__cause__ or ""
        yield f"{request.method} {path}: {type(error).__name__} {error} {detail}"


@pytest.mark.parametrize("duplicates", [False, True])
def test_every_request_is_valid(
    published: dict[str, OpenAPI],
    sent: list[requests.PreparedRequest],
    highlevel_sandbox: RunningSandbox,
    duplicates: bool,
) -> None:
    account = emptied(
        highlevel_sandbox, allow_duplicate_contact=duplicates, allow_duplicate_opportunity=duplicates
    )
    live_through(account)
    checked = [r for r in sent if f"{r.method} {r.path_url.partition('?')[0]}" not in UNDESCRIBED]
    assert [fault for request in checked for fault in faults(published, request)] == []
    shapes = {(r.method, r.path_url.partition("?")[0].strip("/").split("/")[0]) for r in sent}
    assert len(shapes) >= 9
    assert {r.headers["Version"] for r in sent} == {"2021-07-28"}
