"""What every way in shares: the request as it came, the document in it, and what an adapter does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from mapping.answers import Answers

JsonValue = str | int | float | bool | None | list["JsonValue"] | dict[str, "JsonValue"]


class IntakeError(Exception):
    """A submission that cannot be taken as it stands.

    code is stable, for machines; str(error) is one readable sentence that echoes nothing of the input;
    status is the HTTP status; keep says whether the raw bytes are worth a person's look (quarantine).
    """

    def __init__(self, code: str, message: str, *, status: int = 400, keep: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.keep = keep


class Unreadable(IntakeError):
    """The bytes are not what they say they are."""


class NotTrusted(IntakeError):
    """The sender could not show who it is."""


@dataclass(frozen=True, slots=True)
class RawRequest:
    """What arrived, byte for byte. Header names are lower case."""

    content_type: str
    headers: Mapping[str, str]
    body: bytes
    query: tuple[tuple[str, str], ...] = ()
    remote_addr: str = ""
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """The body as data: a JSON value, or form fields in order (names may repeat)."""

    kind: Literal["json", "form"]
    json: JsonValue = None
    form: tuple[tuple[str, str], ...] = field(default_factory=tuple)


class Adapter(Protocol):
    """One way in."""

    vendor: str

    def verify(self, request: RawRequest, secret: str) -> None:
        """Raise NotTrusted unless the request was made by who holds the secret ("" = none configured)."""

    def answers(self, document: Document, request: RawRequest) -> Answers:
        """What was answered, in the sender's words. Raises Unreadable when the shape is not the sender's."""
