"""What the headers of a mail say, decoded: people, ids, dates, and the marks of mail that nobody wrote."""

from __future__ import annotations

import binascii
import re
from email.utils import parsedate_to_datetime

from connectors.intake.mime import Entity, decode

MAX_VALUE = 20_000  # characters of one header
MAX_PEOPLE = 100
MAX_TRACE = 200

_ENCODED = re.compile(r"=\?([^?*\s]{1,40})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_ENCODED = re.compile(r"(?<=\?=)[ \t\r\n]+(?==\?)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]+")
_ID = re.compile(r"<([^<>\s]{1,500})>")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,128}@[^\s<>()\[\],;:\"@]{1,255}")


def text_of(entity: Entity, name: str) -> str:
    """The first header of that name as one line of text."""
    return decoded(entity.raw(name))


def decoded(raw: bytes) -> str:
    """A header's value as one line: encoded words undone, no line break and no control character left."""
    return one_line(_words(decode(raw[:MAX_VALUE], "")))


def one_line(text: str) -> str:
    """Control and invisible characters become blanks; blanks are single."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _words(text: str) -> str:
    if "=?" not in text:
        return text
    text = _BETWEEN_ENCODED.sub("", text)
    out: list[str] = []
    place, pending, charset = 0, b"", ""
    for match in _ENCODED.finditer(text):
        octets = _octets(match[2], match[3])
        joined = match.start() == place and match[1].lower() == charset
        if not joined:
            out.append(decode(pending, charset) if pending else "")
            out.append(text[place : match.start()])
            pending, charset = b"", match[1].lower()
        # One character may be split between two words of the same charset.
        pending += octets
        place = match.end()
    out.append(decode(pending, charset) if pending else "")
    out.append(text[place:])
    return "".join(out)


def _octets(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", errors="replace")
    if encoding in "qQ":
        return binascii.a2b_qp(data, header=True)
    try:
        return binascii.a2b_base64(data + b"==")
    except binascii.Error:
        return b""


def people(entity: Entity, name: str) -> list[list[str]]:
    """[name, address] of everybody in every header of that name; the address in lower case, may be ""."""
    found: list[list[str]] = []
    for known, raw in entity.headers:
        if known == name:
            found += addresses(decode(raw[:MAX_VALUE], ""))
    return found[:MAX_PEOPLE]


def addresses(text: str) -> list[list[str]]:
    """As people, from one header's text. Encoded words are undone after the commas are counted."""
    return [person for entry in _entries(text)[:MAX_PEOPLE] if any(person := _person(entry))]


def _entries(text: str) -> list[str]:
    """The list split at its commas and semicolons, not at those in quotes or angle brackets."""
    entries, begin, quoted, angle = [], 0, False, False
    for place, char in enumerate(text):
        if char == '"' and text[place - 1 : place] != "\\":
            quoted = not quoted
        elif quoted:
            continue
        elif char in "<>":
            angle = char == "<"
        elif char in ",;" and not angle:
            entries.append(text[begin:place])
            begin = place + 1
    return [*entries, text[begin:]]


def _person(entry: str) -> list[str]:
    before, bracket, rest = entry.rpartition("<")
    if bracket:
        address = _ADDRESS.search(one_line(rest.partition(">")[0]))
        return [_name(before), address[0].lower() if address else ""]
    address = _ADDRESS.search(one_line(_words(entry)))
    if not address:
        return ["", ""]
    comment = re.search(r"\(([^()]*)\)", entry)  # "ann@example.com (Ann Lee)", as old programs write
    return [_name(comment[1]) if comment else "", address[0].lower()]


def _name(text: str) -> str:
    plain = one_line(_words(text.replace('\\"', "'"))).strip().strip('"').strip()
    return plain.replace("\\", "").strip("'")[:200]


def ids(entity: Entity, name: str, most: int = 50) -> list[str]:
    """The message ids in a header, without their brackets, the nearest (last) ones when there are many."""
    text = decode(entity.raw(name)[:MAX_VALUE], "")
    return [one_line(found) for found in _ID.findall(text)][-most:]


def message_id(entity: Entity) -> str:
    """The mail's own id without brackets, "" when it has none."""
    found = ids(entity, "message-id", 1)
    bare = one_line(decode(entity.raw("message-id")[:500], ""))
    return found[0] if found else (bare if " " not in bare else "")


def sent_at(entity: Entity) -> str:
    """The Date header as an ISO time with its offset, "" when it is none."""
    try:
        when = parsedate_to_datetime(text_of(entity, "date")[:100])
        return when.isoformat() if when.tzinfo is not None else ""
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


_MARKS = frozenset(
    {"auto-submitted", "precedence", "content-type", "x-failed-recipients", "feedback-id", "x-loop"}
    | {"x-mailer", "x-spam-flag", "x-ms-exchange-inbox-rules-loop", "x-campaign", "x-campaignid"}
)
_MARK_BEGINNINGS = ("list-", "x-auto", "x-mailgun-")


def marks(entity: Entity) -> dict[str, str]:
    """Headers that tell mail of machines from mail of people, by lower-case name."""
    found: dict[str, str] = {}
    for name, raw in entity.headers:
        if name in _MARKS or name.startswith(_MARK_BEGINNINGS):
            found.setdefault(name, decoded(raw)[:500])
    return found


def trace(entity: Entity) -> list[list[str]]:
    """[name, value] of what servers on the way wrote down, topmost (latest) first."""
    wanted = ("authentication-results", "received", "received-spf", "dkim-signature")
    found = [[name, decoded(raw)[:2_000]] for name, raw in entity.headers if name in wanted]
    return found[:MAX_TRACE]
