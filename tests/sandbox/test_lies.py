"""Answers that lie: literal ones, pages, floods, bombs, redirects, halves, and another record's id."""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest
import requests

from connectors.sandbox.answers import Answer, json_answer
from connectors.sandbox.fault_document import parse_faults
from connectors.sandbox.faults import FaultRule
from connectors.sandbox.hubspot import OptionsError
from connectors.sandbox.hubspot.answers import HubSpotLooks
from connectors.sandbox.lie_bodies import BIG_JSON_BYTES, BOMB_BYTES
from connectors.sandbox.lies import faulty, neighbouring_id
from tests.sandbox.hub import OBJECTS, Hub

ANA = {"properties": {"email": "ana@example.com"}}


def create(hub: Hub, **options: Any) -> requests.Response:
    """Try to create a contact."""
    return hub.call("POST", f"{OBJECTS}/contacts", ANA, **options)


def made(hub: Hub) -> int:
    """How many contacts there are in truth."""
    return hub.sandbox.state.counts()["contacts"]


@pytest.mark.parametrize("done", [True, False])
def test_a_literal_answer_is_given_done_or_not(hub: Hub, done: bool) -> None:
    rule = {"kind": "answer", "done": done, "status": 207, "text": '{"results":[]}', "headers": {"X-A": "b"}}
    hub.sandbox.set_faults([rule])
    answer = create(hub)
    assert (answer.status_code, answer.json(), answer.headers["X-A"]) == (207, {"results": []}, "b")
    assert answer.headers["Content-Type"].startswith("application/json")
    assert made(hub) == int(done)
    assert hub.sandbox.journal.since()[-1]["fault"] == "answer"


def test_headers_replace_the_usual_ones(hub: Hub) -> None:
    headers = {"content-type": "text/plain"}
    hub.sandbox.set_faults([{"kind": "answer", "text": "OK", "headers": headers}])
    answer = create(hub)
    assert (answer.text, answer.headers["Content-Type"]) == ("OK", "text/plain")


def test_an_empty_answer_and_a_page(hub: Hub) -> None:
    hub.sandbox.set_faults([{"kind": "answer", "content": "empty", "done": True}])
    assert (create(hub).content, made(hub)) == (b"", 1)
    hub.sandbox.set_faults([{"kind": "answer", "content": "html", "status": 503}])
    answer = create(hub)
    assert (answer.status_code, answer.text.startswith("<!DOCTYPE html>")) == (503, True)
    assert answer.headers["Content-Type"].startswith("text/html")


def test_five_megabytes_are_valid_json(hub: Hub) -> None:
    hub.sandbox.set_faults([{"kind": "answer", "content": "big_json"}])
    answer = create(hub)
    assert len(answer.content) >= BIG_JSON_BYTES
    assert answer.json()["results"][0]["id"] == "1"


def test_a_bomb_is_small_on_the_wire_and_inflates_far(hub: Hub) -> None:
    hub.sandbox.set_faults([{"kind": "answer", "content": "gzip_bomb"}])
    answer = create(hub, stream=True)
    packed = answer.raw.read(decode_content=False)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(packed) < 2_000_000
    opened, inflated, last = zlib.decompressobj(16 + zlib.MAX_WBITS), 0, b""
    while packed:
        chunk = opened.decompress(packed, 16 * 1024 * 1024)
        inflated, last, packed = inflated + len(chunk), chunk or last, opened.unconsumed_tail
    assert inflated >= BOMB_BYTES
    assert opened.eof
    assert last.endswith(b'"}')


