"""firstpath playbook: pulled, edited, pushed, published and taken back, with an answer at every step."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from jobs.ledger.playbook_tables import playbook_revision
from jobs.services import Services
from jobs.settings.problem import SettingsInvalid
from mapping.playbook import PlaybookInvalid, shipped
from tests.webapp.installation import arrives, open_with_secrets
from webapp.cli import firstpath
from webapp.cli.errors import as_message

Run = Callable[..., Result]
US = shipped("mortgage_us")
LIGHTER = US.replace("weight = 2 ", "weight = 1 ")


@pytest.fixture
def opened(tmp_path: Path) -> tuple[Services, dict[str, str]]:
    installation, secrets = open_with_secrets(tmp_path)
    return installation[0], secrets


@pytest.fixture
def run(opened: tuple[Services, dict[str, str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """firstpath playbook with these arguments, in the installation's folder."""
    services, secrets = opened
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, **more: Any) -> Result:
        environ = {**secrets, "FIRSTPATH_CONFIG": str(services.settings.file)}
        return CliRunner().invoke(firstpath, ["playbook", *arguments], env=environ, **more)

    return call


def written(text: str, name: str = "playbook.toml") -> str:
    Path(name).write_text(text, "utf-8")
    return name


def test_a_change_goes_from_the_file_to_every_process_and_back(
    run: Run, opened: tuple[Services, dict[str, str]]
) -> None:
    services, _ = opened
    assert "which the settings name" in run("show").output
    assert "Wrote mine.toml" in run("pull", "mine.toml").output
    assert Path("mine.toml").read_text("utf-8") == US, "the text itself, comments and all"
    written(LIGHTER, "mine.toml")
    pushed = run("push", "mine.toml", "--on", "0").output
    assert "Stored as the draft: revision 1." in pushed
    assert "weight of Maya Whitfield: 2 → 1" in pushed
    assert "Draft:  revision 1" in run("show").output
    shown = run("diff").output
    assert "weight of Maya Whitfield: 2 → 1" in shown
    assert "\n-weight = 2 # two" in shown
    assert "\n+weight = 1 # two" in shown
    assert services.playbook.team[0].weight == 2
    published = run("publish", "1", "--message", "half days").output
    assert "Published: revision 1" in published
    assert "firstpath playbook rollback 0" in published
    services.playbooks.forget()
    assert services.playbook.team[0].weight == 1
    told = run("show").output
    assert "Active: revision 1 (mortgage_us@" in told
    assert ": half days" in told
    assert "The settings name the shipped mortgage_us: another text, and not used." in told
    assert "weight of Maya Whitfield: 1 → 2" in run("rollback", "0").output
    listed = run("show", "--list").output.splitlines()
    assert [line.split()[:2] for line in listed] == [["2", "published"], ["1", "published"]]
    assert "weight of Maya Whitfield: 1 → 2" in run("show", "--revision", "2").output


def test_machines_are_told_the_same(run: Run) -> None:
    written(LIGHTER)
    said = json.loads(run("push", "--json").output)
    assert said == {"revision": 1, "parent": 0, "changes": ["weight of Maya Whitfield: 2 → 1"]}
    assert json.loads(run("show", "--json").output)["draft"]["revision"] == 1
    assert json.loads(run("diff", "--json").output)["changes"] == said["changes"]
    assert json.loads(run("publish", "--json").output)["revision"] == 1
    assert json.loads(run("show", "--list", "--json").output)[0]["state"] == "published"
    assert json.loads(run("check", "playbook.toml", "--json").output)["ok"] is True


