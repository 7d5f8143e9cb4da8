"""The body of a request as data, whatever it was written in, and back into bytes that read the same."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import unquote_plus, urlencode

from werkzeug.http import parse_options_header

from connectors.intake.base import Document, DocumentKind, Unreadable
from connectors.intake.charset import codec_named, decode_json
from connectors.intake.form_body import read_multipart, read_urlencoded
from connectors.intake.json_body import parse_json
from connectors.intake.mail_body import read_mail
from connectors.intake.table_body import read_table
from connectors.intake.xml_body import read_xml

MAX_BODY = 1_048_576

FORMS: frozenset[DocumentKind] = frozenset({"json", "form"})

#: How a document is stored when something had to be taken out of it: as data, which reads back the same.
STORED_XML = "application/vnd.firstpath.xml+json"
STORED_MAIL = "application/vnd.firstpath.mail+json"
STORED_TABLE = "application/vnd.firstpath.table+json"

_URLENCODED = "application/x-www-form-urlencoded"
_KINDS: Mapping[str, DocumentKind] = {
    "application/json": "json",
    _URLENCODED: "form",
    "multipart/form-data": "form",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/csv": "table",
    "text/tab-separated-values": "table",
    "message/rfc822": "mail",
}
_WRITTEN_AS: Mapping[DocumentKind, str] = {
    "json": "application/json",
    "xml": STORED_XML,
    "mail": STORED_MAIL,
    "table": STORED_TABLE,
}
_STORED: Mapping[str, DocumentKind] = {STORED_XML: "xml", STORED_MAIL: "mail", STORED_TABLE: "table"}
_ANYTHING = ("", "text/plain", "text/json", "application/octet-stream", _URLENCODED)
_ESCAPED_CHARACTER = re.compile(r"\\u((?![dD][89a-fA-F])[0-9a-fA-F]{4})")


def read_document(
    content_type: str,
    body: bytes,
    *,
    takes: frozenset[DocumentKind] = FORMS,
    max_body: int = MAX_BODY,
    stored: bool = False,
) -> Document:
    """The body as one of the kinds that are taken.

    stored says that write_document() may have written it: what somebody sends as if it were is refused.
    Raises Unreadable with a stable code: empty_body (400), too_large (413), unsupported_content_type (415);
    and, worth a person's look (keep), malformed_json, too_deep, duplicate_keys, not_a_number, nul_byte,
    wrong_charset, malformed_multipart, malformed_xml, forbidden_xml, malformed_table, too_many_fields (400).
    """
    if len(body) > max_body:
        raise Unreadable("too_large", f"The body is larger than {max_body} bytes.", status=413)
    if not body.strip():
        raise _empty_body()
    media_type, options = parse_options_header(content_type)
    charset = options.get("charset", "").strip()
    if stored and media_type in _STORED:
        return Document(_STORED[media_type], json=json.loads(body))
    kind = _kind(media_type.lower(), body, takes)
    if kind == "json":
        return Document("json", json=parse_json(decode_json(body, charset)))
    if kind == "xml":
        return Document("xml", json=read_xml(body))
    if kind == "table":
        return Document("table", json=read_table(body, charset))
    if kind == "mail":
        return Document("mail", json=read_mail(body))
    if media_type.lower() == _URLENCODED:
        fields = read_urlencoded(body, charset)
    else:
        fields = read_multipart(body, options.get("boundary", ""), charset)
    if not fields:
        raise _empty_body()
    return Document("form", form=fields)


def write_document(document: Document) -> tuple[str, bytes]:
    """Content type and body that read back to the same document."""
    if document.kind == "form":
        return f"{_URLENCODED}; charset=utf-8", urlencode(document.form).encode()
    text = json.dumps(document.json, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _WRITTEN_AS[document.kind], text.encode()


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


def _kind(media_type: str, body: bytes, takes: frozenset[DocumentKind]) -> DocumentKind:
    """What the body is, by its type and, where senders get that wrong, by how it begins."""
    kind = _KINDS.get(media_type)
    if kind is None and media_type.endswith("+json"):
        kind = "json"
    if kind is None and media_type.endswith("+xml"):
        kind = "xml"
    if media_type in _ANYTHING and _looks_like_json(body) and "json" in takes:
        # Command lines, hand-made webhooks and some plugins post JSON under these types.
        kind = "json"
    elif media_type in _ANYTHING and "xml" in takes and body.lstrip()[:1] == b"<":
        kind = "xml"
    if kind is None and media_type in _ANYTHING and len(takes - FORMS) == 1:
        (kind,) = takes - FORMS
    if kind is None or kind not in takes:
        names = ", ".join(sorted(name for name, one in _KINDS.items() if one in takes))
        raise Unreadable(
            "unsupported_content_type", f"The Content-Type is none of these: {names}.", status=415
        )
    return kind


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
