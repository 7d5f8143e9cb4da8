"""Requests as they arrive, for the tests of the ways in."""

from __future__ import annotations

from datetime import UTC, datetime

from connectors.intake.base import Adapter, Document, Options, RawRequest
from connectors.intake.document import read_document
from mapping.answers import Answers

RECEIVED_AT = datetime(2025, 3, 4, 18, 0, tzinfo=UTC)
URLENCODED = "application/x-www-form-urlencoded"
BROWSER = "Mozilla/5.0 (Windows NT 10.0)"


def request(
    body: bytes, content_type: str = URLENCODED, *, remote_addr: str = "", **headers: str
) -> RawRequest:
    """A request received at RECEIVED_AT; header names in Python spelling (user_agent)."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return RawRequest(content_type, named, body, remote_addr=remote_addr, received_at=RECEIVED_AT)


def answered(adapter: Adapter, raw: RawRequest) -> Answers:
    """The one inquiry or event that the adapter finds in the request."""
    (part,) = adapter.read(adapter_document(adapter, raw), raw, Options())
    assert isinstance(part, Answers)
    return part


def adapter_document(adapter: Adapter, raw: RawRequest) -> Document:
    """The body as the data that this adapter takes."""
    return read_document(raw.content_type, raw.body, takes=adapter.takes, max_body=adapter.max_body)


def by_key(answers: Answers) -> dict[str, str]:
    """Answers as key → text."""
    return {answer.key: answer.text for answer in answers.items}
