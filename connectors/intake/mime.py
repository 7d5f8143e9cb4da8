"""Takes MIME apart on its bytes: bounded in parts and depth, nothing copied unread, no surprise raised."""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

MAX_PARTS = 500
MAX_DEPTH = 30
MAX_HEADERS = 262_144  # bytes of one part's headers
MAX_LINES = 2_000
_MOST_LOOKS = 20_000  # places that may be a boundary
_LONGEST_PARAMETERS = 4_000

Headers = list[tuple[str, bytes]]


@dataclass(slots=True)
class Entity:
    """One part: its headers, and where in the data its body is. children are the parts of a multipart."""

    headers: Headers
    start: int
    end: int
    children: list[Entity] = field(default_factory=list)

    def raw(self, name: str) -> bytes:
        """The first header of that name (lower case), unfolded, b"" when there is none."""
        return next((value for known, value in self.headers if known == name), b"")

    @property
    def media_type(self) -> str:
        """ "text/plain" when nothing usable is declared."""
        return self._about("content-type").get_content_type()

    def parameter(self, header: str, name: str) -> str:
        """A parameter of Content-Type or Content-Disposition, RFC 2231 undone; "" when missing or broken."""
        try:
            found = self._about(header).get_param(name, "", header)
        except (ValueError, LookupError, AttributeError, TypeError):
            return ""
        if isinstance(found, tuple):
            charset, _, text = found
            octets = text.encode("latin-1", errors="replace")
            return decode(octets, charset or "")
        return str(found or "")

    def _about(self, header: str) -> Message:
        message = Message()
        message[header] = decode(self.raw(header)[:_LONGEST_PARAMETERS], "")
        return message


class Budget:
    """What a mail may cost; cut names what was more than that."""

    def __init__(self) -> None:
        self.parts = MAX_PARTS
        self.looks = _MOST_LOOKS
        self.cut: dict[str, None] = {}


def take_apart(data: bytes, budget: Budget, *, start: int = 0, end: int = -1, depth: int = 0) -> Entity:
    """The tree of parts in data[start:end]. What is beyond the budget is left out and named there."""
    end = len(data) if end < 0 else end
    entity = _opened(data, start, end, budget)
    if not entity.media_type.startswith("multipart/"):
        return entity
    boundary = entity.parameter("content-type", "boundary").rstrip()
    if not boundary:
        return entity
    if depth >= MAX_DEPTH:
        budget.cut["too_deep"] = None
        return entity
    for one, other in _between(data, entity.start, end, b"--" + boundary.encode("utf-8", "replace"), budget):
        budget.parts -= 1
        if budget.parts < 0:
            budget.cut["too_many_parts"] = None
            break
        entity.children.append(take_apart(data, budget, start=one, end=other, depth=depth + 1))
    return entity


def form_parts(data: bytes, boundary: str, budget: Budget) -> Iterator[Entity]:
    """The parts of a multipart/form-data body."""
    for start, end in _between(data, 0, len(data), b"--" + boundary.encode("utf-8", "replace"), budget):
        budget.parts -= 1
        if budget.parts < 0:
            return
        yield _opened(data, start, end, budget)


def _opened(data: bytes, start: int, end: int, budget: Budget) -> Entity:
    """The part with its headers read and its body found."""
    if data[start : start + 1] in (b"\n", b"\r"):
        return Entity([], start + (2 if data[start : start + 2] == b"\r\n" else 1), end)
    limit = min(end, start + MAX_HEADERS)
    ends = [
        (found, size)
        for mark, size in ((b"\n\r\n", 3), (b"\n\n", 2))
        if (found := data.find(mark, start, limit)) >= 0
    ]
    stop, size = min(ends, default=(limit, 0))
    if not ends and limit < end:
        budget.cut["headers_too_long"] = None
    return Entity(read_headers(data[start:stop]), stop + size, end)


def read_headers(block: bytes) -> Headers:
    """Names in lower case with unfolded values, in order; lines that are no header are passed over."""
    found: Headers = []
    for line in block.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")[:MAX_LINES]:
        if line[:1] in (b" ", b"\t"):
            if found:
                name, value = found[-1]
                found[-1] = (name, value + b" " + line.strip())
            continue
        before, colon, after = line.partition(b":")
        name_text = before.strip().decode("latin-1").lower()
        if colon and name_text and " " not in name_text:
            found.append((name_text, after.strip()))
    return found


def _between(data: bytes, start: int, end: int, mark: bytes, budget: Budget) -> Iterator[tuple[int, int]]:
    """Where each part between boundary lines begins and ends; the last may lack its closing line."""
    opened = -1
    place = data.find(mark, start, end)
    while place >= 0:
        budget.looks -= 1
        if budget.looks < 0:
            budget.cut["too_many_parts"] = None
            return
        after = place + len(mark)
        closing = data[after : after + 2] == b"--"
        if (place == start or data[place - 1 : place] == b"\n") and (
            closing or _rest_is_blank(data, after, end)
        ):
            if opened >= 0:
                yield opened, max(opened, _before_line_end(data, place))
            opened = -1 if closing else _next_line(data, after, end)
            if closing:
                return
        place = data.find(mark, after, end)
    if opened >= 0:
        yield opened, end


def _rest_is_blank(data: bytes, place: int, end: int) -> bool:
    return data[place : min(end, place + 80)].split(b"\n", 1)[0].strip() == b""


def _next_line(data: bytes, place: int, end: int) -> int:
    found = data.find(b"\n", place, end)
    return end if found < 0 else found + 1


def _before_line_end(data: bytes, place: int) -> int:
    if data[place - 2 : place] == b"\r\n":
        return place - 2
    return place - 1 if data[place - 1 : place] == b"\n" else place


def unencoded(data: bytes, encoding: str) -> bytes:
    """A part's content without its Content-Transfer-Encoding, as much of it as can be read."""
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data)
    if encoding == "base64":
        letters = b"".join(data.split()).rstrip(b"=")
        for missing in (b"", b"=", b"=="):
            try:
                return binascii.a2b_base64(letters + missing)
            except binascii.Error:
                continue
        return binascii.a2b_base64(letters[: len(letters) // 4 * 4]) if _is_base64(letters) else b""
    return data


def _is_base64(letters: bytes) -> bool:
    try:
        binascii.a2b_base64(letters[: len(letters) // 4 * 4])
    except binascii.Error:
        return False
    return True


def size_of(data: bytes, entity: Entity, encoding: str) -> int:
    """How many bytes the content has, without decoding it."""
    length = entity.end - entity.start
    if encoding != "base64":
        return length
    breaks = data.count(b"\n", entity.start, entity.end) + data.count(b"\r", entity.start, entity.end)
    padding = data.count(b"=", max(entity.start, entity.end - 4), entity.end)
    return max(0, (length - breaks) * 3 // 4 - padding)


# Their bytes are valid UTF-8, too, and would be read as nonsense.
_BEFORE_UTF_8 = ("utf-16", "utf16", "utf-32", "utf-7", "iso-2022")


def decode(octets: bytes, charset: str) -> str:
    """Text from UTF-8, else the declared charset, else Windows-1252; never raises."""
    declared = charset.strip().strip("\"'").lower()
    order = (declared, "utf-8") if declared.startswith(_BEFORE_UTF_8) else ("utf-8", declared)
    for codec in order:
        try:
            # A codec that is no charset (zip, rot13) gives no text.
            text = octets.decode(codec) if codec else ""
        except (LookupError, ValueError, TypeError):
            continue
        if text:
            return text
    return octets.decode("cp1252", errors="replace")
