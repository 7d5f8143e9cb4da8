"""What every way in shares: the request as it came, the document in it, and what an adapter does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from mapping.answers import Fetch, Part

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
    """What arrived, byte for byte. Header names are lower case.

    url is the public address it was sent to, rebuilt from our settings (never from its Host header), with
    the query as sent: some vendors sign it. A mail or a file that nobody posted has neither url nor headers.
    """

    content_type: str
    headers: Mapping[str, str]
    body: bytes
    query: tuple[tuple[str, str], ...] = ()
    remote_addr: str = ""
    received_at: datetime | None = None
    method: str = "POST"
    url: str = ""


DocumentKind = Literal["json", "form", "xml", "mail", "table"]


@dataclass(frozen=True, slots=True)
class Document:
    """The body as data.

    form holds form fields in order (names may repeat). Every other kind is a JSON value: what was sent as
    JSON; an XML element tree (xml_body.py), a mail (mail_body.py) or the rows of a table (table_body.py).
    """

    kind: DocumentKind
    json: JsonValue = None
    form: tuple[tuple[str, str], ...] = field(default_factory=tuple)
    unpacked: bool = False  # an adapter made it; the request's own bytes are not to be stored


@dataclass(frozen=True, slots=True)
class Options:
    """What an intake path's settings say about reading it.

    authserv_id is the name under which our own mail server signs its Authentication-Results; own_domains are
    the brokerage's mail domains; api_url is where the vendor's API is, when not at its usual place.
    """

    country: str = "US"
    timezone: str = "America/New_York"
    date_order: str = "MDY"
    public_url: str = ""
    authserv_id: str = ""
    own_domains: tuple[str, ...] = ()
    api_url: str = ""
    path: str = ""  # the intake path's name
    account: str = ""  # the sender's account, page, topic or instance that alone may send
    sheet: Mapping[str, str] = field(default_factory=dict)  # the path's field mapping, for tables


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in the sender's own manner, where our JSON would not do."""

    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Adapter:
    """One way in. Subclasses say what they take and how it is read; most need only read()."""

    vendor: str = ""
    takes: frozenset[DocumentKind] = frozenset({"json", "form"})
    max_body: int = 1_048_576  # bytes, after decompression
    hides: frozenset[str] = frozenset()  # names of body fields that are the sender's secret: never stored
    keeps: frozenset[str] = frozenset()  # lower-case names of headers that read() looks at
    revisions: bool = True  # the same id with other content is kept for a person; False: it is refused
    signs: bool = False  # its sender always signs: without a secret the path cannot work
    busy_status: int = 429  # what makes it send again later, when it sends too fast

    def verify(self, request: RawRequest, secret: str) -> None:
        """Raise NotTrusted unless the request was made by who holds the secret ("" = none configured)."""

    def used_once(self, request: RawRequest) -> str:
        """What proves the sender when its signature does not cover the body, "" when it does.

        With another body it proves nothing any more: whoever saw it might send something else.
        """
        return ""

    def handshake(self, request: RawRequest, secret: str) -> Reply | None:
        """The answer to a request that only asks whether we are who we are; None when it is not one.

        Asked before anything is stored, for every GET and for every POST. Raises NotTrusted.
        """
        return None

    def unpack(self, request: RawRequest) -> Document | None:
        """The document, where the general reader would lose what matters (a mail inside a form).

        Asked once, when the request comes in; what is stored reads back by itself. None = read as usual.
        Raises Unreadable.
        """
        return None

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Part]:
        """What is in it, in the sender's words: one part for each inquiry, event or notice, at least one.

        Pure: no network, no clock. Raises Unreadable when the shape is not the sender's.
        """
        raise NotImplementedError

    def reply(self, request: RawRequest, submission_id: str) -> Reply | None:
        """The answer to a stored submission; None = ours, in JSON with status 200."""
        return None


class FetchFailed(Exception):
    """What a notice points to could not be fetched; str(error) is a sentence for the desk.

    again: it may work later (the API is down or busy); otherwise a person must act (remedy says how).
    """

    def __init__(self, message: str, *, again: bool, remedy: str = "", retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.again = again
        self.remedy = remedy
        self.retry_after = retry_after


@runtime_checkable
class Fetching(Protocol):
    """An adapter whose notices are pointers."""

    def fetch(self, order: Fetch, token: str, options: Options) -> Document:
        """Ask the vendor's API. Raises FetchFailed. token is the path's API secret."""

    def fetched(self, order: Fetch, document: Document, options: Options) -> Sequence[Part]:
        """The answers in what was fetched, together with order.notice. Pure. Raises Unreadable."""
