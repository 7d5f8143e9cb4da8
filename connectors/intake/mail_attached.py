"""Data inside of a mail: ADF in its text, a MISMO loan file or a table attached to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from connectors.intake.adf import read_adf
from connectors.intake.base import JsonValue, Unreadable
from connectors.intake.mismo import answers_in, is_mismo
from connectors.intake.table_body import read_table
from connectors.intake.xml_body import read_xml
from mapping.answers import Answer, Answers
from mapping.labels.vocabulary import field_for
from mapping.mail.letter import Attached, Letter
from mapping.mail.reading import Reading

_ADF_BEGINS, _ADF_ENDS = re.compile(r"<adf\b", re.IGNORECASE), re.compile(r"</adf\s*>", re.IGNORECASE)
_MOST_DOCUMENTS = 50
_TABLES = (".csv", ".tsv")
_MOST_ROWS = 500
_MANY = 2  # columns that we understand, at least one of them a way to reach somebody


def data_in(letter: Letter, reading: Reading) -> Sequence[Answers]:
    """The inquiries that a program wrote into the mail; () when there is only what a person wrote."""
    found = [*_adf(letter.text, reading), *_files(letter, reading)]
    several = len(found) > 1
    return [_named(part, reading, number if several else 0) for number, part in enumerate(found, 1)]


def _adf(text: str, reading: Reading) -> Iterator[Answers]:
    """A lead vendor's own format: nobody's referral, so only a forged sender is set aside."""
    for document in _documents(text):
        tree = _tree(document)
        if tree is not None:
            yield from (replace(part, distrust=reading.forged) for part in _prospects(tree))


def _documents(text: str) -> Iterator[str]:
    place = 0
    for _ in range(_MOST_DOCUMENTS):
        begin = _ADF_BEGINS.search(text, place)
        end = _ADF_ENDS.search(text, begin.end()) if begin else None
        if begin is None or end is None:
            return
        yield text[begin.start() : end.end()]
        place = end.end()


def _files(letter: Letter, reading: Reading) -> Iterator[Answers]:
    for file in _attached(letter):
        if not file.content:
            continue
        if file.name.lower().endswith(_TABLES) or file.media in ("text/csv", "text/tab-separated-values"):
            yield from (reading.sent_along(row) for row in _rows(file.content))
            continue
        tree = _tree(file.content)
        if tree is None:
            continue
        if is_mismo(tree):
            yield from (replace(part, distrust=reading.unproved) for part in _loan_file(tree))
        else:
            yield from (replace(part, distrust=reading.forged) for part in _prospects(tree))


def _attached(letter: Letter) -> Iterator[Attached]:
    yield from letter.attachments
    for inner in letter.messages:
        yield from _attached(inner)


def _tree(text: str) -> JsonValue:
    """The XML as data, None when it is none that may be read."""
    try:
        return read_xml(text.encode())
    except Unreadable:
        return None


def _loan_file(tree: JsonValue) -> list[Answers]:
    try:
        return answers_in(tree)
    except Unreadable:
        return []


def _prospects(tree: JsonValue) -> list[Answers]:
    try:
        return read_adf(tree)
    except Unreadable:
        return []


def _rows(text: str) -> Iterator[list[Answer]]:
    """The rows of a table of people; nothing when its columns say nothing of how to reach anybody."""
    try:
        table = read_table(text.encode())
    except Unreadable:
        return
    rows = [row for row in table if isinstance(row, dict)] if isinstance(table, list) else []
    names = {name: field_for(name, name) for row in rows[:1] for name in row}
    known = {field for field in names.values() if field}
    if len(known) < _MANY or not known & {"email", "phone"}:
        return
    for row in rows[:_MOST_ROWS]:
        yield [Answer(name, name, (str(cell),)) for name, cell in row.items()]


def _named(part: Answers, reading: Reading, number: int) -> Answers:
    """The sender's own id stays; without one it is the mail's, with its place."""
    own = f"{reading.id}#{number}" if number else reading.id
    return replace(part, external_id=part.external_id or own, refs=(*part.refs, f"message:{reading.id}"))
