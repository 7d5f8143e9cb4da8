"""firstpath import as its user meets it: the mapping, the dry run, the run, the rows that are rejected."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest

from jobs.crm.needs import wanted_of
from jobs.services import open_services
from jobs.settings.load import load_settings
from mapping.crm.compile import wanted
from mapping.playbook import load_playbook, shipped
from tests.fleet import TEAM, Fleet
from tests.spreadsheets import write_leads
from tests.webapp.in_process import Run, Told, shell
from webapp.demo.trial import TrialCrm, serving


@pytest.fixture(scope="module")
def crm() -> Iterator[TrialCrm]:
    """A sandbox HubSpot with everything Firstpath needs in it."""
    with serving("hubspot") as trial:
        _, pipeline = wanted(load_playbook(shipped("mortgage_us"), name="mortgage_us"), "hubspot")
        trial.set_up(TEAM, pipeline.label, pipeline.stages)
        yield trial


@pytest.fixture(scope="module")
def brokerage(crm: TrialCrm, tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    """A brokerage that keeps it; nothing but the import works in it."""
    made = Fleet(tmp_path_factory.mktemp("import"), crm_url=crm.url)
    services = open_services(load_settings(made.config, made.environ))
    services.crms["hubspot"].provision(wanted_of(services.playbook, "hubspot", services.crms["hubspot"]))
    services.ledger.close()
    return made


@pytest.fixture
def fleet(brokerage: Fleet, monkeypatch: pytest.MonkeyPatch) -> Fleet:
    """The brokerage, whose folder and environment this process has."""
    monkeypatch.chdir(brokerage.folder)
    for name, value in brokerage.environ.items():
        monkeypatch.setenv(name, value)
    return brokerage


@pytest.fixture
def run(fleet: Fleet, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """firstpath import of a file, on the path for spreadsheets."""
    firstpath = shell(monkeypatch, capsys)
    return lambda file, *more: firstpath("import", file, "--path", "leads", *more)


def said(done: Told) -> str:
    """What a command that went well told, without frames and line breaks."""
    assert done.code == 0, done.out + done.err
    return " ".join((done.out + done.err).replace("│", " ").split())


def test_a_dry_run_says_what_would_become_of_the_rows_and_changes_nothing(fleet: Fleet, run: Run) -> None:
    write_leads(fleet.folder / "dry.csv", 30, first=9_000, unreachable=10)
    told = said(run("dry.csv", "--dry-run"))
    assert "30 rows: 27 to bring over, 0 brought over before, 0 twice in the file, 3 rejected." in told
    assert "Row 2: no usable email address or phone number" in told
    assert "Phone No phone the label is a known" in told
    assert fleet.sandbox("counts")["contacts"] == 0


def test_rows_are_brought_over_once_and_the_rejected_ones_after_they_are_mended(
    fleet: Fleet, run: Run
) -> None:
    write_leads(fleet.folder / "leads.csv", 40, unreachable=20)
    before = fleet.sandbox("counts")["contacts"]
    assert "38 rows were brought over." in said(run("leads.csv", "--yes"))
    assert fleet.sandbox("counts")["contacts"] == before + 38
    assert "Nothing was new." in said(run("leads.csv", "--yes"))
    with (fleet.folder / "leads.rejected.csv").open(encoding="utf-8-sig", newline="") as opened:
        rejected = list(csv.DictReader(opened))
    assert [row["Lead ID"] for row in rejected] == ["L-0", "L-20"]
    assert all(row["firstpath_reason"] for row in rejected)
    for row in rejected:
        row["Phone No"] = f"(415) 555-01{row['Lead ID'][2:]:0>2}"
    with (fleet.folder / "mended.csv").open("w", encoding="utf-8", newline="") as opened:
        lines = csv.DictWriter(opened, rejected[0])
        lines.writeheader()
        lines.writerows(rejected)
    assert "2 rows were brought over." in said(run("mended.csv", "--yes"))
    assert fleet.sandbox("counts")["deals"] == before + 40


def test_a_column_may_be_named_and_is_remembered(fleet: Fleet, run: Run) -> None:
    (fleet.folder / "odd.csv").write_text("Kundentelefon;Wer\n(415) 555-0177;Ada Novak\n", encoding="utf-8")
    told = said(run("odd.csv", "--yes", "--map", "Kundentelefon=phone", "--map", "Wer=full_name"))
    assert "1 rows were brought over." in told
    assert "Kundentelefon phone confirmed before" in said(run("odd.csv", "--dry-run"))


@pytest.mark.parametrize(
    ("text", "more", "sentence"),
    [
        ("A;B\n1;2\n", [], "No column of wrong.csv is recognised"),
        ("Email\na@example.com\n", ["--map", "Email=emial"], "There is no field emial"),
    ],
)
def test_what_is_wrong_is_said(fleet: Fleet, run: Run, text: str, more: list[str], sentence: str) -> None:
    (fleet.folder / "wrong.csv").write_text(text, encoding="utf-8")
    done = run("wrong.csv", "--yes", *more)
    assert done.code in (1, 2)
    assert sentence in " ".join(done.err.split())
