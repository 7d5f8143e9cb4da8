"""A mail as data: who, when, what it says, what came with it; whatever road it came on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from connectors.intake.base import JsonValue
from connectors.intake.html_lines import lines_of
from connectors.intake.mail_headers import ids, marks, message_id, one_line, people, sent_at, text_of, trace
from connectors.intake.mime import Budget, Entity, decode, take_apart, unencoded

MAX_MAIL = 31_457_280
MAX_TEXT = 200_000  # characters of text that are read of one mail
MAX_ATTACHMENTS = 100
_MOST_NESTED = 5  # mails inside of mails that are read
_MOST_OCTETS = 1_300_000  # of one text part, before it is decoded
_LARGEST_DATA = 900_000  # of a MISMO or CSV file that is read

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]"
)
_UNSAFE_IN_NAME = re.compile(r"[<>\"|?*\x00-\x1f\x7f-\x9f]+")
_DATA_TYPES = frozenset({"application/xml", "text/xml", "text/csv", "text/tab-separated-values"})
_DATA_NAMES = (".xml", ".csv", ".tsv", ".fnm", ".adf")

JsonObject = dict[str, JsonValue]


def read_mail(body: bytes) -> JsonValue:
    """The mail as JSON (see docs/intake/email.md for its names); never raises.

    Of attachments only names, types and sizes are kept, and what MISMO XML and CSV files say. "cut" names
    what was more than a mail may hold (too_many_parts, too_deep, headers_too_long): the rest was read.
    """
    data = body[body.find(b"\n") + 1 :] if body.startswith((b"From ", b">From ")) else body
    return _Reader(data[:MAX_MAIL]).mail()


def clean(text: str) -> str:
    """Text as a person wrote it: line ends \\n, NFC, nothing invisible, not longer than MAX_TEXT."""
    cut = text[:MAX_TEXT].replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")
    return unicodedata.normalize("NFC", _CONTROL.sub("", cut)).strip("\n")


def attachment(name: str, media_type: str, size: int, text: str = "") -> JsonObject:
    """One attachment: the base name only, whatever path a sender wrote before it."""
    base = one_line(_UNSAFE_IN_NAME.sub("_", name)).replace("\\", "/").rpartition("/")[2].strip(" .")
    found: JsonObject = {"file": base[:150] or "unnamed", "media": media_type[:100], "size": size}
    if text:
        found["content"] = text
    return found


class _Reader:
    """Reads one mail and what is inside it with one budget."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._budget = Budget()
        self._nested = _MOST_NESTED
        self._text_left = 2 * MAX_TEXT

    def mail(self) -> JsonObject:
        root = take_apart(self._data, self._budget)
        found = self._read(root)
        found["cut"] = list(self._budget.cut)
        return found

    def _read(self, root: Entity) -> JsonObject:
        found = headers_of(root)
        texts: dict[str, list[str]] = {"plain": [], "html": []}
        attachments: list[JsonValue] = []
        messages: list[JsonValue] = []
        for part in _leaves(root):
            kind = self._kind(part)
            if kind in texts:
                texts[kind].append(self._text(part, kind))
            elif kind == "message" and self._nested > 0:
                self._nested -= 1
                messages.append(self._message(part))
            elif kind == "calendar":
                found["calendar"] = (_method(part) or self._calendar_method(part) or "PUBLISH").upper()[:20]
            elif kind == "report":
                found["report"] = self._report(part, found.get("report"))
            elif len(attachments) < MAX_ATTACHMENTS:
                attachments.append(self._attachment(part))
        found["text"] = clean("\n\n".join(filter(None, texts["plain"])))
        found["html"] = clean("\n\n".join(filter(None, texts["html"])))
        found["attachments"], found["messages"] = attachments, messages
        return found

    def _kind(self, part: Entity) -> str:
        media_type = part.media_type
        if media_type == "message/rfc822":
            return "message"
        if media_type in (
            "message/delivery-status",
            "text/rfc822-headers",
            "message/disposition-notification",
        ):
            return "report"
        if media_type == "text/calendar":
            return "calendar"
        disposition = part.raw("content-disposition")[:20].lower()
        if disposition.startswith(b"attachment") or _file_name(part):
            return "attachment"
        if media_type in ("text/plain", "text/html", "text/enriched"):
            return "html" if media_type == "text/html" else "plain"
        return "nothing" if media_type.startswith("multipart/") else "attachment"

    def _octets(self, part: Entity, most: int = _MOST_OCTETS) -> bytes:
        encoding = one_line(part.raw("content-transfer-encoding").decode("latin-1")).lower()
        return unencoded(self._data[part.start : min(part.end, part.start + most)], encoding)

    def _text(self, part: Entity, kind: str) -> str:
        if self._text_left <= 0:
            return ""
        text = decode(self._octets(part), part.parameter("content-type", "charset"))
        text = lines_of(_CONTROL.sub("", text)) if kind == "html" else _flowed(part, text)
        text = clean(text)
        self._text_left -= len(text)
        return text

    def _message(self, part: Entity) -> JsonObject:
        encoding = part.raw("content-transfer-encoding").lower().strip()
        if encoding in (b"base64", b"quoted-printable"):
            inner = _Reader(self._octets(part))
            inner._nested, inner._text_left = self._nested, self._text_left
            return inner.mail()
        root = take_apart(self._data, self._budget, start=part.start, end=part.end, depth=1)
        return self._read(root)

    def _calendar_method(self, part: Entity) -> str:
        found = re.search(rb"(?m)^METHOD:([A-Z]{3,12})", self._octets(part, 100_000))
        return found[1].decode() if found else ""

    def _report(self, part: Entity, known: JsonValue) -> JsonObject:
        """Whose mail could not be delivered, and which one it was."""
        found: JsonObject = dict(known) if isinstance(known, dict) else {}
        text = decode(self._octets(part, 50_000), "")
        for name, pattern in _REPORT:
            match = pattern.search(text)
            if match and name not in found:
                found[name] = one_line(match[1])[:300]
        return found

    def _attachment(self, part: Entity) -> JsonObject:
        from connectors.intake.mime import size_of

        encoding = one_line(part.raw("content-transfer-encoding").decode("latin-1")).lower()
        name, media_type = _file_name(part), part.media_type
        size, text = size_of(self._data, part, encoding), ""
        is_data = media_type in _DATA_TYPES or name.lower().endswith(_DATA_NAMES)
        if is_data and size <= _LARGEST_DATA and self._text_left > 0:
            text = clean(decode(self._octets(part), part.parameter("content-type", "charset")))
            self._text_left -= len(text)
        return attachment(name, media_type, size, text)


