"""Killed at every single call of an inquiry, after the CRM did it and before the answer is read."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from connectors.intake.base import RawRequest
from jobs.crm.needs import wanted_of
from jobs.deciding.process import process_due
from jobs.delivering.deliver import deliver_due
from jobs.intake.accepting import accept
from jobs.ledger.tables import delivery
from jobs.services import Services, open_services, utc_now
from jobs.settings.load import load_settings
from mapping.playbook import load_playbook, shipped
from tests.faults.deliver_once import in_a_process
from tests.faults.promises import broken_promises
from tests.fleet import TEAM, Fleet
from tests.people import form_fields, person
from webapp.demo.trial import TrialCrm, serving

#: What a fresh process learns about the account before its first inquiry.
_DIRECTORY = re.compile(
    r"/owners|/pipelines|/describe|/oauth2/token|/customFields|/users|/locations/[^/]+$|FROM\+User|/limits"
)
_HOLD_SECONDS = 20
_LONGEST_SECONDS = 20.0


@pytest.fixture(scope="module", params=["hubspot", "salesforce", "highlevel"])
def crm(request: pytest.FixtureRequest) -> Iterator[TrialCrm]:
    """A sandbox account of each kind."""
    with serving(request.param) as trial:
        pipeline = load_playbook(shipped("mortgage_us"), name="mortgage_us").crm[trial.kind]
        trial.set_up(TEAM, pipeline.pipeline, list(dict.fromkeys(pipeline.stages.values())))
        yield trial


@pytest.fixture
def fleet(crm: TrialCrm, tmp_path: Path) -> Fleet:
    """The settings of a brokerage that keeps this CRM."""
    return Fleet(tmp_path, kinds=(crm.kind,), crm_url=crm.url, timeout_seconds=60)


@pytest.fixture
def services(fleet: Fleet) -> Iterator[Services]:
    """The brokerage's ledger, seen from here."""
    opened = open_services(load_settings(fleet.config, fleet.environ))
    kind = fleet.kinds[0]
    opened.crms[kind].provision(wanted_of(opened.playbook, kind, opened.crms[kind]))
    yield opened
    opened.ledger.close()


def test_killed_at_each_call_it_ends_with_one_of_each(
    fleet: Fleet, services: Services, crm: TrialCrm
) -> None:
    accepted = [_arrive(services, 0)]
    start = len(_journal(crm))
    first = in_a_process(fleet.config, fleet.environ, crm.kind)
    first.join()
    assert first.exitcode == 0
    calls = _journal(crm)[start:]
    about_the_inquiry = [nth for nth, call in enumerate(calls, 1) if not _DIRECTORY.search(_address(call))]
    assert len(about_the_inquiry) >= 2  # looking and creating
    for nth in about_the_inquiry:
        accepted.append(_arrive(services, nth))
        crm.set_faults([{"kind": "timeout_after", "nth": nth, "times": 1, "seconds": _HOLD_SECONDS}])
        before = len(_journal(crm))
        child = in_a_process(fleet.config, fleet.environ, crm.kind)
        killed = _killed_when_held(child, crm, before)
        crm.set_faults([])
        done = _journal(crm)[before:]
        _take_up_again(services)
        again = _journal(crm)[before + len(done) :]
        assert broken_promises(fleet, services, accepted, len(accepted)) == []
        assert killed
        assert _only_looks(again[0]), again[0]


def _arrive(services: Services, number: int) -> str:
    body = urlencode(form_fields(person(number), number)).encode()
    request = RawRequest("application/x-www-form-urlencoded", {}, body, received_at=utc_now())
    submission = accept(services, services.settings.paths["website"], request).id
    process_due(services)
    return submission


def _killed_when_held(child: ForkServerProcess, crm: TrialCrm, before: int) -> bool:
    """Kill the process as soon as the CRM has done the call; False when it ended before that."""
    deadline = time.monotonic() + _LONGEST_SECONDS
    while time.monotonic() < deadline:
        if any(call["fault"] for call in _journal(crm)[before:]):
            child.kill()
            child.join()
            return True
        if child.exitcode is not None:
            assert child.exitcode == 0
            return False
        time.sleep(0.02)
    child.kill()
    raise TimeoutError("the process neither made the call nor ended")


def _take_up_again(services: Services) -> None:
    """What another process does when the dead one's lease has run out: a minute passes at most."""
    later = replace(services, now=lambda: utc_now() + timedelta(seconds=60))
    deadline = time.monotonic() + _LONGEST_SECONDS
    while _open(services):
        deliver_due(later, services.settings.paths["website"].crm[0])
        assert time.monotonic() < deadline


def _open(services: Services) -> bool:
    with services.ledger.read() as connection:
        states = connection.execute(delivery.select().with_only_columns(delivery.c.state)).scalars()
        return any(state in ("due", "leased") for state in states)


def _journal(crm: TrialCrm) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = requests.get(f"{crm.url}/_sandbox/journal", timeout=10).json()["entries"]
    return found


def _address(call: dict[str, Any]) -> str:
    return f"{call['path']}?{call['query']}" if call["query"] else str(call["path"])


def _only_looks(call: dict[str, Any]) -> bool:
    """Whether a call changes nothing there."""
    if call["method"] == "GET" or call["path"].endswith(("/search", "/batch/read", "/oauth2/token")):
        return True
    parts = call["body"].get("compositeRequest", []) if isinstance(call["body"], dict) else []
    return bool(parts) and all(part["method"] == "GET" for part in parts)
