"""One line of the file: a JSON object about one inquiry, read with the same eyes as a submission."""

from __future__ import annotations

import hmac
import json
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mapping.answers import Answer
from mapping.inquiry import Inquiry
from mapping.reading.classify import classify
from mapping.reading.parties import read_parties, read_partner
from mapping.reading.sheet import Sheet
from mapping.scrubbing.birthdates import KeyedHash, hashed_birth_date

#: Key of a line → the canonical field it answers.
FIELDS: Mapping[str, str] = {
    **{name: name for name in ("first_name", "last_name", "full_name", "email", "phone")},
    **{name: name for name in ("street", "city", "state", "postal_code", "date_of_birth")},
    "co_borrower": "co_full_name",
    "referrer_email": "partner_email",
}
#: A co-borrower may be a name, or an object with these keys.
CO_FIELDS: Mapping[str, str] = {
    "name": "co_full_name",
    **{name: f"co_{name}" for name in ("first_name", "last_name", "full_name")},
    **{name: f"co_{name}" for name in ("email", "phone", "date_of_birth")},
}
#: Every key that is read; any of them may be missing or null.
KEYS = ("inquiry_id", "received_at", "source", "inquiry_type", *FIELDS)
_READ = {**FIELDS, **{f"co_borrower.{key}": field for key, field in CO_FIELDS.items()}}
# The United States and Canada share one numbering plan.
_COUNTRY = "US"
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class LineProblem(Exception):
    """What is wrong with a line, and what to do; it is left out and the others go on."""


@dataclass(frozen=True, slots=True)
class Line:
    """One inquiry and the name that the file has for it."""

    inquiry_id: str
    inquiry: Inquiry


class LineReader:
    """Reads line after line. Birth dates become hashes that mean nothing after this run.

    unread counts the lines that have a key which nobody reads: a misspelled one would go unnoticed.
    """

    def __init__(self, date_order: str = "MDY") -> None:
        self._date_order = date_order
        self._last_time = _LONG_AGO
        self._seen: dict[str, int] = {}
        self._hash = _hash_of_this_run()
        self.unread: Counter[str] = Counter()

    def read(self, text: bytes, number: int) -> Line:
        """The inquiry in the line with this number. Raises LineProblem."""
        line = as_object(text)
        self.unread.update(line.keys() - set(KEYS))
        said = _texts(line)
        inquiry_id = said.get("inquiry_id") or f"line {number}"
        if inquiry_id in self._seen:
            raise LineProblem(
                f'inquiry_id "{inquiry_id}" is the one of line {self._seen[inquiry_id]}. Give each its own.'
            )
        received_at = _time(said["received_at"]) if "received_at" in said else self._last_time
        inquiry = self._inquiry(said, received_at)
        self._seen[inquiry_id], self._last_time = number, received_at
        return Line(inquiry_id, inquiry)

    def _inquiry(self, said: Mapping[str, str], received_at: datetime) -> Inquiry:
        items = [
            Answer(name, "", (self._shown(field, said[name]),), field)
            for name, field in _READ.items()
            if name in said
        ]
        sheet = Sheet(items, {}, {})
        borrower, co_borrower = read_parties(sheet, _COUNTRY)
        kind, reason = classify(said.get("inquiry_type", ""), "")
        return Inquiry(
            source=said.get("source", ""),
            path="",
            received_at=received_at,
            borrower=borrower,
            co_borrower=co_borrower,
            partner=read_partner(sheet, _COUNTRY),
            type=kind,
            type_reason=reason,
        )

    def _shown(self, field: str, text: str) -> str:
        """As the rules see it: a birth date is hashed."""
        return hashed_birth_date(text, self._hash, self._date_order) if "date_of_birth" in field else text


def as_object(text: bytes) -> dict[str, Any]:
    """The JSON object that a line is. Raises LineProblem."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise LineProblem("this is no JSON in UTF-8. Write one JSON object on each line.") from None
    if not isinstance(value, dict):
        raise LineProblem(
            'this is JSON, but no object. Write it like this: {"inquiry_id": "1", "email": ...}.'
        )
    return value


def as_text(value: object, key: str) -> str:
    """A text or a number as text, "" for null. Raises LineProblem."""
    if value is None:
        return ""
    if isinstance(value, str):
        # Half a character (a lone surrogate) can be written in JSON and in no file.
        return value.encode(errors="replace").decode().strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise LineProblem(f'"{key}" is neither a text nor null.')


def _texts(line: Mapping[str, object]) -> dict[str, str]:
    texts = {key: as_text(line[key], key) for key in KEYS if key in line and key != "co_borrower"}
    other = line.get("co_borrower")
    if isinstance(other, dict):
        texts |= {f"co_borrower.{key}": as_text(other.get(key), f"co_borrower.{key}") for key in CO_FIELDS}
    else:
        texts["co_borrower"] = as_text(other, "co_borrower")
    return {key: text for key, text in texts.items() if text}


def _time(text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise LineProblem(f'received_at is no time. Write it like this: "{_LONG_AGO.isoformat()}".') from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _hash_of_this_run() -> KeyedHash:
    key = secrets.token_bytes(32)
    return lambda text: hmac.new(key, text.encode(), "sha256").hexdigest()
