"""The sandbox's own face: state, seed, options, reset, and serving itself."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from connectors.sandbox.highlevel import OptionsError, SandboxOptions, start
from tests.conftest import ROOT
from tests.sandbox.highlevel.location import ANA, DUE, Location, where


def test_the_state_shows_records_with_their_links(location: Location) -> None:
    need = location.field("Need")
    ana = location.contact(**ANA, tags=["lead"], customFields=[{"id": need["id"], "field_value": "x"}])
    card, task = location.opportunity(ana), location.task(ana)
    state = location.get("/_sandbox/state").json()
    (contact,) = state["contacts"]
    assert contact["links"] == {"opportunities": [card], "tasks": [task], "notes": []}
    assert contact["customFields"] == {"contact.need": "x"}
    assert (state["opportunities"][0]["contactId"], state["tasks"][0]["contactId"]) == (ana, ana)
    assert state["triggers"] == [{"type": "tag_added", "contactId": ana, "tag": "lead"}]
    assert len(state["pipelines"][0]["stages"]) == 6
    assert list(location.get("/_sandbox/state", type="tasks").json()) == ["tasks"]
    counts = location.get("/_sandbox/counts").json()
    assert (counts["contacts"], counts["opportunities"], counts["tasks"]) == (1, 1, 1)
    assert location.sandbox.state.linked("tasks", task, "contacts") == [ana]


def test_seeded_records_are_searchable_at_once(location: Location) -> None:
    location.sandbox.configure(search_delay=60)
    pipeline = location.post("/_sandbox/seed", {"pipelines": [{"name": "P", "stages": ["A"]}]}).json()
    seed = {
        "users": [{"email": "zoe@brokerage.example.com", "firstName": "Zoe"}],
        "customFields": [{"name": "Need", "dataType": "TEXT"}],
        "contacts": [{**ANA, "customFields": [{"key": "need", "field_value": "renewal"}]}],
        "workflows": [{"name": "New"}],
    }
    made = location.post("/_sandbox/seed", seed)
    assert (made.status_code, sorted(made.json())) == (201, sorted(seed))
    (ana,) = made.json()["contacts"]
    assert location.found(where("email", "eq", ANA["email"])) == [ana]
    card = {"contactId": ana, "pipelineId": pipeline["pipelines"][0], "name": "Purchase", "status": "open"}
    task = {"contactId": ana, "title": "Call", "dueDate": DUE}
    more = location.post("/_sandbox/seed", {"opportunities": [card], "tasks": [task]}).json()
    assert location.sandbox.state.linked("contacts", ana, "tasks") == more["tasks"]


@pytest.mark.parametrize(
    ("seed", "status"),
    [
        ({"people": []}, 400),
        ({"users": [{"name": "Zoe"}]}, 400),
        ({"contacts": ["Ana"]}, 400),
        ({"contacts": [{"nick": "Ana"}]}, 422),
        ({"tasks": [{"title": "Call"}]}, 400),
    ],
)
def test_a_wrong_seed_is_explained(location: Location, seed: object, status: int) -> None:
    answer = location.post("/_sandbox/seed", seed)
    assert (answer.status_code, bool(answer.json()["message"])) == (status, True)


def test_options_change_over_http_and_wrong_ones_are_explained(location: Location) -> None:
    changed = location.put("/_sandbox/options", {"search_delay": 3, "burst_limit": None}).json()
    assert (changed["search_delay"], changed["burst_limit"]) == (3.0, None)
    for wrong, message in (
        ({"speed": 1}, "There is no option 'speed'"),
        ({"users": []}, "There is no option 'users'"),
        ({"latency": -1}, "latency must be zero or more"),
        ({"daily_limit": 0}, "daily_limit must be at least 1"),
        ({"dedupe_order": "name"}, "dedupe_order must be one of"),
        ({"opportunity_rule": "x"}, "opportunity_rule must be one of"),
    ):
        answer = location.put("/_sandbox/options", wrong)
        assert (answer.status_code, message in answer.json()["message"]) == (400, True)
    assert location.get("/_sandbox/options").json() == changed
    with pytest.raises(OptionsError, match="search_delay"):
        SandboxOptions(search_delay=-1)


def test_a_reset_gives_the_same_ids_again(location: Location) -> None:
    location.field("Need")
    first = location.contact(**ANA)
    location.sandbox.set_faults([{"kind": "reset_before"}])
    assert location.post("/_sandbox/reset").status_code == 204
    assert location.sandbox.state.counts()["contacts"] == 0
    location.field("Need")
    assert location.contact(**ANA) == first


def test_faults_before_and_after_show_what_was_done(location: Location) -> None:
    body = {"locationId": location.id, **ANA}
    for kind, contacts in (("reset_before", 0), ("reset_after", 1)):
        location.sandbox.set_faults([{"kind": kind, "path": "^/contacts/upsert$"}])
        with pytest.raises(requests.ConnectionError):
            location.post("/contacts/upsert", body)
        assert location.sandbox.state.counts()["contacts"] == contacts
    location.sandbox.set_faults([{"kind": "swap_id"}])
    named = location.upsert(**ANA)["contact"]["id"]
    assert named not in location.sandbox.state.records("contacts")


def test_the_defaults_have_limits_and_a_pipeline() -> None:
    with start() as sandbox:
        caller = Location(sandbox)
        answer = caller.get(f"/locations/{caller.id}")
        assert (answer.status_code, answer.headers["X-RateLimit-Remaining"]) == (200, "99")
        assert caller.pipeline.name == "Mortgages"
        caller.session.close()


def test_the_command_serves_until_it_is_stopped(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    command = [sys.executable, "-W", "error", "-m", "webapp.cli", "sandbox", "highlevel", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--journal", str(journal)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("HighLevel sandbox on http://127.0.0.1:")
        assert "token pit-sandbox-0000, location SandboxLocation00001" in line
        assert requests.get(f"{line.split()[3]}/contacts/x", timeout=5).status_code == 401
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    (entry,) = (json.loads(one) for one in journal.read_text().splitlines())
    assert (entry["path"], entry["status"]) == ("/contacts/x", 401)
