"""What the command line says about the CRMs: since when one is stopped, why, what to do, what is left."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from jobs.ledger import crms
from jobs.ledger.crms import CrmState
from jobs.services import Services
from jobs.status import read_status
from tests.jobs.brokerage import ON_SQLITE, START
from webapp.cli.status import lines


@pytest.fixture
def stopped(services: Services) -> Services:
    """The CRM went down, with 812 of 250,000 calls left."""
    down = CrmState(
        "down", until=START + timedelta(seconds=30), reason="It could not be reached.", remedy="Wait."
    )
    with services.ledger.write() as connection:
        crms.set_state(connection, services.ledger, "hubspot", down, START)
        crms.note_calls(connection, services.ledger, "hubspot", left=812, limit=250_000, now=START)
    return services


@ON_SQLITE
def test_a_stopped_crm_is_told_in_one_line(stopped: Services) -> None:
    assert lines(read_status(stopped))[-1] == (
        "hubspot: down since 2026-11-17 17:30 UTC, tried again 2026-11-17 17:30 UTC: "
        "It could not be reached. Wait. (812 of 250,000 calls left at 2026-11-17 17:30 UTC)"
    )


@ON_SQLITE
def test_one_that_works_is_told_in_a_word(services: Services) -> None:
    playbook = services.playbook
    assert lines(read_status(services)) == [
        "Submissions: none",
        "Deliveries:  none",
        f"Playbook:    the shipped mortgage_us (mortgage_us@{playbook.revision}), which the settings name",
        "hubspot: ok",
    ]


def test_for_machines_everything_is_there(stopped: Services) -> None:
    told = json.loads(json.dumps(read_status(stopped), default=str))["crms"]["hubspot"]
    assert told == {
        "state": "down",
        "since": "2026-11-17 17:30:00+00:00",
        "until": "2026-11-17 17:30:30+00:00",
        "reason": "It could not be reached.",
        "remedy": "Wait.",
        "calls_left": 812,
        "calls_limit": 250_000,
        "calls_at": "2026-11-17 17:30:00+00:00",
    }