def test_a_redirect_leads_to_a_page_that_answers_200(hub: Hub) -> None:
    hub.sandbox.set_faults([{"kind": "answer", "content": "redirect"}])
    answer = create(hub, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/_sandbox/login")
    followed = create(hub)
    assert (followed.status_code, "Log in" in followed.text) == (200, True)
    elsewhere = {"Location": "http://127.0.0.1:9/"}
    hub.sandbox.set_faults([{"kind": "answer", "content": "redirect", "status": 307, "headers": elsewhere}])
    answer = create(hub, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (307, "http://127.0.0.1:9/")


def test_half_an_answer_promises_more_than_comes(hub: Hub) -> None:
    hub.sandbox.set_faults([{"kind": "answer", "content": "half", "done": True}])
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        create(hub)
    assert made(hub) == 1
    hub.sandbox.set_faults([])
    assert create(hub).status_code == 409


def test_another_records_id_is_named(hub: Hub) -> None:
    hub.sandbox.set_faults([{"kind": "swap_id"}])
    named = create(hub).json()["id"]
    (true,) = hub.sandbox.state.records("contacts")
    assert (named != true, len(named)) == (True, len(true))
    hub.sandbox.set_faults([{"kind": "swap_id", "text": "77"}])
    rows = hub.call("GET", f"{OBJECTS}/contacts").json()["results"]
    assert [one["id"] for one in rows] == ["77"]


def swapped(body: object, text: str = "") -> Answer | None:
    """What becomes of an answer."""
    return faulty(FaultRule("swap_id", text=text), json_answer(200, body), HubSpotLooks())


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ({"contact": {"id": "aZ9"}, "traceId": "t"}, {"contact": {"id": "aZ0"}, "traceId": "t"}),
        ([{"Id": "00Qz"}, {"Id": "00Qz"}], [{"Id": "00Qa"}, {"Id": "00Qz"}]),
        ({"id": 41, "x": {"id": "b"}}, {"id": 42, "x": {"id": "b"}}),
        ({"id": True, "inner": {"id": "5"}}, {"id": True, "inner": {"id": "6"}}),
        ({"name": "no id"}, {"name": "no id"}),
    ],
)
def test_the_first_id_is_swapped_wherever_it_is(body: object, after: object) -> None:
    answer = swapped(body)
    assert answer is not None
    assert json.loads(answer.body) == after
    assert dict(answer.headers)["Content-Length"] == str(len(answer.body))


def test_what_is_no_json_stays() -> None:
    page = Answer(204, [], b"")
    assert faulty(FaultRule("swap_id"), page, HubSpotLooks()) == page
    assert neighbouring_id("--") == "--1"


WRONG = [
    ({"kind": "answer", "content": "half"}, 'it needs "done": true'),
    ({"kind": "answer", "content": "xml"}, "content 'xml' does not fit the kind"),
    ({"kind": "answer", "content": "html", "text": "x"}, "text and content exclude each other"),
    ({"kind": "answer", "content": "redirect", "status": 200}, "between 300 and 399"),
    ({"kind": "answer", "status": 100}, "status of an answer must be between 200 and 599"),
    ({"kind": "answer", "done": 1}, "done must be of type bool"),
    ({"kind": "answer", "headers": ["x"]}, "headers must be of type dict"),
    ({"kind": "answer", "headers": {"X": 1}}, "headers must be an object of texts"),
    ({"kind": "answer", "headers": {"X": "a\nb"}}, "without line breaks"),
    ({"kind": "slow", "done": True}, "done belongs to the kind answer, not to slow"),
    ({"kind": "slow", "text": "x"}, "text belongs to the kind answer or swap_id"),
    ({"kind": "unauthorized", "content": "cut_json"}, "does not fit the kind"),
]


@pytest.mark.parametrize(("rule", "message"), WRONG)
def test_a_wrong_rule_is_explained(rule: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionsError) as caught:
        parse_faults([rule])
    assert message in str(caught.value)


def test_a_scope_that_is_missing_can_be_ordered(hub: Hub) -> None:
    hub.sandbox.set_faults([{"kind": "unauthorized", "content": "scope"}])
    answer = create(hub)
    assert (answer.status_code, answer.json()["category"]) == (403, "MISSING_SCOPES")


def test_a_rule_reads_back_as_it_was_written(hub: Hub) -> None:
    rule = {"kind": "answer", "done": True, "content": "empty", "status": 202}
    shown = hub.call("PUT", "/_sandbox/faults", [rule]).json()["rules"][0]
    assert {name: shown[name] for name in rule} == rule
    again = {name: value for name, value in shown.items() if name not in ("matched", "hit")}
    assert hub.call("PUT", "/_sandbox/faults", [{**rule, "headers": again["headers"]}]).status_code == 200
