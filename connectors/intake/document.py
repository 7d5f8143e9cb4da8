"""The body of a request as data, whatever it was written in, and back into bytes that read the same."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote_plus, urlencode

from werkzeug.http import parse_options_header

from connectors.intake.base import Document, Unreadable
from connectors.intake.charset import codec_named, decode_json
from connectors.intake.form_body import read_multipart, read_urlencoded
from connectors.intake.json_body import parse_json

MAX_BODY = 1_048_576

_URLENCODED = "application/x-www-form-urlencoded"
_ESCAPED_CHARACTER = re.compile(r"\\u((?![dD][89a-fA-F])[0-9a-fA-F]{4})")


def read_document(content_type: str, body: bytes) -> Document:
    """The body as a JSON value or as form fields.

    Raises Unreadable with a stable code: empty_body (400), too_large (413), unsupported_content_type (415);
    and, worth a person's look (keep), malformed_json, too_deep, duplicate_keys, not_a_number, nul_byte,
    wrong_charset, malformed_multipart, too_many_fields (400).
    """
    if len(body) > MAX_BODY:
        raise Unreadable("too_large", f"The body is larger than {MAX_BODY} bytes.", status=413)
    if not body.strip():
        raise _empty_body()
    media_type, options = parse_options_header(content_type)
    charset = options.get("charset", "").strip()
    if _is_json(media_type.lower(), body):
        return Document("json", json=parse_json(decode_json(body, charset)))
    if media_type.lower() == _URLENCODED:
        fields = read_urlencoded(body, charset)
    elif media_type.lower() == "multipart/form-data":
        fields = read_multipart(body, options.get("boundary", ""), charset)
    else:
        raise Unreadable(
            "unsupported_content_type",
            "The Content-Type is none of application/json, application/x-www-form-urlencoded "
            "and multipart/form-data.",
            status=415,
        )
    if not fields:
        raise _empty_body()
    return Document("form", form=fields)


def write_document(document: Document) -> tuple[str, bytes]:
    """Content type and body that read back to the same document."""
    if document.kind == "json":
        text = json.dumps(document.json, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return "application/json", text.encode()
    return f"{_URLENCODED}; charset=utf-8", urlencode(document.form).encode()


def readable_text(body: bytes, content_type: str) -> str:
    """The body as a person can read it, best effort, escapes undone; never raises.

    For bodies that are no data: what a borrower wrote can still be scrubbed, shown and rescued.
    """
    media_type, options = parse_options_header(content_type)
    text = _decode_somehow(body, options.get("charset", "").strip()).replace("\x00", "\ufffd")
    if media_type.lower() == _URLENCODED and not _looks_like_json(body):
        return "\n".join(unquote_plus(field) for field in text.split("&")).replace("\x00", "\ufffd")
    unescaped = _ESCAPED_CHARACTER.sub(lambda match: chr(int(match[1], 16)), text)
    return unescaped.replace("\x00", "\ufffd")


def _is_json(media_type: str, body: bytes) -> bool:
    if media_type == "application/json" or media_type.endswith("+json"):
        return True
    # Command lines, hand-made webhooks and some plugins post JSON under these types.
    return media_type in ("", "text/plain", "text/json", _URLENCODED) and _looks_like_json(body)


def _looks_like_json(body: bytes) -> bool:
    return body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _decode_somehow(body: bytes, charset: str) -> str:
    try:
        declared = codec_named(charset)
    except Unreadable:
        declared = ""
    for codec in (declared, "utf-8"):
        try:
            return body.decode(codec) if codec else body.decode()
        except UnicodeError:
            continue
    return body.decode("cp1252", errors="replace")


def _empty_body() -> Unreadable:
    return Unreadable("empty_body", "The body is empty; send the form's fields or a JSON object.")
