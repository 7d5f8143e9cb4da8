"""Fetching what a notice points to, from a real HTTP server on this machine."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from connectors.intake.base import Document, FetchFailed, Options, Unreadable
from connectors.intake.linkedin import LinkedIn
from connectors.intake.meta_lead_ads import MetaLeadAds
from connectors.intake.vendor_api import get_json
from mapping.answers import Answers, Fetch

TOKEN = "api-token"
LEAD = {"field_data": [{"name": "email", "values": ["ana@example.com"]}]}


@dataclass
class Api:
    """What the stand-in answers, and what it was asked."""

    url: str = ""
    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    by_path: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def api() -> Iterator[Api]:
    """A vendor's API."""
    stand_in = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            stand_in.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            body = stand_in.by_path.get(self.path.partition("?")[0], stand_in.body)
            self.send_response(stand_in.status)
            for name, value in stand_in.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    stand_in.url = f"http://127.0.0.1:{server.server_port}"
    yield stand_in
    server.shutdown()
    server.server_close()


def order(id_: str = "1203300000000044", form: str = "") -> Fetch:
    from mapping.answers import Origin

    return Fetch("lead", id_, Answers("x", (), external_id=id_, origin=Origin(form_id=form)))


def meta(api: Api, id_: str = "1203300000000044", token: str = TOKEN) -> Document:
    return MetaLeadAds().fetch(order(id_), token, Options(api_url=api.url))


def failure(api: Api, status: int, body: bytes = b"", **headers: str) -> FetchFailed:
    api.status, api.body = status, body
    api.headers = {name.replace("_", "-"): value for name, value in headers.items()}
    with pytest.raises(FetchFailed) as failed:
        meta(api)
    return failed.value


def test_the_lead_is_asked_for_with_the_token_in_a_header(api: Api) -> None:
    api.body = json.dumps(LEAD).encode()
    assert meta(api).json == LEAD
    ((path, headers),) = api.asked
    assert path.startswith("/1203300000000044?fields=created_time")
    assert headers["authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in path


@pytest.mark.parametrize("id_", ["../me", "1?x=", "1/2", "", "١٢٣٤٥٦", "1" * 40, "1203300000000044\n"])
def test_no_other_id_gets_into_an_address(api: Api, id_: str) -> None:
    with pytest.raises(FetchFailed):
        meta(api, id_)
    assert api.asked == []


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_may_pass_is_asked_again(api: Api, status: int) -> None:
    assert failure(api, status).again


@pytest.mark.parametrize("status", [301, 302, 400, 401, 403, 404, 410, 422])
def test_what_will_not_pass_is_left_to_a_person(api: Api, status: int) -> None:
    failed = failure(api, status, Location="http://127.0.0.1:9/elsewhere")
    assert not failed.again
    assert failed.remedy
    assert len(api.asked) == 1


def test_graph_may_say_with_400_that_it_is_only_for_now(api: Api) -> None:
    assert failure(api, 400, b'{"error":{"code":2,"message":"x"}}').again
    assert failure(api, 400, b'{"error":{"code":100,"is_transient":true}}').again
    assert not failure(api, 400, b'{"error":{"code":190}}').again


@pytest.mark.parametrize(("value", "wait"), [("12", 12.0), ("999999", 3600.0), ("soon", 0.0), ("", 0.0)])
def test_the_vendor_says_how_long_to_wait(api: Api, value: str, wait: float) -> None:
    assert failure(api, 429, Retry_After=value).retry_after == wait


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff", b"[" * 50_000])
def test_an_answer_that_is_no_json_is_asked_for_again(api: Api, body: bytes) -> None:
    assert failure(api, 200, body).again


def test_an_answer_without_end_is_not_read_to_the_end(api: Api) -> None:
    assert not failure(api, 200, b'"' + b"x" * 11_000_000 + b'"').again


def test_nobody_there_is_asked_again() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(FetchFailed) as failed:
        get_json("Meta", url, TOKEN, params={})
    assert failed.value.again


def test_without_a_token_nothing_is_asked(api: Api) -> None:
    with pytest.raises(FetchFailed) as failed:
        meta(api, token="")
    assert not failed.value.again
    assert api.asked == []


def test_linkedin_asks_for_the_form_when_the_response_came_without(api: Api) -> None:
    form = {
        "content": {
            "questions": [
                {"questionId": 1, "predefinedField": "EMAIL"},
                {
                    "questionId": 2,
                    "name": "need",
                    "question": {"localized": {"en_US": "What do you need?"}},
                    "questionDetails": {
                        "multipleChoiceQuestionDetails": {"options": [{"id": 7, "text": "Refinance"}]}
                    },
                },
            ],
            "legalInfo": {"consents": [{"id": 5, "consent": {"localized": {"en_US": "You may call me."}}}]},
        }
    }
    lead = {
        "submittedAt": 1741111190000,
        "formResponse": {
            "answers": [
                {"questionId": 1, "answerDetails": {"textQuestionAnswer": {"answer": "ana@example.com"}}},
                {"questionId": 2, "answerDetails": {"multipleChoiceAnswer": {"options": [7]}}},
            ],
            "consentResponses": [{"consentId": 5, "accepted": True}],
        },
    }
    api.by_path = {
        "/leadFormResponses/abc-1": json.dumps(lead).encode(),
        "/leadForms/33": json.dumps(form).encode(),
    }
    options, wanted = Options(api_url=api.url), order("abc-1", form="33")
    document = LinkedIn().fetch(wanted, TOKEN, options)
    (answers,) = LinkedIn().fetched(wanted, document, options)
    assert isinstance(answers, Answers)
    assert [(one.field, one.label, one.text) for one in answers.items] == [
        ("email", "", "ana@example.com"),
        ("", "What do you need?", "Refinance"),
        ("consent", "You may call me.", "yes"),
    ]
    assert all(headers["linkedin-version"] for _, headers in api.asked)
    with pytest.raises(FetchFailed):
        LinkedIn().fetch(order("../../me"), TOKEN, options)


@pytest.mark.parametrize("body", [{}, [], None, {"field_data": 1}, {"error": {"code": 1}}])
def test_an_answer_of_another_shape_is_unreadable(body: object) -> None:
    for adapter in (MetaLeadAds(), LinkedIn()):
        with pytest.raises(Unreadable):
            adapter.fetched(order(), Document("json", json=body), Options())  # type: ignore[arg-type]
