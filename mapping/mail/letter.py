"""A mail as the rest of this package reads it, made from the JSON of connectors/intake/mail_body.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

_LONGEST = 60_000  # characters that are read; a mail longer than this only quotes others
_MANY_CELLS = 2  # lines with a label, from which on the HTML part is the better one


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a header: either part may be ""; the address is lower case."""

    name: str = ""
    address: str = ""

    @property
    def domain(self) -> str:
        """What stands behind the @."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Attached:
    """An attachment; content is text for the few types that are read."""

    name: str
    media: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail. trace is what servers wrote on its way, latest first; checks a provider's own verdicts."""

    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    sender: Person = field(default_factory=Person)
    senders: int = 1
    to: tuple[Person, ...] = ()
    reply_to: tuple[Person, ...] = ()
    return_path: str = ""
    subject: str = ""
    sent_at: datetime | None = None
    marks: Mapping[str, str] = field(default_factory=dict)
    trace: tuple[tuple[str, str], ...] = ()
    text: str = ""
    calendar: str = ""
    report: Mapping[str, str] | None = None
    attachments: tuple[Attached, ...] = ()
    messages: tuple[Letter, ...] = ()
    checks: Mapping[str, str] = field(default_factory=dict)
    cut: tuple[str, ...] = ()


def letter_of(mail: Any) -> Letter:
    """The letter in a mail's JSON; whatever is missing or of another type is taken as not said."""
    mail = mail if isinstance(mail, dict) else {}
    senders = _people(mail.get("from"))
    report = mail.get("report")
    return Letter(
        message_id=_text(mail.get("message_id")),
        in_reply_to=_texts(mail.get("in_reply_to_ids")),
        references=_texts(mail.get("references_ids")),
        sender=senders[0] if senders else Person(),
        senders=len(senders),
        to=(*_people(mail.get("to")), *_people(mail.get("cc"))),
        reply_to=_people(mail.get("reply_to")),
        return_path=_text(mail.get("return_path")),
        subject=_text(mail.get("subject")),
        sent_at=_time(_text(mail.get("date"))),
        marks=_map(mail.get("marks")),
        trace=tuple((_text(entry[0]), _text(entry[1])) for entry in _lists(mail.get("trace"), 2)),
        text=_readable(_text(mail.get("text")), _text(mail.get("html")))[:_LONGEST],
        calendar=_text(mail.get("calendar")),
        report=_map(report) if isinstance(report, dict) else None,
        attachments=_attachments(mail.get("attachments")),
        messages=tuple(letter_of(item) for item in _list(mail.get("messages"))),
        checks=_map(mail.get("checks")),
        cut=_texts(mail.get("cut")),
    )


def _readable(plain: str, html: str) -> str:
    """The part that says more: programs make poor text of tables, and some send "view this as HTML"."""
    if not plain.strip() or not html.strip():
        return plain if plain.strip() else html
    if _labelled(html) >= _labelled(plain) + _MANY_CELLS or len(html) > 4 * len(plain) + 200:
        return html
    return plain


def _labelled(text: str) -> int:
    return sum(0 < line.find(": ") <= 60 for line in text.splitlines())


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _lists(value: Any, length: int) -> list[list[Any]]:
    return [item for item in _list(value) if isinstance(item, list) and len(item) == length]


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(item for item in _list(value) if isinstance(item, str))


def _map(value: Any) -> dict[str, str]:
    return {str(name): _text(item) for name, item in value.items()} if isinstance(value, dict) else {}


def _people(value: Any) -> tuple[Person, ...]:
    return tuple(Person(_text(one[0]), _text(one[1]).lower()) for one in _lists(value, 2))


def _attachments(value: Any) -> tuple[Attached, ...]:
    found = (item for item in _list(value) if isinstance(item, dict))
    return tuple(
        Attached(_text(item.get("file")), _text(item.get("media")), _text(item.get("content")))
        for item in found
    )


def _time(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo is not None else None
