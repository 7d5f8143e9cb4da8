"""Faults: each kind as a client sees it, what was done meanwhile, and when a rule hits."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from connectors.sandbox.fault_document import parse_faults, read_faults
from connectors.sandbox.faults import Faults
from connectors.sandbox.hubspot import OptionsError
from tests.sandbox.hub import OBJECTS, Hub

ANA = {"properties": {"email": "ana@example.com"}}


def create(hub: Hub, timeout: float = 5) -> requests.Response:
    """Try to create a contact."""
    url = f"{hub.sandbox.url}{OBJECTS}/contacts"
    return hub.session.post(url, json=ANA, timeout=timeout)


def made(hub: Hub) -> int:
    """How many contacts there are in truth."""
    return hub.sandbox.state.counts()["contacts"]


@pytest.mark.parametrize(
    ("rule", "status", "done"),
    [
        ({"kind": "status_before", "status": 503}, 503, False),
        ({"kind": "status_after", "status": 500}, 500, True),
        ({"kind": "status_after", "status": 524}, 524, True),
        ({"kind": "status_before", "status": 477, "retry_after": 3600}, 477, False),
        ({"kind": "rate_limit"}, 429, False),
        ({"kind": "unauthorized"}, 401, False),
        ({"kind": "garbage"}, 200, False),
        ({"kind": "garbage", "content": "cut_json"}, 200, True),
        ({"kind": "timeout_before", "seconds": 0.01}, 504, False),
        ({"kind": "timeout_after", "seconds": 0.01}, 504, True),
        ({"kind": "slow", "seconds": 0.01}, 201, True),
    ],
)
def test_a_fault_answers_its_status_and_does_the_work_or_not(
    hub: Hub, rule: dict[str, Any], status: int, done: bool
) -> None:
    hub.sandbox.set_faults([rule])
    assert (create(hub).status_code, made(hub)) == (status, int(done))
    assert hub.sandbox.journal.since()[-1]["fault"] == rule["kind"]


@pytest.mark.parametrize(("kind", "done"), [("reset_before", 0), ("reset_after", 1)])
def test_a_reset_is_a_true_tcp_reset(hub: Hub, kind: str, done: int) -> None:
    hub.sandbox.set_faults([{"kind": kind}])
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        create(hub)
    assert made(hub) == done
    hub.sandbox.set_faults([])
    assert hub.get(f"{OBJECTS}/contacts").status_code == 200


@pytest.mark.parametrize(("kind", "done"), [("timeout_before", 0), ("timeout_after", 1)])
def test_a_held_connection_times_out_and_is_let_go_when_the_client_leaves(
    hub: Hub, kind: str, done: int
) -> None:
    hub.sandbox.set_faults([{"kind": kind, "seconds": 600}])
    with pytest.raises(requests.ReadTimeout):
        create(hub, timeout=0.1)
    assert made(hub) == done
    assert hub.sandbox.journal.since()[-1]["fault"] == kind


@pytest.mark.parametrize(
    ("retry_after", "header"),
    [(None, None), (7, "7"), (0.5, "0.5"), ("Wed, 04 Mar 2026 10:00:00 GMT",) * 2],
)
def test_a_rate_limit_fault_chooses_policy_and_retry_after(
    hub: Hub, retry_after: object, header: str | None
) -> None:
    hub.sandbox.set_faults([{"kind": "rate_limit", "policy": "DAILY", "retry_after": retry_after}])
    answer = create(hub)
    assert (answer.json()["policyName"], answer.headers.get("Retry-After")) == ("DAILY", header)


def test_garbage_is_html_or_broken_json(hub: Hub) -> None:
    hub.sandbox.set_faults([{"kind": "garbage"}])
    assert create(hub).text.startswith("<!DOCTYPE html>")
    hub.sandbox.set_faults([{"kind": "garbage", "content": "cut_json"}])
    answer = create(hub)
    assert answer.text.startswith('{"id":')
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_an_expired_token_has_its_own_category(hub: Hub) -> None:
    hub.sandbox.set_faults([{"kind": "unauthorized", "content": "expired"}])
    assert create(hub).json()["category"] == "EXPIRED_AUTHENTICATION"


@pytest.mark.parametrize(
    ("rule", "hits"),
    [
        ({}, "xxxxx"),
        ({"nth": 2}, ".x..."),
        ({"nth": 2, "times": 2}, ".xx.."),
        ({"times": 2}, "xx..."),
        ({"probability": 0.0}, "....."),
        ({"method": "post"}, "xxxxx"),
        ({"method": "GET"}, "....."),
        ({"path": "/contacts$"}, "xxxxx"),
        ({"path": "^/contacts"}, "....."),
        ({"body": "ana@"}, "xxxxx"),
        ({"body": "ben@"}, "....."),
    ],
)
def test_a_rule_hits_the_requests_it_describes(rule: dict[str, Any], hits: str) -> None:
    faults = Faults()
    faults.set(*parse_faults([{"kind": "reset_before", **rule}]))
    body = json.dumps(ANA).encode()
    picked = [faults.pick("POST", f"{OBJECTS}/contacts", body) for _ in range(5)]
    assert "".join("x" if one else "." for one in picked) == hits


def test_chance_repeats_with_the_same_seed() -> None:
    def hits(seed: int) -> list[bool]:
        faults = Faults()
        faults.set(*parse_faults({"seed": seed, "rules": [{"kind": "reset_before", "probability": 0.5}]}))
        return [bool(faults.pick("GET", "/x", b"")) for _ in range(200)]

    assert hits(7) == hits(7) != hits(8)
    assert 60 < sum(hits(7)) < 140


def test_the_first_rule_that_hits_wins_and_slow_ones_add_to_it() -> None:
    faults = Faults()
    kinds = ["slow", "status_before", "reset_before"]
    faults.set(*parse_faults([{"kind": kind, "seconds": 0} for kind in kinds]))
    assert [rule.kind for rule in faults.pick("GET", "/x", b"")] == ["slow", "status_before"]
    assert [row["hit"] for row in faults.json()] == [1, 1, 0]


WRONG = [
    ("x", "must be a list of rules"),
    ({"rules": [], "other": 1}, "only rules and seed"),
    ([5], "Rule 1 must be an object"),
    ([{"kind": "slow"}, {"kind": "explode"}], "Rule 2: kind must be one of status_before"),
    ([{"kind": "slow", "delay": 1}], "unknown key 'delay'; known are kind, method"),
    ([{"kind": "slow", "seconds": "1"}], "seconds must be of type int or float"),
    ([{"kind": "slow", "seconds": -1}], "seconds must be between 0 and 600"),
    ([{"kind": "slow", "path": "("}], "path is not a regular expression"),
    ([{"kind": "slow", "nth": 0}], "nth counts from 1"),
    ([{"kind": "slow", "times": True}], "times must be of type int or null"),
    ([{"kind": "slow", "probability": 2}], "probability must be between 0 and 1"),
    ([{"kind": "status_before", "status": 200}], "status must be between 400 and 599"),
    ([{"kind": "garbage", "content": "xml"}], "content 'xml' does not fit the kind"),
]


@pytest.mark.parametrize(("document", "message"), WRONG)
def test_a_wrong_fault_document_is_explained(hub: Hub, document: object, message: str) -> None:
    with pytest.raises(OptionsError, match=message.replace("(", r"\(")):
        parse_faults(document)
    answer = hub.call("PUT", "/_sandbox/faults", document)
    assert (answer.status_code, message in answer.json()["message"]) == (400, True)


def test_a_fault_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "faults.json"
    with pytest.raises(OptionsError, match=r"faults\.json cannot be read"):
        read_faults(path)
    path.write_text("{")
    with pytest.raises(OptionsError, match=r"faults\.json is not JSON"):
        read_faults(path)
    path.write_text('[{"kind": "explode"}]')
    with pytest.raises(OptionsError, match=r"faults\.json: Rule 1: kind"):
        read_faults(path)


def test_faults_are_set_read_and_cleared_over_http(hub: Hub) -> None:
    hub.call("PUT", "/_sandbox/faults", [{"kind": "status_before", "status": 502, "times": 1}])
    assert create(hub).status_code == 502
    rule = hub.get("/_sandbox/faults").json()["rules"][0]
    assert (rule["matched"], rule["hit"]) == (1, 1)
    assert hub.call("DELETE", "/_sandbox/faults").status_code == 204
    assert hub.get("/_sandbox/faults").json()["rules"] == []


def test_latency_delays_every_answer(hub: Hub) -> None:
    hub.sandbox.configure(latency=0.05)
    started = time.perf_counter()
    hub.get(f"{OBJECTS}/contacts")
    assert time.perf_counter() - started >= 0.05
