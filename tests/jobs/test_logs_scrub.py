"""Logs say what happened with ids and codes; nobody can be recognised in them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr, suppress
from dataclasses import replace
from io import StringIO

import pytest
import structlog

from connectors.intake.base import IntakeError
from connectors.sandbox.hubspot import RunningSandbox
from jobs.intake.accepting import accept
from jobs.ledger.tables import delivery, submission
from jobs.logs import log_to_stderr
from jobs.playbooks.current import holding
from jobs.processes.bell import ThreadBell
from jobs.processes.worker import Workers
from jobs.services import Services, utc_now
from tests.jobs.brokerage import JSON, ON_SQLITE, without_path
from tests.jobs.daily_work import as_json, asks, decide_all, post, raw, rows, until
from tests.people import person

SSN = "536-22-8713"
WHO = replace(person(9), first="Zebulon", last="Quatermain", email="zebulon.q@example.com")
CANARIES = (
    WHO.first,
    WHO.last,
    WHO.email,
    WHO.phone,
    WHO.phone[2:],
    "violet curtains",
    SSN,
    SSN.replace("-", ""),
)


@pytest.fixture
def error_stream() -> Iterator[StringIO]:
    """What a process writes to standard error, its log among it."""
    with redirect_stderr(StringIO()) as stream:
        log_to_stderr(logging.DEBUG)
        yield stream
    structlog.reset_defaults()


@ON_SQLITE
def test_a_mixed_day_leaves_nobody_in_the_logs(
    services: Services,
    sandbox: RunningSandbox,
    error_stream: StringIO,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    bell = ThreadBell()
    services = replace(services, bell=bell, now=utc_now)
    workers = Workers(services, bell)
    sandbox.set_faults(
        [
            {"kind": "status_before", "status": 400, "path": "deals", "nth": 1},
            {"kind": "reset_after", "path": "contacts", "nth": 2},
            {"kind": "status_after", "path": "tasks", "nth": 1},
        ]
    )
    said = {"message": f"violet curtains {SSN}", "ssn": SSN}
    path = services.settings.paths["website"]
    for body in (as_json({**asks(WHO), **said})[:-3], b"\xff" + as_json(asks(WHO, **said))):
        with suppress(IntakeError):
            accept(services, path, raw(services, body, JSON))
    post(services, {**asks(WHO), **said, "website": "https://spam.example"})
    _decide_badly(services)
    workers.start()
    for number in range(3):
        post(services, {**asks(WHO, str(number)), **said})
    until(lambda: all(one.state != "received" for one in rows(services, submission)))
    until(lambda: any(one.state in ("delivered", "dead") or one.attempts for one in rows(services, delivery)))
    workers.stop(10)
    everything = "".join((error_stream.getvalue(), *capfd.readouterr(), caplog.text))
    lines = [json.loads(line) for line in error_stream.getvalue().splitlines() if line.startswith("{")]
    assert {one["event"] for one in lines} >= {"process_failed", "delivery"}
    assert [word for word in CANARIES if word.lower() in everything.lower()] == []


def _decide_badly(services: Services) -> None:
    broken = holding(services, replace(services.playbook, crm={}))
    post(services, asks(WHO, "bug"))
    decide_all(broken)
    post(services, asks(WHO, "gone"))
    decide_all(without_path(services, "website"))