_REPORT = (
    ("recipient", re.compile(r"(?im)^(?:final|original)-recipient:\s*rfc822;\s*(\S+)")),
    ("status", re.compile(r"(?im)^status:\s*(\d\.\d{1,3}\.\d{1,3})")),
    ("original_message_id", re.compile(r"(?im)^message-id:\s*<([^<>\s]+)>")),
)


def headers_of(root: Entity) -> JsonObject:
    """What the headers say, under the names every mail has here."""
    return_path = root.raw("return-path").strip()
    found: JsonObject = {
        "message_id": message_id(root),
        "in_reply_to_ids": list(ids(root, "in-reply-to")),
        "references_ids": list(ids(root, "references")),
        "subject": text_of(root, "subject")[:1_000],
        "date": sent_at(root),
        "return_path": one_line(decode(return_path[:500], "")),
        "marks": dict(marks(root)),
        "trace": [list(entry) for entry in trace(root)],
        "calendar": "",
    }
    for name in ("from", "to", "cc", "reply-to", "sender"):
        found[name.replace("-", "_")] = [list(person) for person in people(root, name)]
    return found


def _leaves(root: Entity) -> Iterator[Entity]:
    """Every part that is no multipart, in order; the boundaries of a broken one hide nothing."""
    waiting = [root]
    while waiting:
        part = waiting.pop()
        if part.children:
            waiting += reversed(part.children)
        else:
            yield part


def _file_name(part: Entity) -> str:
    from connectors.intake.mail_headers import decoded

    name = part.parameter("content-disposition", "filename") or part.parameter("content-type", "name")
    return decoded(name.encode("utf-8", errors="replace"))


def _method(part: Entity) -> str:
    return one_line(part.parameter("content-type", "method"))


def _flowed(part: Entity, text: str) -> str:
    """Lines that a program broke (format=flowed, RFC 3676) joined again."""
    if part.parameter("content-type", "format").lower() != "flowed":
        return text
    joined: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        previous = joined[-1] if joined else ""
        soft = previous.endswith(" ") and previous.rstrip() != "--" and not previous.startswith(">")
        if soft and not line.startswith((">", " ")):
            joined[-1] = previous + line
        else:
            joined.append(line)
    return "\n".join(joined)