def test_mistakes_are_told_with_file_and_line_and_nothing_is_stored(run: Run) -> None:
    written(US.replace('email = "maya@example.com"', 'email = "maya"', 1), "mine.toml")
    line = US[: US.index('email = "maya@')].count("\n") + 1
    pushed = run("push", "mine.toml")
    assert f"mine.toml:{line}: team.0.email: this is not an email address." in str(pushed.exception)
    assert "No revision yet" in run("show", "--list").output
    told = run("check", "mine.toml", "--json")
    assert told.exit_code == 2
    assert {one["line"] for one in json.loads(told.output)["mistakes"]} >= {line}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("publish",), "There is no draft"),
        (("rollback", "7"), "There is no revision 7"),
        (("diff",), "There is no draft"),
        (("diff", "nowhere.toml"), "There is no file nowhere.toml"),
        (("push", "nowhere.toml"), "There is no file nowhere.toml"),
        (("show", "--revision", "3"), "There is no revision 3"),
        (("rollback", "99999999999999999999"), "There is no revision 99999999999999999999"),
        (("pull", "x.toml", "--revision", "5"), "There is no revision 5"),
    ],
)
def test_what_is_not_there_is_said_with_what_to_do(run: Run, arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code != 0
    assert said in f"{result.output}{result.exception}"


def test_a_file_with_another_text_is_not_written_over(run: Run) -> None:
    written("# mine\n", "mine.toml")
    assert "mine.toml holds another text" in run("pull", "mine.toml").output
    assert Path("mine.toml").read_text("utf-8") == "# mine\n"
    assert run("pull", "mine.toml", "--force").exit_code == 0
    assert run("pull", "-").output == US


def test_a_start_is_refused_with_the_way_out(run: Run, opened: tuple[Services, dict[str, str]]) -> None:

    written(LIGHTER)
    run("push")
    run("publish")
    with opened[0].ledger.write() as connection:
        connection.execute(playbook_revision.update().values(text=LIGHTER + "\n[gone]\nx = 1\n"))
    refused = run("simulate")
    assert isinstance(refused.exception, PlaybookInvalid)
    message, code = as_message(refused.exception)
    assert code == 2
    assert message.startswith("revision 1:")
    assert "rollback" in message.splitlines()[-1]


def test_a_text_may_come_from_a_pipe(run: Run) -> None:
    assert "revision 1" in run("push", "-", input=LIGHTER).output
    assert run("diff", "settings", "1").output.count("weight of Maya") == 1


def test_a_playbook_that_holds_and_has_mistakes_can_be_replaced(
    run: Run, opened: tuple[Services, dict[str, str]]
) -> None:
    """After an update a stored text may no longer pass: the way to a better one stays open."""

    written(LIGHTER)
    run("push")
    run("publish")
    with opened[0].ledger.write() as connection:
        connection.execute(playbook_revision.update().values(text=LIGHTER + "\n[gone]\nx = 1\n"))
    assert "Active: revision 1" in run("show").output
    written(US)
    assert run("push").exit_code == 0
    assert "Published: revision 2" in run("publish").output


def test_a_draft_is_tried_on_what_arrived(run: Run, opened: tuple[Services, dict[str, str]]) -> None:
    services, _ = opened
    for number in range(4):
        arrives(
            services, name=f"Wei Chen{number}", email=f"wei{number}@example.com", state="TX", loan="refinance"
        )
    assert "There is no draft" in str(run("simulate").exception)
    written(US.replace("\nminutes = 5 ", "\nminutes = 55 ").replace("mortgage_path =", "mortgage_way =", 1))
    run("push")
    told = run("simulate", "--since", "520w").output
    assert told.startswith("4 inquiries replayed. Under revision 1, 4 would be decided otherwise")
    assert "         4  hubspot deal mortgage_path" in told
    assert "4  less than an hour later" in told
    facts = json.loads(
        run("simulate", "--since", "520w", "--file", "playbook.toml", "--json", "--examples", "1").output
    )
    assert (facts["replayed"], facts["changed"], facts["tried"]) == (4, 4, "playbook.toml")
    assert len(facts["aspects"]["due"]["examples"]) == 1
    assert "chen" not in json.dumps(facts).casefold()
    assert "0 would be decided otherwise" in run("simulate", "--since", "520w", "--file", written(US)).output


def test_a_span_that_is_none_is_refused(run: Run) -> None:
    assert '"soon" is no span of time. Write 12h, 30d or 8w.' in run("simulate", "--since", "soon").output


def test_a_text_that_says_the_same_is_told_so(run: Run) -> None:
    assert "nothing differs from what holds" in run("push", written(US)).output
    assert "only comments and layout changed" in run("push", written(f"# mine\n{US}")).output


def test_a_file_in_another_encoding_is_told_with_its_line(run: Run) -> None:
    Path("old.toml").write_bytes(US.replace('"Maya Whitfield"', '"Zoé"', 1).encode("latin-1", "replace"))
    line = US[: US.index('"Maya Whitfield"')].count("\n") + 1
    for arguments in (("check", "old.toml"), ("push", "old.toml"), ("diff", "old.toml")):
        assert f"old.toml:{line}: the document: this is not text in UTF-8" in str(run(*arguments).exception)


def test_a_settings_file_that_is_gone_is_told_and_stops_nothing(
    run: Run, opened: tuple[Services, dict[str, str]]
) -> None:
    services, secrets = opened
    config = services.settings.file
    there = config.read_text("utf-8")
    gone = there.replace('shipped = "mortgage_us"', 'file = "gone.toml"')
    config.write_text(gone, "utf-8")
    refused = run("show").exception
    assert isinstance(refused, SettingsInvalid)
    assert "playbook.file: names gone.toml, which is not there." in as_message(refused)[0]
    config.write_text(there, "utf-8")
    written(LIGHTER, "mine.toml")
    assert run("push", "mine.toml").exit_code == 0
    assert run("publish", "--message", "because").exit_code == 0
    config.write_text(gone, "utf-8")
    assert "The settings name gone.toml, which is not there: correct [playbook] file." in run("show").output
    environ = {**secrets, "FIRSTPATH_CONFIG": str(config)}
    checked = CliRunner().invoke(firstpath, ["check"], env=environ)
    assert "revision 1" in checked.output
    assert "which is not there: correct [playbook] file" in checked.output
    written(US, "other.toml")
    assert run("push", "other.toml").exit_code == 0
