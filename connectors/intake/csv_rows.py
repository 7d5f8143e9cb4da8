"""A spreadsheet posted as CSV: one inquiry for each row, by the names of its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connectors.intake.base import Adapter, Document, JsonValue, Options, RawRequest, Unreadable
from connectors.intake.envelope import usable_id
from mapping.answers import Answer, Answers
from mapping.normalize.text import fold

#: Columns that hold the sender's own id of the row.
_IDS = frozenset({"id", "lead id", "leadid", "external id", "record id", "inquiry id", "row id", "reference"})


#: What we add to rejected rows; no answer when they are brought over again.
_OURS = frozenset({"firstpath_reason"})


class CsvRows(Adapter):
    """The rows of a table; which column means what is the path's field mapping, else the vocabulary."""

    vendor = "csv"
    takes = frozenset({"table"})
    max_body = 16 * 1_048_576

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers]:
        """One part a row. Raises Unreadable: empty_table."""
        rows = document.json if isinstance(document.json, list) else []
        parts = [row_answers(row, options.sheet) for row in rows if isinstance(row, dict)]
        if not parts:
            raise Unreadable("empty_table", "The table has a line of column names but no rows.")
        return parts


def row_answers(row: Mapping[str, JsonValue], fields: Mapping[str, str]) -> Answers:
    """The answers in one row: column name as key and label. fields is the path's mapping of columns."""
    cells = {name: str(value) for name, value in row.items() if value not in (None, "") and name not in _OURS}
    mapped = {name.casefold() for name, field in fields.items() if field == "external_id"}
    named = next((name for name in cells if name.casefold() in mapped), "")
    named = named or next((name for name in cells if fold(name) in _IDS), "")
    external_id = usable_id(cells.pop(named, "")) if named else ""
    items = tuple(Answer(name, name, (value,)) for name, value in cells.items())
    return Answers("csv", items, external_id=external_id)
