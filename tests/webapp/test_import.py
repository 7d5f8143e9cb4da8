"""firstpath import as its user meets it: the mapping, the dry run, the run, the rows that are rejected."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest

from tests.fleet import Fleet
from tests.spreadsheets import write_leads


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """A brokerage with a sandbox HubSpot; nothing but the import works in it."""
    made = Fleet(tmp_path_factory.mktemp("import"))
    try:
        made.start_sandbox()
        yield made
    finally:
        made.stop()


def run(fleet: Fleet, file: str, *more: str) -> str:
    done = fleet.run("import", file, "--path", "leads", *more)
    assert done.returncode == 0, done.stdout + done.stderr
    return " ".join((done.stdout + done.stderr).replace("│", " ").split())


def test_a_dry_run_says_what_would_become_of_the_rows_and_changes_nothing(fleet: Fleet) -> None:
    write_leads(fleet.folder / "dry.csv", 30, first=9_000, unreachable=10)
    said = run(fleet, "dry.csv", "--dry-run")
    assert "30 rows: 27 to bring over, 0 brought over before, 0 twice in the file, 3 rejected." in said
    assert "Row 2: no usable email address or phone number" in said
    assert "Phone No phone the label is a known" in said
    assert fleet.sandbox("counts")["contacts"] == 0


def test_rows_are_brought_over_once_and_the_rejected_ones_after_they_are_mended(fleet: Fleet) -> None:
    write_leads(fleet.folder / "leads.csv", 40, unreachable=20)
    before = fleet.sandbox("counts")["contacts"]
    assert "38 rows were brought over." in run(fleet, "leads.csv", "--yes")
    assert fleet.sandbox("counts")["contacts"] == before + 38
    assert "Nothing was new." in run(fleet, "leads.csv", "--yes")
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
    assert "2 rows were brought over." in run(fleet, "mended.csv", "--yes")
    assert fleet.sandbox("counts")["deals"] == before + 40


def test_a_column_may_be_named_and_is_remembered(fleet: Fleet) -> None:
    (fleet.folder / "odd.csv").write_text("Kundentelefon;Wer\n(415) 555-0177;Ada Novak\n", encoding="utf-8")
    said = run(fleet, "odd.csv", "--yes", "--map", "Kundentelefon=phone", "--map", "Wer=full_name")
    assert "1 rows were brought over." in said
    assert "Kundentelefon phone confirmed before" in run(fleet, "odd.csv", "--dry-run")


@pytest.mark.parametrize(
    ("text", "more", "sentence"),
    [
        ("A;B\n1;2\n", [], "No column of wrong.csv is recognised"),
        ("Email\na@example.com\n", ["--map", "Email=emial"], "There is no field emial"),
    ],
)
def test_what_is_wrong_is_said(fleet: Fleet, text: str, more: list[str], sentence: str) -> None:
    (fleet.folder / "wrong.csv").write_text(text, encoding="utf-8")
    done = fleet.run("import", "wrong.csv", "--path", "leads", "--yes", *more)
    assert done.returncode in (1, 2)
    assert sentence in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
