"""Limits, ordered faults, seeds and the sandbox's own paths."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from connectors.sandbox.salesforce import OptionsError, SandboxOptions
from tests.conftest import ROOT
from tests.sandbox.hub import Clock
from tests.sandbox.salesforce.org import LEAD, Org, error


def test_calls_are_counted_over_24_hours(org: Org, clock: Clock) -> None:
    org.sandbox.configure(daily_limit=3)
    answers = [org.get("/sobjects") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 403]
    assert [one.headers["Sforce-Limit-Info"] for one in answers[:3]] == [
        f"api-usage={n}/3" for n in (1, 2, 3)
    ]
    assert answers[3].json() == [
        {"message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"}
    ]
    clock.now += 86_400 - 120
    org.sign_in()
    assert org.get("/sobjects").status_code == 403
    clock.now += 180
    assert org.get("/limits").json()["DailyApiRequests"] == {"Max": 3, "Remaining": 2}


@pytest.mark.parametrize(
    ("rule", "status", "code", "done"),
    [
        ({"kind": "rate_limit"}, 403, "REQUEST_LIMIT_EXCEEDED", False),
        ({"kind": "unauthorized"}, 401, "INVALID_SESSION_ID", False),
        ({"kind": "unauthorized", "content": "scope"}, 403, "API_DISABLED_FOR_ORG", False),
        ({"kind": "status_before", "status": 400}, 400, "UNABLE_TO_LOCK_ROW", False),
        (
            {"kind": "status_before", "status": 500, "policy": "UNABLE_TO_LOCK_ROW"},
            500,
            "UNABLE_TO_LOCK_ROW",
            False,
        ),
        ({"kind": "status_after", "status": 500}, 500, "UNKNOWN_EXCEPTION", True),
        (
            {"kind": "status_before", "status": 503, "policy": "SERVER_UNAVAILABLE"},
            503,
            "SERVER_UNAVAILABLE",
            False,
        ),
    ],
)
def test_a_fault_looks_like_salesforce(
    org: Org, rule: dict[str, Any], status: int, code: str, done: bool
) -> None:
    org.sandbox.set_faults([rule])
    assert error(org.post("/sobjects/Lead", LEAD)) == (status, code)
    assert org.count("Lead") == int(done)


def test_maintenance_is_a_web_page_and_concurrency_a_limit_of_its_own(org: Org) -> None:
    org.sandbox.set_faults([{"kind": "status_before", "status": 503, "retry_after": 5}])
    answer = org.post("/sobjects/Lead", LEAD)
    assert (answer.headers["Content-Type"], answer.headers["Retry-After"]) == (
        "text/html; charset=utf-8",
        "5",
    )
    org.sandbox.set_faults([{"kind": "rate_limit", "policy": "ConcurrentPerOrgLongTxn"}])
    message = org.post("/sobjects/Lead", LEAD).json()[0]["message"]
    assert message == "ConcurrentPerOrgLongTxn Limit exceeded."


def test_a_swapped_id_is_another_well_formed_one(org: Org) -> None:
    org.sandbox.set_faults([{"kind": "swap_id"}])
    told = org.post("/sobjects/Lead", LEAD).json()["id"]
    (true,) = org.sandbox.state.records("Lead")
    org.sandbox.set_faults([])
    assert told != true
    assert org.lead() == told  # it was the id of the next one


def test_a_reset_after_the_work_hides_that_it_was_done(keyed: Org) -> None:
    keyed.sandbox.set_faults([{"kind": "reset_after", "nth": 1}])
    with pytest.raises(requests.ConnectionError):
        keyed.patch("/sobjects/Lead/Key__c/l-1", LEAD)
    assert keyed.patch("/sobjects/Lead/Key__c/l-1", LEAD).json()["created"] is False


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lead_duplicates": "perhaps"}, "lead_duplicates must be one of off, allow, block"),
        ({"duplicate_matching": "both"}, "duplicate_matching must be one of"),
        ({"lead_assignment": "nobody@example.com"}, "lead_assignment must be a user's email"),
        ({"restricted_picklists": ["Status"]}, "restricted_picklists holds names"),
        ({"latency": -1}, "latency must be zero or more"),
        ({"daily_limit": 0}, "daily_limit must be at least 1"),
        ({"session_seconds": 0}, "session_seconds must be more than zero"),
        ({"users": []}, "no option 'users'"),
        ({"daily_limit": "5"}, "daily_limit must be of type int | None"),
    ],
)
def test_wrong_options_are_explained(org: Org, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionsError, match=message.replace("|", r"\|")):
        org.sandbox.configure(**changes)
    answer = org.call("PUT", "/_sandbox/options", changes)
    assert (answer.status_code, message in answer.json()["message"]) == (400, True)


def test_state_journal_and_reset_over_http(org: Org) -> None:
    lead = org.lead()
    org.call("DELETE", f"/sobjects/Lead/{lead}")
    state = org.get("/_sandbox/state", type="lead").json()
    assert [(one["Id"], one["IsDeleted"]) for one in state["Lead"]] == [(lead, True)]
    entries = org.get("/_sandbox/journal").json()["entries"]
    assert [(one["method"], one["status"]) for one in entries] == [("POST", 201), ("DELETE", 204)]
    assert org.get("/_sandbox/counts").json()["Lead"] == 0
    assert org.call("POST", "/_sandbox/reset").status_code == 204
    assert (org.sandbox.state.records("Lead", everything=True), org.get("/limits").status_code) == ({}, 200)


def test_the_defaults_are_those_of_a_developer_org() -> None:
    options = SandboxOptions()
    assert (options.daily_limit, options.duplicate_rule("Contact"), options.latency) == (15_000, "allow", 0.0)
    assert SandboxOptions.instant().daily_limit is None


def test_the_greeting_says_how_to_sign_in(org: Org) -> None:
    assert org.sandbox.client_id in org.sandbox.greeting
    assert org.sandbox.url in org.sandbox.greeting


def test_callers_at_the_same_instant_make_one_record(keyed: Org) -> None:
    token = str(keyed.session.headers["Authorization"])
    url = f"{keyed.sandbox.url}/services/data/v62.0/sobjects/Lead/Key__c/l-1"

    def upsert(_number: int) -> int:
        return requests.patch(url, json=LEAD, headers={"Authorization": token}, timeout=10).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(upsert, range(16)))
    assert (statuses, keyed.count("Lead")) == ([200] * 15 + [201], 1)


def test_the_command_serves_until_it_is_stopped(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    command = [sys.executable, "-W", "error", "-m", "webapp.cli", "sandbox", "salesforce", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--journal", str(journal)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Salesforce sandbox on http://127.0.0.1:")
        assert requests.get(f"{line.split()[3]}/services/data/v62.0/limits", timeout=5).status_code == 401
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    (entry,) = (json.loads(one) for one in journal.read_text().splitlines())
    assert (entry["path"], entry["status"]) == ("/services/data/v62.0/limits", 401)
