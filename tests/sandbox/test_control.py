"""The sandbox's own face: state, counts, journal, options, seed, reset, and serving itself."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from connectors.sandbox.hubspot import OptionsError, OwnerSeed, SandboxOptions, start
from tests.conftest import ROOT
from tests.sandbox.hub import DEAL, OBJECTS, Hub, link, where


def test_the_state_shows_records_with_their_links(hub: Hub) -> None:
    contact = hub.contact(firstname="Ana")
    hub.post(f"{OBJECTS}/deals", {"properties": DEAL, "associations": [link(contact, 3)]})
    state = hub.get("/_sandbox/state").json()
    assert state["contacts"][0]["associations"]["deals"] == [state["deals"][0]["id"]]
    assert state["contacts"][0]["properties"]["firstname"] == "Ana"
    assert list(hub.get("/_sandbox/state", type="deals").json()) == ["deals"]
    counts = hub.get("/_sandbox/counts").json()
    assert (counts["contacts"], counts["deals"], counts["tasks"]) == (1, 1, 0)


def test_the_journal_tells_every_request_but_no_credentials(hub: Hub) -> None:
    start_at = hub.sandbox.journal.last
    hub.get(f"{OBJECTS}/contacts", limit="5")
    hub.post("/oauth/v2/private-apps/get/access-token-info", {"tokenKey": hub.sandbox.token})
    hub.get("/_sandbox/counts")
    answer = hub.get("/_sandbox/journal", since=str(start_at)).json()
    first, second = answer["entries"]
    assert list(first) == ["n", "at", "method", "path", "query", "body", "status", "fault", "ms"]
    assert (first["method"], first["path"], first["query"]) == ("GET", f"{OBJECTS}/contacts", "limit=5")
    assert (first["status"], first["fault"], first["n"]) == (200, None, start_at + 1)
    assert second["body"] == {"tokenKey": "***"}
    assert hub.sandbox.token not in json.dumps(answer)
    assert hub.get("/_sandbox/journal", since=str(answer["next"])).json()["entries"] == []


def test_seeded_people_are_searchable_at_once(hub: Hub) -> None:
    hub.sandbox.configure(search_delay=60)
    seed = {
        "owners": [{"email": "zoe@brokerage.example.com", "firstName": "Zoe"}],
        "properties": {
            "contacts": [
                {
                    "name": "need",
                    "label": "Need",
                    "type": "string",
                    "fieldType": "text",
                    "groupName": "contactinformation",
                }
            ]
        },
        "contacts": [{"email": "ana@example.com", "need": "renewal"}],
        "tasks": [{"properties": {"hs_timestamp": "2026-03-02T15:00:00Z"}}],
    }
    made = hub.post("/_sandbox/seed", seed)
    assert (made.status_code, {name: len(ids) for name, ids in made.json().items()}) == (
        201,
        {"owners": 1, "contacts": 1, "tasks": 1},
    )
    assert hub.found("contacts", where("need", "EQ", "renewal")) == made.json()["contacts"]


@pytest.mark.parametrize(
    "seed",
    [
        {"people": []},
        {"owners": [{"name": "Zoe"}]},
        {"contacts": ["Ana"]},
        {"contacts": [{"email": "a@example.com"}, {"email": "nobody"}]},
    ],
)
def test_a_wrong_seed_loads_no_records(hub: Hub, seed: dict[str, object]) -> None:
    assert hub.post("/_sandbox/seed", seed).status_code == 400
    assert hub.sandbox.state.counts()["contacts"] == 0


def test_options_change_over_http_and_wrong_ones_are_explained(hub: Hub) -> None:
    changed = hub.call("PUT", "/_sandbox/options", {"search_delay": 3, "burst_limit": None}).json()
    assert (changed["search_delay"], changed["burst_limit"]) == (3.0, None)
    for wrong, message in (
        ({"speed": 1}, "There is no option 'speed'"),
        ({"limits": "on"}, "limits must be of type bool"),
        ({"scopes": "oauth"}, "scopes must be a list"),
        ({"latency": -1}, "latency must be zero or more"),
        ({"daily_limit": 0}, "daily_limit must be at least 1"),
        ({"time_zone": "Mars/Base"}, "time_zone must be an IANA name"),
    ):
        answer = hub.call("PUT", "/_sandbox/options", wrong)
        assert (answer.status_code, message in answer.json()["message"]) == (400, True)
    assert hub.get("/_sandbox/options").json() == changed


def test_a_reset_leaves_an_unused_account_and_keeps_options(hub: Hub) -> None:
    hub.define_key()
    hub.contact(firstname="Ana")
    hub.sandbox.configure(search_delay=3)
    hub.sandbox.set_faults([{"kind": "reset_before"}])
    assert hub.post("/_sandbox/reset").status_code == 204
    assert hub.sandbox.state.counts()["contacts"] == 0
    assert hub.get("/crm/v3/properties/contacts/firstpath_key").status_code == 404
    assert hub.get("/_sandbox/options").json()["search_delay"] == 3.0


def test_wrong_options_fail_at_the_start() -> None:
    with pytest.raises(OptionsError, match="search_delay"):
        SandboxOptions(search_delay=-1)


def test_an_account_starts_with_the_owners_it_was_given() -> None:
    options = SandboxOptions.instant(owners=(OwnerSeed("ana@brokerage.example.com"),))
    with start(options=options) as sandbox, requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {sandbox.token}"
        owners = session.get(f"{sandbox.url}/crm/v3/owners/", timeout=5).json()["results"]
    assert [one["email"] for one in owners] == ["ana@brokerage.example.com"]


def test_stopping_lets_go_of_held_connections_and_can_be_repeated() -> None:
    sandbox = start(options=SandboxOptions.instant())
    sandbox.set_faults([{"kind": "timeout_before", "seconds": 600}])
    ended = threading.Event()

    def hang() -> None:
        with pytest.raises(requests.RequestException):
            requests.get(f"{sandbox.url}{OBJECTS}/contacts", timeout=60).raise_for_status()
        ended.set()

    caller = threading.Thread(target=hang)
    caller.start()
    while not sandbox.journal.since():
        ended.wait(0.01)
    sandbox.stop()
    sandbox.stop()
    caller.join(timeout=5)
    assert ended.is_set()


def test_a_port_that_is_taken_is_an_error_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        start(taken.getsockname()[1])


def test_many_threads_keep_one_contact_per_email(hub: Hub) -> None:
    statuses: list[int] = []

    def work() -> None:
        caller = Hub(hub.sandbox)
        for number in range(20):
            body = {"properties": {"email": f"p{number}@example.com"}}
            statuses.append(caller.post(f"{OBJECTS}/contacts", body).status_code)
        caller.session.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201] * 20 + [409] * 100
    assert hub.sandbox.state.counts()["contacts"] == 20


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str, Path]]:
    """A sandbox process in the foreground, its address and its journal file."""
    faults, journal = tmp_path / "faults.json", tmp_path / "journal.jsonl"
    faults.write_text('[{"kind": "status_before", "status": 503, "path": "/deals"}]')
    code = (
        "import sys; from pathlib import Path; from connectors.sandbox.hubspot import serve; "
        "serve(0, Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code, str(faults), str(journal)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield process, line.split()[3], journal
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_foreground_server_ends_cleanly_and_leaves_a_journal(
    served: tuple[subprocess.Popen[str], str, Path], number: signal.Signals
) -> None:
    process, url, journal = served
    headers = {"Authorization": "Bearer pat-na1-sandbox"}
    assert requests.get(f"{url}{OBJECTS}/deals", headers=headers, timeout=5).status_code == 503
    entries = [json.loads(line) for line in journal.read_text().splitlines()]
    assert [(one["n"], one["status"], one["fault"]) for one in entries] == [(1, 503, "status_before")]
    process.send_signal(number)
    assert process.wait(timeout=10) == 0
