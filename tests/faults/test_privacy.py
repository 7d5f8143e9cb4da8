"""What a bad day leaves behind: no number that may not be kept, nobody's words in the open."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jobs.ledger.tables import SEALED, submission
from jobs.services import Services
from tests.e2e.crm_records import take_option_away
from tests.faults.bad_day import Sender, failing_commands, what_is_refused, what_is_taken
from tests.faults.promises import open_beside, seconds_until_drained
from tests.faults.scrub_canaries import (
    BORN,
    EMAIL,
    FIRST,
    LAST,
    PERSONAL,
    PHONE,
    SPELLED,
    SSN,
    WORDS,
    forbidden_in,
    others,
    personal_in,
    tell,
)
from tests.fleet import Fleet
from tests.services.postgres import PostgresServer
from tests.services.redis import RedisServer

pytestmark = pytest.mark.faults

_TROUBLE = {
    "rules": [
        {"kind": "status_before", "path": "^/crm/", "nth": 2, "status": 500},
        {"kind": "garbage", "path": "^/crm/", "nth": 4, "content": "cut_json"},
        {"kind": "rate_limit", "path": "^/crm/", "nth": 6, "retry_after": 1},
    ]
}


@dataclass(frozen=True)
class Leftovers:
    """Everything a day left, by the place where it lies."""

    sent: bytes  # what the senders said, to know that the search can find it
    states: dict[str, int]  # submissions by state and reason
    ledger: dict[str, bytes]  # database files as they are on the disk
    opened: bytes  # what is sealed in them, opened with the keys
    logs: dict[str, bytes]  # log files and what commands printed
    crm: bytes  # the CRM's records and every request it got


def _opened(services: Services) -> bytes:
    """Every sealed value, opened."""
    found = []
    with services.ledger.read() as connection:
        for table, column, place in SEALED:
            for key, value in connection.execute(
                table.select().with_only_columns(table.c[place], table.c[column])
            ):
                found.append(services.sealer.open(value, f"{table.name}.{column}:{key}"))
    return b"\n".join(found)


def _states(services: Services) -> dict[str, int]:
    counts: dict[str, int] = {}
    with services.ledger.read() as connection:
        for row in connection.execute(submission.select()):
            name = row.reason_code or row.state
            counts[name] = counts.get(name, 0) + 1
    return counts


def _files(folder: Path, names: Iterable[str]) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for name in names for file in sorted(folder.glob(name))}


def _crm(fleet: Fleet, folder: Path) -> bytes:
    state: Any = fleet.sandbox("state")
    return json.dumps(state, ensure_ascii=False).encode() + (folder / "journal.jsonl").read_bytes()


@pytest.fixture(scope="module", params=["embedded", "cluster"])
def day(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Leftovers]:
    """A bad day: everything is sent, the CRM fails and refuses, the server is killed, all is stopped."""
    folder = tmp_path_factory.mktemp("privacy")
    if request.param == "embedded":
        fleet = Fleet(folder, lease_seconds=10, sweep_seconds=1, timeout_seconds=5)
        yield _lived(fleet, lambda: _files(folder, ("firstpath.sqlite3*",)))
        return
    postgres: PostgresServer = request.getfixturevalue("postgres_server")
    queue: RedisServer = request.getfixturevalue("redis_process")
    queue.start()
    with postgres.database() as url:
        fleet = Fleet(
            folder, ledger_url=url, redis_url=queue.url, lease_seconds=10, sweep_seconds=1, timeout_seconds=5
        )
        yield _lived(fleet, lambda: {"postgresql": postgres.files(), "redis": queue.contents()})


def _lived(fleet: Fleet, kept: Callable[[], dict[str, bytes]]) -> Leftovers:
    """The day itself; kept reads what the databases have on the disk."""
    folder = fleet.folder
    try:
        fleet.start_sandbox("--journal", str(folder / "journal.jsonl"))
        fleet.start_web()
        if fleet.redis_url:
            fleet.start("worker", "worker")
        sender = Sender(fleet)
        fleet.set_faults(_TROUBLE)
        what_is_taken(sender)
        what_is_refused(sender)
        services = open_beside(fleet)
        seconds_until_drained(services, 60)  # the trouble was meant for deliveries
        take_option_away(fleet, "mortgage_inquiry_type", "construction")
        sender.form(submission_id="refused", loan_type="Construction", message=tell(SSN, *others(3)))
        seconds_until_drained(services, 60)
        printed = failing_commands(fleet)
        fleet.kill("web")  # no orderly end: the write-ahead log stays as it is
        ledger = kept()
        opened, states = _opened(services), _states(services)
        services.ledger.close()
        crm = _crm(fleet, folder)
    finally:
        fleet.stop()
    answers = "\n".join(sender.answers).encode()
    logs = {**_files(folder, ("*.log",)), "printed": printed, "answers": answers}
    return Leftovers(b"\n".join(sender.said), states, ledger, opened, logs, crm)


def test_the_search_finds_what_was_sent(day: Leftovers) -> None:
    sent = day.sent.decode().replace("+", " ")
    plain = json.dumps(tell(SSN, *others(0)), ensure_ascii=False).encode()
    for number, spellings in SPELLED.items():
        assert [one for one in spellings if not forbidden_in(one.encode())] == [], number
    assert all(forbidden_in(one.encode()) for one in BORN)
    assert len(forbidden_in(plain)) == 4
    assert forbidden_in(sent.encode())
    assert personal_in(f"{FIRST} {LAST} {EMAIL} {PHONE} 4155550187 415-555-0187 {WORDS}".encode()) == [
        *PERSONAL
    ]


def test_the_day_was_as_bad_as_it_was_meant_to_be(day: Leftovers) -> None:
    for state in ("processed", "malformed_json", "wrong_charset", "revision", "spam"):
        assert day.states.get(state), day.states
    assert b'"status": 415' in day.logs["web.log"]
    assert b'"endpoint": "door.arrive"' in day.logs["web.log"]
    assert b'"fault":"status_before"' in day.crm
    assert b'"fault":"garbage"' in day.crm
    assert "firstpath.sqlite3-wal" in day.ledger or set(day.ledger) == {"postgresql", "redis"}


def test_the_borrower_is_where_he_must_be(day: Leftovers) -> None:
    for kept in (day.crm, day.opened):
        assert {FIRST, LAST, EMAIL, WORDS} <= set(personal_in(kept))
        assert b"[redacted ssn]" in kept
        assert b"[redacted sin]" in kept
        assert b"[redacted card number]" in kept


def test_no_number_that_may_not_be_kept_is_anywhere(day: Leftovers) -> None:
    places = {**day.ledger, **day.logs, "opened": day.opened, "crm": day.crm}
    assert {name: found for name, kept in places.items() if (found := forbidden_in(kept))} == {}


def test_nobody_can_be_recognised_in_the_database_files(day: Leftovers) -> None:
    assert sum(len(kept) for kept in day.ledger.values()) > 50_000
    assert {name: found for name, kept in day.ledger.items() if (found := personal_in(kept))} == {}


def test_nobody_can_be_recognised_in_logs_and_messages(day: Leftovers) -> None:
    assert {name: found for name, kept in day.logs.items() if (found := personal_in(kept))} == {}
