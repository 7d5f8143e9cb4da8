"""A spreadsheet file (CSV, TSV or XLSX) as rows of named cells, whatever program wrote it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from connectors.intake.base import JsonValue, Unreadable
from connectors.intake.table_body import MAX_ROWS, column_names, decode_table, named_cells, rows_of

MAX_FILE = 64 * 1_048_576  # bytes
_MAX_UNPACKED = 256 * 1_048_576
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
#: What our own files put before a cell that a spreadsheet would take for a formula.
GUARD = "'"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Row:
    """number is the row's in the spreadsheet; cells are those that hold something, by column."""

    number: int
    cells: dict[str, JsonValue]


def read_rows(file: Path) -> Iterator[Row]:
    """Every row below the column names. Raises Unreadable with what to do, OSError."""
    size = file.stat().st_size
    if size > MAX_FILE:
        raise Unreadable("too_large", f"The file is larger than {MAX_FILE // 1_048_576} MB; split it.")
    with file.open("rb") as opened:
        start = opened.read(8)
    if start.startswith(_OLD_EXCEL):
        raise Unreadable(
            "old_excel", "This is an old or password-protected Excel file; save it as XLSX or CSV."
        )
    if start.startswith(b"PK"):
        rows = _excel_rows(file)
    else:
        rows = (Row(number, cells) for number, cells in rows_of(decode_table(file.read_bytes())))
    return (Row(row.number, {name: unguarded(cell) for name, cell in row.cells.items()}) for row in rows)


def guarded(cell: str) -> str:
    """The cell as our files show it: never a formula for whoever opens them."""
    return GUARD + cell if cell.startswith(_FORMULA) else cell


def unguarded(cell: JsonValue) -> JsonValue:
    """The cell as it was before guarded()."""
    if isinstance(cell, str) and cell.startswith(GUARD) and cell[1:].startswith(_FORMULA):
        return cell[1:]
    return cell


def _excel_rows(file: Path) -> Iterator[Row]:
    """The rows of the first sheet; formulas count by the value they were saved with."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(file) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MAX_UNPACKED:
                raise Unreadable("too_large", "Unpacked, the workbook is too large; save it as CSV.")
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError):
        raise Unreadable(
            "malformed_table", "The file is no workbook that can be read; save it as CSV."
        ) from None
    names: list[str] = []
    try:
        for number, line in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            texts = [_text(value) for value in line]
            if not names:
                names = column_names(texts) if any(texts) else []
            elif number > MAX_ROWS + 1:
                raise Unreadable("too_many_fields", f"The sheet has more than {MAX_ROWS} rows; split it.")
            elif cells := named_cells(names, texts):
                yield Row(number, cells)
    finally:
        book.close()
    if not names:
        raise Unreadable("empty_table", "The sheet has no line of column names.")


def _text(value: object) -> str:
    """A cell as a person would type it: no ".0" behind a phone number, dates as YYYY-MM-DD."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    text = str(value)
    return "" if text.startswith("#") and text.endswith(("!", "?", "/A")) else text
