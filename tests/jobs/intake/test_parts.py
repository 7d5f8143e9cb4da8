"""Submissions that hold several inquiries, and those that only point to one."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from connectors.sandbox.hubspot import RunningSandbox
from jobs.deciding.process import process_due
from jobs.intake.fetching import fetch_due, seconds_until_fetch
from jobs.ledger.tables import inquiry, submission
from jobs.services import Services
from tests.jobs.brokerage import JSON, Clock, with_way_in
from tests.jobs.daily_work import as_json, counts, decide_all, row, rows, send, states, work

_CSV = b"""Lead ID,First name,Email,Amount
L-1,Ada,ada@example.com,300000
L-2,Ben,ben@example.com,
L-3,,,
"""
_LEAD = "1203300000000077"
_SSN = "-".join(("078", "05", "1120"))  # never issued


def test_each_row_becomes_an_inquiry_and_a_bad_one_harms_no_other(
    services: Services, sandbox: RunningSandbox
) -> None:
    services = with_way_in(services, "csv")
    whole = send(services, "csv", _CSV, "text/csv")
    work(services)
    assert row(services, submission, whole).state == "split"
    parts = [one for one in rows(services, submission) if one.parent_id == whole]
    assert [one.state for one in parts] == ["processed", "processed", "quarantined"]
    assert parts[2].reason_code == "no_contact"
    assert counts(sandbox) == (2, 2, 2)


def test_a_row_that_comes_again_in_another_file_is_known(services: Services) -> None:
    services = with_way_in(services, "csv")
    send(services, "csv", _CSV, "text/csv")
    decide_all(services)
    send(services, "csv", _CSV + b"L-4,Cleo,cleo@example.com,\n", "text/csv")
    decide_all(services)
    assert len(rows(services, inquiry)) == 3


def test_a_split_that_is_interrupted_is_whole_the_next_time(services: Services) -> None:
    services = with_way_in(services, "csv")
    send(services, "csv", _CSV, "text/csv")
    assert process_due(services) == 1
    assert sorted(states(services, submission)) == ["received", "received", "received", "split"]
    decide_all(services)
    assert len(rows(services, inquiry)) == 2


@dataclass
class Graph:
    """A stand-in for the API that notices point to: it answers as it is told."""

    status: int = 200
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def answer(self) -> dict[str, object]:
        fields = {"full_name": "Nadia Ferro", "email": "nadia.ferro@example.com", "ssn": _SSN}
        data = [{"name": name, "values": [value]} for name, value in fields.items()]
        return {"id": _LEAD, "created_time": "2026-11-17T17:29:00+0000", "field_data": data}


@pytest.fixture
def graph() -> Iterator[Graph]:
    """The API, on loopback."""
    made = Graph()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            body = json.dumps(made.answer() if made.status == 200 else {}).encode()
            self.send_response(made.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


def notice(services: Services) -> str:
    """Meta says that there is a lead."""
    value = {"leadgen_id": _LEAD, "form_id": "9", "page_id": "1", "created_time": 1763400540}
    event = {"object": "page", "entry": [{"id": "1", "changes": [{"field": "leadgen", "value": value}]}]}
    return send(services, "meta_lead_ads", as_json(event), JSON)


def pointed(services: Services, graph: Graph) -> Services:
    """The brokerage with a path for such notices."""
    return with_way_in(services, "meta_lead_ads", api_url=graph.url, api_token="graph-token-0123456789")


def test_what_a_notice_points_to_is_fetched_scrubbed_and_decided(services: Services, graph: Graph) -> None:
    services = pointed(services, graph)
    notice(services)
    decide_all(services)
    assert states(services, submission) == ["fetching"]
    assert fetch_due(services) == 1
    decide_all(services)
    assert len(rows(services, inquiry)) == 1
    stored = row(services, submission)
    opened = services.sealer.open(stored.body, f"submission.body:{stored.id}")
    assert b"nadia.ferro@example.com" in opened
    assert _SSN.encode() not in opened
    notice(services)
    decide_all(services)
    assert (len(graph.asked), len(rows(services, inquiry))) == (1, 1)


def test_an_api_that_is_down_is_asked_again_later(services: Services, graph: Graph, clock: Clock) -> None:
    services = pointed(services, graph)
    notice(services)
    decide_all(services)
    graph.status = 503
    assert fetch_due(services) == 1
    assert fetch_due(services) == 0
    assert 0 < seconds_until_fetch(services) < 60
    clock.forward(seconds=60)
    graph.status = 200
    assert fetch_due(services) == 1
    decide_all(services)
    assert len(rows(services, inquiry)) == 1


def test_an_api_that_stays_away_for_a_day_is_a_persons_turn(
    services: Services, graph: Graph, clock: Clock
) -> None:
    services = pointed(services, graph)
    notice(services)
    decide_all(services)
    graph.status = 503
    clock.forward(hours=25)
    fetch_due(services)
    assert (row(services, submission).state, row(services, submission).reason_code) == (
        "quarantined",
        "fetch_failed",
    )


def test_a_lead_that_is_gone_is_a_persons_turn_at_once(services: Services, graph: Graph) -> None:
    services = pointed(services, graph)
    notice(services)
    decide_all(services)
    graph.status = 404
    fetch_due(services)
    assert row(services, submission).reason_code == "fetch_failed"


def test_who_fetches_and_dies_is_followed_by_another(services: Services, graph: Graph, clock: Clock) -> None:
    services = pointed(services, graph)
    notice(services)
    decide_all(services)
    from datetime import timedelta

    from jobs.ledger import submission_claims

    with services.ledger.write() as connection:
        submission_claims.claim_fetches(
            connection, services.sealer, now=clock(), lease=timedelta(minutes=2), limit=5
        )
    assert fetch_due(services) == 0
    clock.forward(minutes=3)
    assert fetch_due(services) == 1
