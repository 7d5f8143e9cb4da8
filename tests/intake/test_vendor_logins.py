"""Encompass's API over real HTTP: credentials exchanged, failures told apart, nothing followed elsewhere."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from connectors.intake.base import FetchFailed, Options
from connectors.intake.encompass import Encompass
from mapping.answers import Answers, Fetch

GUID = "3f2a1b4c-5d6e-4f70-8a9b-0c1d2e3f4a5b"
ORDER = Fetch("loan", GUID, Answers("encompass", ()))


@dataclass
class Api:
    url: str = ""
    status: int = 200
    token_status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)  # (path, Authorization)
    forms: list[dict[str, list[str]]] = field(default_factory=list)


@pytest.fixture
def api() -> Iterator[Api]:
    state = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append((self.path, self.headers["Authorization"]))
            self._answer(state.status, {"loanNumber": "1"})

        def do_POST(self) -> None:
            state.asked.append((self.path, self.headers["Authorization"]))
            state.forms.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self._answer(
                state.token_status, {"access_token": "fresh-token"} if state.token_status == 200 else {}
            )

        def _answer(self, status: int, body: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield state
    server.shutdown()
    server.server_close()


def test_a_plain_token_is_shown_as_it_is(api: Api) -> None:
    document = Encompass().fetch(ORDER, "plain-token-123", Options(api_url=api.url))
    assert document.json == {"loanNumber": "1"}
    assert api.asked == [(f"/encompass/v3/loans/{GUID}", "Bearer plain-token-123")]


def test_client_id_and_secret_are_exchanged_for_the_instances_token(api: Api) -> None:
    Encompass().fetch(ORDER, "client:secret-123", Options(api_url=api.url, account="BE11223344"))
    basic = "Basic " + base64.b64encode(b"client:secret-123").decode()
    assert api.asked == [
        ("/oauth2/v1/token", basic),
        (f"/encompass/v3/loans/{GUID}", "Bearer fresh-token"),
    ]
    assert api.forms == [
        {"grant_type": ["client_credentials"], "scope": ["lp"], "instance_id": ["BE11223344"]}
    ]


@pytest.mark.parametrize(
    ("status", "again"), [(500, True), (429, True), (503, True), (401, False), (404, False), (302, False)]
)
def test_failures_are_told_apart(api: Api, status: int, again: bool) -> None:
    api.status = status
    api.headers = {"Location": f"{api.url}/elsewhere", "Retry-After": "7"}
    with pytest.raises(FetchFailed) as failed:
        Encompass().fetch(ORDER, "plain-token-123", Options(api_url=api.url))
    assert failed.value.again is again
    assert "plain-token-123" not in f"{failed.value}{failed.value.remedy}"
    assert [path for path, _ in api.asked] == [f"/encompass/v3/loans/{GUID}"]


@pytest.mark.parametrize(("status", "again"), [(401, False), (400, False), (503, True)])
def test_a_refused_login_needs_a_person_and_a_busy_one_patience(api: Api, status: int, again: bool) -> None:
    api.token_status = status
    with pytest.raises(FetchFailed) as failed:
        Encompass().fetch(ORDER, "client:secret-123", Options(api_url=api.url))
    assert failed.value.again is again
    assert "secret-123" not in f"{failed.value}{failed.value.remedy}"


def test_an_api_that_is_away_is_asked_again() -> None:
    with pytest.raises(FetchFailed) as failed:
        Encompass().fetch(ORDER, "plain-token-123", Options(api_url="http://127.0.0.1:9"))
    assert failed.value.again
