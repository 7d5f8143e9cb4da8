"""CSV and TSV as rows of named cells, whatever a spreadsheet did to them."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence

from connectors.intake.base import JsonValue, Unreadable
from connectors.intake.charset import decode_fields

MAX_ROWS = 200_000
MAX_COLUMNS = 500
MAX_CELL = 32_768  # characters, as Excel allows
_SAMPLE = 8_192
_DELIMITERS = ",;\t|"


def read_table(body: bytes, charset: str = "") -> JsonValue:
    """A list of objects, one a row: column name → cell as text; empty cells and empty rows are left out.

    Byte order marks, UTF-16, semicolons, tabs and a "sep=;" line are understood. A column without a name or
    with a name that stood before gets its number. Raises Unreadable: empty_table, malformed_table,
    too_many_fields, wrong_charset.
    """
    return [dict(cells) for _, cells in rows_of(decode_table(body, charset))]


def rows_of(text: str) -> Iterator[tuple[int, dict[str, JsonValue]]]:
    """As read_table, one row after the other, each with its number in a spreadsheet (the header is 1)."""
    delimiter, text = _dialect(text)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = next((line for line in lines if any(cell.strip() for cell in line)), [])
        names = column_names(header)
        for number, line in enumerate(lines, 2):
            if number > MAX_ROWS + 1:
                raise Unreadable("too_many_fields", f"The table has more than {MAX_ROWS} rows.", status=413)
            if row := named_cells(names, line):
                yield number, row
    except csv.Error:
        raise Unreadable("malformed_table", "The table cannot be read as CSV.", keep=True) from None


def column_names(header: Sequence[str]) -> list[str]:
    """The columns' names, each one once. Raises Unreadable: empty_table, too_many_fields."""
    if not any(cell.strip() for cell in header):
        raise Unreadable("empty_table", "The table has no line of column names.")
    if len(header) > MAX_COLUMNS:
        raise Unreadable("too_many_fields", f"The table has more than {MAX_COLUMNS} columns.")
    names: list[str] = []
    for number, cell in enumerate(header, 1):
        name = " ".join(cell.split())
        names.append(f"{name or 'Column'} {number}" if not name or name in names else name)
    return names


def named_cells(names: Sequence[str], line: Sequence[str]) -> dict[str, JsonValue]:
    """The cells of one line that hold something, by column."""
    return {name: cell.strip()[:MAX_CELL] for name, cell in zip(names, line, strict=False) if cell.strip()}


def decode_table(body: bytes, charset: str = "") -> str:
    """The text of a CSV file. Raises Unreadable: wrong_charset, nul_byte."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return body.decode("utf-16")
        except UnicodeError:
            raise Unreadable("wrong_charset", "The table is not the UTF-16 that it begins as.") from None
    ((_, text),) = decode_fields([(b"table", body.removeprefix(codecs.BOM_UTF8))], charset)
    return text


def _dialect(text: str) -> tuple[str, str]:
    """The delimiter, and the text without Excel's line that names it."""
    first, newline, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[-1], rest
    sample = first if first.strip() else rest[:_SAMPLE].lstrip().partition("\n")[0]
    counts = {mark: sample.count(mark) for mark in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda mark: counts[mark])
    return (best if counts[best] else ","), first + newline + rest
