"""firstpath quarantine: what waits, and a person's word on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jobs.services import Services
from tests.webapp.installation import arrives, open_with_secrets
from webapp.cli import firstpath

SPAM = {"name": "Rank Boost", "email": "boost@example.com", "website": "http://spam.example"}


@pytest.fixture
def brokerage(tmp_path: Path) -> tuple[Services, Callable[..., Result]]:
    """The services, and firstpath quarantine over the same ledger."""
    (services, _, _), secrets = open_with_secrets(tmp_path)

    def call(*arguments: str) -> Result:
        config = ("--config", str(services.settings.file))
        return CliRunner().invoke(firstpath, ["quarantine", *arguments, *config], env=secrets)

    return services, call


def test_what_waits_is_listed_shown_and_accepted(brokerage: tuple[Services, Callable[..., Result]]) -> None:
    services, run = brokerage
    one = arrives(services, **SPAM)
    listed = json.loads(run("list", "--reason", "spam", "--json").output)
    assert [row["id"] for row in listed["items"]] == [one]
    assert "Looks like spam" in run("list").output
    assert "Nothing waits." in run("list", "--path", "closed").output
    shown = json.loads(run("show", one, "--json").output)
    assert {"question": "name", "values": ["Rank Boost"]} in shown["answers"]
    assert "What to do: Accept it if a person wrote it" in run("show", one).output
    assert run("accept", one).exit_code == 0
    assert run("accept", one).exit_code == 2
    assert run("show", "01NOSUCHSUBMISSION").exit_code == 2


def test_one_or_all_of_a_reason_are_discarded(brokerage: tuple[Services, Callable[..., Result]]) -> None:
    services, run = brokerage
    ids = [arrives(services, **{**SPAM, "email": f"boost{number}@example.com"}) for number in range(3)]
    assert run("discard").exit_code == 2
    assert "1 discarded." in run("discard", ids[0]).output
    assert "2 discarded." in run("discard", "--reason", "spam").output
    assert run("discard", ids[0]).exit_code == 2
