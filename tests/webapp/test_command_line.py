"""The command line: the first hour, what is told when something is wrong, and the exit codes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from connectors.sandbox.hubspot import OwnerSeed, RunningSandbox
from jobs.settings.new_secrets import generate_secrets
from mapping.playbook import load_playbook
from tests.fleet import wait_for
from tests.jobs.brokerage import TEAM, TOKEN, start_sandbox
from tests.services.ports import free_port
from tests.webapp.in_process import Run, shell
from webapp.cli import firstpath


@pytest.fixture(scope="module")
def account() -> Iterator[RunningSandbox]:
    with start_sandbox() as running:
        yield running


@pytest.fixture
def sandbox(account: RunningSandbox) -> RunningSandbox:
    """A HubSpot account that nobody has prepared."""
    account.configure(token_accepted=True)
    account.reset()
    return account


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run firstpath in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in generate_secrets():
        monkeypatch.delenv(name, raising=False)
    return shell(monkeypatch, capsys)


@pytest.fixture
def brokerage(run: Run, sandbox: RunningSandbox, tmp_path: Path) -> Path:
    """The folder after `firstpath init`, connected to the sandbox."""
    assert run("init").code == 0
    config = tmp_path / "config.toml"
    text = config.read_text("utf-8")
    connected = text.replace('kind = "hubspot"\n', f'kind = "hubspot"\nbase_url = "{sandbox.url}"\n', 1)
    assert connected != text
    config.write_text(connected, encoding="utf-8")
    (tmp_path / "secrets" / "FIRSTPATH_CRM_HUBSPOT_TOKEN").write_text(TOKEN)
    return tmp_path


def every_command(group: click.Group, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*above, name)
        if isinstance(command, click.Group):
            yield from every_command(command, (*above, name))


def test_the_first_hour(run: Run, brokerage: Path, sandbox: RunningSandbox) -> None:
    missing = run("check")
    assert missing.code == 1
    assert "run `firstpath provision`" in missing.out
    before = len(sandbox.state.shelf("deals").properties.defined())
    plan = run("provision", "--dry-run")
    assert plan.code == 0
    assert "will create" in plan.out
    assert len(sandbox.state.shelf("deals").properties.defined()) == before
    assert run("provision").code == 0
    again = run("provision")
    assert again.code == 0
    assert re.fullmatch(r"hubspot: \d+ already there\.", again.out.splitlines()[-1])
    fine = run("check")
    assert fine.code == 0
    assert "hubspot: fine." in fine.out
    assert "calls left today" in fine.out
    told = json.loads(run("check", "--json").out)
    assert (told["ok"], told["problems"]) == (True, [])
    assert all(told["crms"]["hubspot"]["scopes"].values())


@pytest.mark.parametrize("kind", ["form", "typeform", "hosted_form"])
@pytest.mark.parametrize("country", ["US", "CA"])
def test_what_init_writes_is_accepted_and_private(
    run: Run, tmp_path: Path, country: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = run("init", "--country", country, "--kind", kind, "--dir", "here")
    assert made.code == 0
    monkeypatch.setenv("FIRSTPATH_CRM_HUBSPOT_TOKEN", TOKEN)
    monkeypatch.setenv("FIRSTPATH_PATH_WEBSITE_SECRET", "a-secret-of-typeform-0123456789")
    assert run("status", "--config", "here/config.toml").code == 0
    config = tomllib.loads((tmp_path / "here" / "config.toml").read_text("utf-8"))
    assert config["paths"]["website"]["state"] == "shadow", "a path is proven before it goes live"
    assert "firstpath path live website" in made.out
    secrets = tmp_path / "here" / "secrets"
    assert secrets.stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in secrets.iterdir())


def test_messages_are_signed_with_the_brokerages_name(run: Run, tmp_path: Path) -> None:
    named = 'The "Big" Pine\\Lending'
    assert run("init", "--brokerage", named).code == 0
    written = (tmp_path / "playbook.toml").read_text("utf-8")
    assert load_playbook(written, name="written").brokerage.name == named


def test_init_overwrites_nothing(run: Run, tmp_path: Path) -> None:
    assert run("init").code == 0
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    second = run("init")
    assert second.code == 1
    assert "nothing was written" in second.err
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize("command", ["check", "provision"])
def test_a_refused_token_is_told_with_a_remedy(
    run: Run, brokerage: Path, sandbox: RunningSandbox, command: str
) -> None:
    sandbox.configure(token_accepted=False)
    told = run(command)
    assert told.code == 1
    assert "no longer accepts the access token" in told.out + told.err
    assert TOKEN not in told.out + told.err


def test_check_names_what_went_missing(run: Run, brokerage: Path, sandbox: RunningSandbox) -> None:
    assert run("provision").code == 0
    playbook = brokerage / "playbook.toml"
    misspelt = playbook.read_text("utf-8").replace("firstname = {", "firstnme = {", 1)
    playbook.write_text(misspelt, encoding="utf-8")
    with sandbox.state.lock:
        sandbox.state.shelf("deals").properties.archive("mortgage_path", 0.0)
        sandbox.state.owners.add(OwnerSeed(TEAM[0], "Maya", "Example", active=False), 0.0)
    told = json.loads(run("check", "--json").out)
    assert not told["ok"]
    assert [problem for problem in told["problems"] if "mortgage_path" in problem]
    assert [problem for problem in told["problems"] if TEAM[0] in problem and "invite" in problem]
    assert [problem for problem in told["problems"] if "firstnme" in problem and "mean firstname?" in problem]
    assert len(told["problems"]) == 3


def test_what_the_crm_requires_is_a_problem_only_where_the_playbook_does_not_map_it(
    run: Run, brokerage: Path, sandbox: RunningSandbox
) -> None:
    assert run("provision").code == 0
    sandbox.configure(required_properties=["contacts.city", "deals.amount", "deals.dealname"])
    assert run("check").code == 0
    sandbox.configure(required_properties=["contacts.city", "deals.description"])
    told = json.loads(run("check", "--json").out)
    (problem,) = told["problems"]
    assert "requires the property description on every new deal" in problem


def test_check_tells_that_the_crm_cannot_be_reached(
    run: Run, brokerage: Path, sandbox: RunningSandbox
) -> None:
    config = brokerage / "config.toml"
    text = config.read_text("utf-8").replace(sandbox.url, f"http://127.0.0.1:{free_port()}")
    config.write_text(text, encoding="utf-8")
    told = run("check")
    assert told.code == 1
    assert "could not be reached" in told.out


def test_wrong_settings_are_told_all_at_once(run: Run, brokerage: Path) -> None:
    config = brokerage / "config.toml"
    text = config.read_text("utf-8")
    wrong = text.replace('country = "US"', 'country = "UK"').replace('state = "shadow"', 'state = "alive"')
    config.write_text(wrong + "\n[nonsense]\n", encoding="utf-8")
    told = run("check")
    assert told.code == 2
    for place in ("country", "state", "nonsense"):
        assert place in told.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("check", "--config", "nowhere.toml"), "Make one with `firstpath init`"),
        (("provision", "--crm", "salesforce"), "The settings have no CRM named salesforce"),
        (("user", "add", "a@example.com", "--role", "king"), "king"),
        (("flounder",), "No such command"),
    ],
)
def test_wrong_arguments_are_exit_code_2(
    run: Run, brokerage: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    told = run(*arguments)
    assert told.code == 2
    assert sentence in told.err


@pytest.mark.parametrize(
    "arguments", [("user", "add", "not an address"), ("user", "disable", "a@example.com")]
)
def test_an_account_that_cannot_be_is_told_in_a_sentence(
    run: Run, brokerage: Path, arguments: tuple[str, ...]
) -> None:
    told = run(*arguments)
    assert told.code == 1
    assert "Firstpath made a mistake" not in told.err
    assert told.err.strip().endswith(".")


def test_accounts(run: Run, brokerage: Path) -> None:
    added = run("user", "add", "Dana@example.com", "--name", "Dana")
    assert added.code == 0
    assert re.search(r"https?://\S+", added.out)
    assert run("user", "add", "ben@example.com").code == 0
    assert run("user", "link", "dana@example.com").code == 0
    assert run("user", "disable", "ben@example.com").code == 0
    listed = run("user", "list").out.splitlines()
    assert listed == ["ben@example.com  admin  (disabled)", "dana@example.com  admin"]


def test_keys(run: Run, brokerage: Path) -> None:
    one, other = (run("keys", "new-path-key").out for _ in range(2))
    assert one != other
    assert "sha256:" in one
    keys = brokerage / "secrets" / "FIRSTPATH_ENCRYPTION_KEYS"
    assert run("status").code == 0
    fresh = generate_secrets()["FIRSTPATH_ENCRYPTION_KEYS"].replace("k1:", "k2:")
    keys.write_text(f"{fresh},{keys.read_text('utf-8').strip()}")
    told = run("keys", "rotate")
    assert told.code == 0
    assert "submission.body: 0 sealed anew" in told.out


def test_status_for_machines(run: Run, brokerage: Path) -> None:
    told = json.loads(run("status", "--json").out)
    assert told["submissions"] == told["deliveries"] == {}
    assert told["crms"]["hubspot"]["state"] == "ok"
    assert "Submissions: none" in run("status").out


@pytest.mark.parametrize("arguments", [(), *every_command(firstpath)], ids=" ".join)
def test_every_command_explains_itself(run: Run, arguments: tuple[str, ...]) -> None:
    told = run(*arguments, "--help")
    assert told.code == 0
    assert told.out.startswith("Usage: ")
    assert len(told.out.splitlines()) > 3


def served(folder: Path, **environ: str) -> str:
    """What `firstpath serve` writes from its start until it was stopped in order."""
    port = free_port()
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "webapp.cli", "serve", "--port", str(port)],
            cwd=folder,
            env={**os.environ, **environ},
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.wait()
    return (folder / "serve.log").read_text()


def test_serve_answers_with_what_init_wrote_and_stops_in_order(brokerage: Path) -> None:
    assert "Firstpath answers on http://127.0.0.1:" in served(brokerage)


def test_serve_loads_nothing_large_that_it_does_not_use(run: Run, brokerage: Path) -> None:
    assert run("status").code == 0  # the tables are there
    told = served(brokerage, PYTHONPROFILEIMPORTTIME="1")
    loaded = set(re.findall(r"^import time:.*\| +(\S+)$", told, re.MULTILINE))
    assert {"webapp.door", "jobs.processes.worker", "structlog", "holidays"} <= loaded
    unused = {"alembic", "redis", "rich.console", "rq", "sqlalchemy.dialects.postgresql"}
    assert loaded & (unused | {"holidays.countries.germany"}) == set()
