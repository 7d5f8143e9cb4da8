"""What arrived, in its own structure: a form, a mail, a table, a tree of names and values; nothing is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from connectors.intake.base import Document, IntakeError, JsonValue
from connectors.intake.document import read_document, readable_text
from connectors.intake.registry import ADAPTERS
from jobs.intake.reading import PART
from jobs.ledger.submissions import Submission
from jobs.paths.current import paths
from jobs.services import Services

Kind = Literal["form", "mail", "table", "tree", "part", "text", "gone"]
#: A page stays a page: what is longer is cut on it, never in the ledger.
MOST_TEXT = 20_000
_MOST_LINES, _MOST_ROWS, _MOST_COLUMNS, _MOST_DEPTH = 400, 50, 24, 12
_MOST_VALUE = 2_000


@dataclass(frozen=True, slots=True)
class RawMail:
    """A mail as text: headers in order, what it says, its files; HTML was made text before it was stored."""

    headers: tuple[tuple[str, str], ...]
    text: str
    from_html: bool
    files: tuple[tuple[str, str, int], ...]  # name, media type, bytes
    inside: tuple[RawMail, ...]  # forwarded whole


@dataclass(frozen=True, slots=True)
class Raw:
    """One of these by kind: lines (depth, name, value) of a form or tree; columns and rows; mail; text."""

    kind: Kind
    lines: tuple[tuple[int, str, str], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    mail: RawMail | None = None
    text: str = ""
    cut: bool = False


def raw_of(services: Services, submission: Submission) -> Raw:
    """The submission as it is stored; never raises for anything that stands in it."""
    if submission.expired_at is not None:
        return Raw("gone")
    if submission.content_type == PART:
        return Raw("part")
    path = paths(services).get(submission.path)
    adapter = ADAPTERS.get(path.kind) if path else None
    try:
        if adapter is None:
            raise IntakeError("path_gone", "The way in is gone.")
        document = read_document(
            submission.content_type,
            submission.body,
            takes=adapter.takes,
            max_body=adapter.max_body,
            stored=True,
        )
    except IntakeError:
        text = readable_text(submission.body, submission.content_type)
        return Raw("text", text=text[:MOST_TEXT], cut=len(text) > MOST_TEXT)
    return _structured(document)


def _structured(document: Document) -> Raw:
    if document.kind == "form":
        lines = tuple((0, name, _short(value)) for name, value in document.form[:_MOST_LINES])
        return Raw("form", lines, cut=len(document.form) > _MOST_LINES)
    if document.kind == "mail" and isinstance(document.json, dict):
        return Raw("mail", mail=_mail(document.json, depth=0))
    if document.kind == "table" and isinstance(document.json, list):
        return _table(document.json)
    found = list(islice(_tree("", document.json, 0), _MOST_LINES + 1))
    return Raw("tree", tuple(found[:_MOST_LINES]), cut=len(found) > _MOST_LINES)


def _table(found: list[JsonValue]) -> Raw:
    rows = [row for row in found if isinstance(row, dict)]
    shown = rows[:_MOST_ROWS]
    columns = list(dict.fromkeys(name for row in shown for name in row))[:_MOST_COLUMNS]
    cells = tuple(tuple(_short(str(row.get(name) or "")) for name in columns) for row in shown)
    return Raw("table", columns=tuple(columns), rows=cells, cut=len(rows) > _MOST_ROWS)


def _tree(name: str, value: JsonValue, depth: int) -> Iterator[tuple[int, str, str]]:
    if isinstance(value, dict | list) and depth >= _MOST_DEPTH:
        yield depth, name, "…"
    elif isinstance(value, dict):
        if name:
            yield depth, name, ""
        for key, inner in value.items():
            yield from _tree(str(key), inner, depth + bool(name))
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _tree(f"{name or 'entry'} {number}", inner, depth)
    else:
        yield depth, name, _short("" if value is None else str(value))


def _mail(mail: Mapping[str, Any], *, depth: int) -> RawMail:
    headers = [(title, people) for title, key in _PEOPLE if (people := _people(mail.get(key)))]
    headers += [(title, text) for title, key in _TEXTS if (text := str(mail.get(key) or ""))]
    marks = mail.get("marks")
    if isinstance(marks, dict):
        headers += [(str(name).replace("_", "-").title(), _short(str(text))) for name, text in marks.items()]
    plain, html = str(mail.get("text") or ""), str(mail.get("html") or "")
    inside = mail.get("messages") if depth < 3 else ()
    return RawMail(
        headers=tuple(headers),
        text=(plain or html)[:MOST_TEXT],
        from_html=not plain and bool(html),
        files=tuple(_file(one) for one in mail.get("attachments") or () if isinstance(one, dict)),
        inside=tuple(_mail(one, depth=depth + 1) for one in inside or () if isinstance(one, dict)),
    )


_PEOPLE = (("From", "from"), ("Sender", "sender"), ("Reply-To", "reply_to"), ("To", "to"), ("Cc", "cc"))
_TEXTS = (
    ("Subject", "subject"),
    ("Date", "date"),
    ("Message-ID", "message_id"),
    ("Return-Path", "return_path"),
    ("Calendar", "calendar"),
)


def _people(found: object) -> str:
    """[[name, address], ...] as one line."""
    entries = found if isinstance(found, list) else []
    lines = []
    for entry in entries[:20]:
        parts = [str(part) for part in entry if part] if isinstance(entry, list) else [str(entry)]
        lines.append(" ".join([*parts[:-1], f"<{parts[-1]}>"]) if len(parts) > 1 else "".join(parts))
    return ", ".join(lines)


def _file(one: Mapping[str, Any]) -> tuple[str, str, int]:
    size = one.get("size")
    return (
        str(one.get("file") or "unnamed"),
        str(one.get("media") or ""),
        size if isinstance(size, int) else 0,
    )


def _short(value: str) -> str:
    return value if len(value) <= _MOST_VALUE else f"{value[:_MOST_VALUE]}…"
