"""firstpath path: the same answers and reasons as at the desk."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jobs.paths.current import change_path, paths
from jobs.services import Services
from tests.webapp.installation import Installation, arrives, open_with_secrets
from webapp.cli import firstpath

Run = Callable[..., Result]


@pytest.fixture
def opened(tmp_path: Path) -> tuple[Installation, Mapping[str, str]]:
    installation, secrets = open_with_secrets(tmp_path)
    return installation, secrets


@pytest.fixture
def services(opened: tuple[Installation, Mapping[str, str]]) -> Services:
    return opened[0][0]


@pytest.fixture
def run(opened: tuple[Installation, Mapping[str, str]], services: Services) -> Run:
    """firstpath path with these arguments, over the installation."""

    def call(*arguments: str) -> Result:
        config = ("--config", str(services.settings.file))
        return CliRunner().invoke(firstpath, ["path", *arguments, *config], env=dict(opened[1]))

    return call


def seen(services: Services) -> None:
    """The partner's path is in shadow and saw one inquiry with a question nobody knows."""
    change_path(services, "partner", "x", state="shadow")
    arrives(services, name="Wei Chen", email="wei@example.com", state="TX", favourite_colour="green")


def test_paths_are_listed(run: Run, services: Services) -> None:
    seen(services)
    listed = {one["name"]: one for one in json.loads(run("list", "--json").output)}
    assert (listed["partner"]["state"], listed["closed"]["state"]) == ("shadow", "paused")
    assert "partner" in run("list").output


def test_the_answers_and_what_blocks_are_shown(run: Run, services: Services) -> None:
    seen(services)
    told = json.loads(run("show", "partner", "--json").output)
    assert [one["key"] for one in told["answers"]] == ["arrives", "goes", "owner", "missing", "task", "seen"]
    assert any("favourite_colour" in why for why in told["blocks_live"])
    words = run("show", "partner").output
    assert "Who owns it?" in words
    assert "Before it can go live" in words
    assert "Chen" not in words


def test_live_is_refused_with_reasons_and_pausing_is_not(run: Run, services: Services) -> None:
    seen(services)
    refused = run("live", "partner")
    assert refused.exit_code == 1
    assert "favourite_colour" in refused.output
    assert json.loads(run("live", "partner", "--json").output)["moved"] is False
    assert "shadow → paused" in run("pause", "partner").output
    assert paths_now(services) == "paused"
    assert "paused → draft" in run("draft", "partner").output
    assert "draft → shadow" in run("shadow", "partner").output


def test_questions_are_shown_and_mapped(run: Run, services: Services) -> None:
    seen(services)
    asked = {one["key"]: one for one in json.loads(run("mapping", "partner", "--json").output)}
    assert asked["favourite_colour"]["field"] == ""
    assert "NOT MAPPED" in run("mapping", "partner").output
    assert run("map", "partner", "favourite_colour", "keep").exit_code == 0
    assert "NOT MAPPED" not in run("mapping", "partner").output
    wrong = run("map", "partner", "favourite_colour", "nonsense")
    assert wrong.exit_code == 2
    assert "keep, ignore" in wrong.output


def test_an_unknown_path_is_named_with_those_there_are(run: Run) -> None:
    told = run("show", "nowhere")
    assert told.exit_code == 2
    assert "partner" in told.output


def paths_now(services: Services) -> str:
    services.path_changes.forget()
    return paths(services)["partner"].state
