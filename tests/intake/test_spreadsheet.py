"""Spreadsheets as other systems write them, and as people damage them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from connectors.intake.base import Unreadable
from connectors.intake.spreadsheet import guarded, read_rows, unguarded


def cells(file: Path) -> list[Mapping[str, object]]:
    return [row.cells for row in read_rows(file)]


@pytest.mark.parametrize(
    "body",
    [
        b"Name,Phone\r\nAda,415-555-0101\r\n",
        b"\xef\xbb\xbfName,Phone\nAda,415-555-0101\n",
        b"Name;Phone\nAda;415-555-0101\n",
        b"Name\tPhone\nAda\t415-555-0101\n",
        b"sep=;\nName;Phone\nAda;415-555-0101\n",
        "Name,Phone\nAda,415-555-0101\n".encode("utf-16"),
        b'\n\n"Name","Phone"\n"Ada","415-555-0101"\n\n',
    ],
)
def test_csv_in_every_dialect(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "leads.csv").write_bytes(body)
    assert cells(tmp_path / "leads.csv") == [{"Name": "Ada", "Phone": "415-555-0101"}]


def test_windows_1252_and_columns_without_a_name(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_bytes("Prénom,,Prénom\nÉlodie,x,y\n".encode("cp1252"))
    assert cells(tmp_path / "l.csv") == [{"Prénom": "Élodie", "Column 2": "x", "Prénom 3": "y"}]


def test_rows_have_the_numbers_a_spreadsheet_shows(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_bytes(b'Name,Notes\nAda,"two\nlines"\n,\nBen,x\n')
    assert [row.number for row in read_rows(tmp_path / "l.csv")] == [2, 4]


def test_a_workbook_reads_as_a_person_would_type_it(tmp_path: Path) -> None:
    book = Workbook()
    assert isinstance(book.active, Worksheet)
    book.active.append(["Name", "Phone", "Amount", "Date", "Agreed", "Empty"])
    book.active.append(["Ada", 4155550101.0, 350000.5, datetime(2025, 3, 4), True, None])  # noqa: DTZ001
    book.active.append(["#N/A", None, None, None, None, None])
    book.save(tmp_path / "leads.xlsx")
    assert cells(tmp_path / "leads.xlsx") == [
        {"Name": "Ada", "Phone": "4155550101", "Amount": "350000.5", "Date": "2025-03-04", "Agreed": "yes"}
    ]


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("empty.csv", b"\n\n", "empty_table"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
        ("broken.xlsx", b"PK\x03\x04 and nothing else", "malformed_table"),
        ("nul.csv", b"Name\nA\x00da\n", "nul_byte"),
        ("cell.csv", b"Name\n" + b"x" * 200_000 + b"\n", "malformed_table"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(tmp_path: Path, name: str, body: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(body)
    with pytest.raises(Unreadable) as refused:
        cells(tmp_path / name)
    assert refused.value.code == code


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    file = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("x", "w") as part:
        for _ in range(300):
            part.write(bytes(1_048_576))
    with pytest.raises(Unreadable, match="too large"):
        cells(file)


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "+14155550101", "-5", "@x", "plain", "'quoted"])
def test_a_guarded_cell_is_no_formula_and_comes_back(cell: str) -> None:
    assert not guarded(cell).startswith(("=", "+", "-", "@"))
    assert unguarded(guarded(cell)) == cell
