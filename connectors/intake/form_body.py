"""Reads the two encodings of HTML forms into name and value pairs, in order, names as often as they came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder

from connectors.intake.base import Unreadable
from connectors.intake.charset import decode_fields

MAX_FIELDS = 1_000

_UNSAFE_IN_FILE_NAME = re.compile(r"[^\w .()-]+")

Pairs = tuple[tuple[str, str], ...]


def read_urlencoded(body: bytes, charset: str) -> Pairs:
    """The fields of an application/x-www-form-urlencoded body.

    Raises Unreadable: too_many_fields, wrong_charset, nul_byte.
    """
    if body.count(b"&") >= MAX_FIELDS:
        raise _too_many_fields()
    # Not parse_qsl(), which wants text: the charset is decided on the unescaped bytes.
    fields = [field.replace(b"+", b" ").partition(b"=") for field in body.strip().split(b"&") if field]
    raw = [(unquote_to_bytes(name), unquote_to_bytes(value)) for name, _, value in fields]
    return decode_fields(raw, charset)


def read_multipart(body: bytes, boundary: str, charset: str) -> Pairs:
    """The fields of a multipart/form-data body; of a file only the fact that it came is kept.

    Raises Unreadable: malformed_multipart, too_many_fields, wrong_charset, nul_byte.
    """
    if not boundary:
        raise _malformed_multipart()
    try:
        raw = [(name.encode(), value) for name, value in _parts(body, boundary)]
    except RequestEntityTooLarge:
        raise _too_many_fields() from None
    except (ValueError, AttributeError):  # werkzeug: a part without headers, without a name, or cut off
        raise _malformed_multipart() from None
    return decode_fields(raw, charset)


def _parts(body: bytes, boundary: str) -> Iterator[tuple[str, bytes]]:
    decoder = MultipartDecoder(boundary.encode(), max_parts=MAX_FIELDS)
    decoder.receive_data(body)
    decoder.receive_data(None)
    part: Field | File | None = None
    content = bytearray()
    for event in _events(decoder):
        if isinstance(event, Field | File):
            part = event
            content.clear()
        elif isinstance(event, Data) and part is not None:
            content += event.data
            if not event.more_data:
                yield from _finished(part, bytes(content))


def _events(decoder: MultipartDecoder) -> Iterator[Event]:
    while not isinstance(event := decoder.next_event(), Epilogue):
        yield event


def _finished(part: Field | File, content: bytes) -> Iterator[tuple[str, bytes]]:
    if isinstance(part, Field):
        yield part.name, content
    elif part.filename or content:  # a file input left empty sends neither
        yield part.name, f"[file: {_safe_file_name(part.filename)} not kept]".encode()


def _safe_file_name(name: str) -> str:
    last = name.replace("\\", "/").rpartition("/")[2]
    return _UNSAFE_IN_FILE_NAME.sub("_", last).strip(" .")[:80] or "unnamed"


def _too_many_fields() -> Unreadable:
    return Unreadable("too_many_fields", f"The form has more than {MAX_FIELDS} fields.", keep=True)


def _malformed_multipart() -> Unreadable:
    return Unreadable(
        "malformed_multipart",
        "The body is not the multipart/form-data that its Content-Type announces: "
        "the boundary is missing, or a part is cut off or has no name.",
        keep=True,
    )
