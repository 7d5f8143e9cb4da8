"""The text of an HTML mail as lines: table rows as "label: value", quotations behind ">", nothing hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

MAX_HTML = 400_000  # characters

_BLOCKS = frozenset(
    {"p", "div", "br", "li", "ul", "ol", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "section"}
    | {"article", "header", "footer", "dl", "dt", "dd", "blockquote", "pre", "center", "body", "title"}
)
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "table", "hr"})
_UNSEEN = frozenset({"style", "script", "head", "title", "template", "noscript", "svg"})
_VOID = frozenset({"br", "hr", "img", "meta", "link", "input", "col", "base", "wbr", "area"})
_NAME = re.compile(r"/?\s*([a-zA-Z][a-zA-Z0-9:]*)")
_HREF = re.compile(r"href\s*=\s*[\"']?\s*(mailto|tel):([^\"'?>\s]{3,200})", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")
_LONGEST_LABEL = 80
_MOST_QUOTES = 20
_DEEPEST_TABLE = 30
_LONGEST_TAG = 20_000
_MOST_TAGS = 25_000  # five times those of the heaviest newsletter


@dataclass(slots=True)
class _Row:
    """A table row that is being read: the texts of its cells so far."""

    cells: list[str] = field(default_factory=list)


class _Writer:
    """Gathers lines; a cell of a table gathers its own."""

    def __init__(self) -> None:
        self.buffers: list[list[str]] = [[]]
        self.rows: list[_Row] = []
        self.quotes = 0
        self.link = ("", 0)

    def text(self, text: str) -> None:
        words = _BLANKS.sub(" ", text)
        if words:
            self.buffers[-1].append(words)

    def line_break(self) -> None:
        self.buffers[-1].append("\n" + "> " * self.quotes)

    def start_row(self) -> None:
        if len(self.rows) < _DEEPEST_TABLE:
            self.rows.append(_Row())

    def start_cell(self) -> None:
        if self.rows and len(self.buffers) <= len(self.rows):
            self.buffers.append([])

    def end_cell(self) -> None:
        if self.rows and len(self.buffers) > len(self.rows):
            self.rows[-1].cells.append(_tidy("".join(self.buffers.pop())))

    def end_row(self) -> None:
        if not self.rows:
            return
        if len(self.buffers) > len(self.rows):
            self.end_cell()
        cells = [cell for cell in self.rows.pop().cells if cell]
        if cells:
            prefix = "\n" + "> " * self.quotes
            self.buffers[-1].append(prefix + _row_text(cells).replace("\n", prefix) + "\n")


class _Page:
    """The page and where things are in it; what was not found once is never looked for again."""

    def __init__(self, html: str) -> None:
        self.html = html
        lower = html.lower()
        self.lower = lower if len(lower) == len(html) else html
        self._absent: set[str] = set()
        self._next_close = -1

    def find(self, mark: str, place: int) -> int:
        """The place of mark in the lower-case page, -1 when it does not come any more."""
        if mark in self._absent:
            return -1
        found = self.lower.find(mark, place)
        if found < 0:
            self._absent.add(mark)
        return found

    def close(self, open_: int) -> int:
        """Behind the ">" of a tag that begins here; a tag longer than any real one is no tag."""
        if self._next_close < open_:
            found = self.html.find(">", open_)
            self._next_close = found if found >= 0 else len(self.html)
        end = self._next_close
        return end + 1 if end < len(self.html) and end - open_ < _LONGEST_TAG else open_ + 1


def lines_of(html: str) -> str:
    """What a person sees of the page, one line for each of its lines; "" when that is nothing.

    Linear in the length of the text, whatever is in it; what is longer than MAX_HTML is cut off.
    """
    page, writer = _Page(html[:MAX_HTML]), _Writer()
    place, size = 0, len(page.html)
    tags = 0
    while place < size and tags < _MOST_TAGS:
        tags += 1
        open_ = page.html.find("<", place)
        if open_ < 0:
            writer.text(unescape(page.html[place:]))
            break
        writer.text(unescape(page.html[place:open_]))
        place = _tag(page, open_, writer)
    while writer.rows:
        writer.end_row()
    return _tidy("".join(writer.buffers[0]))


def _tag(page: _Page, open_: int, writer: _Writer) -> int:
    """Deal with what begins at "<"; where to go on."""
    html, close = page.html, page.close(open_)
    if html.startswith("<!--", open_):
        end = page.find("-->", open_ + 4)
        return end + 3 if end >= 0 else close
    inside = html[open_ + 1 : close - 1]
    name_match = _NAME.match(inside)
    if not name_match:
        if inside[:1] not in ("!", "?", "/"):
            writer.text("<")  # "income < 50k": no tag
            return open_ + 1
        return close
    name = name_match[1].lower()
    if "@" in name_match[0] or ("@" in inside[:200] and " " not in inside and "=" not in inside):
        writer.text(f"<{inside}>")  # an address in angle brackets that nobody escaped
        return close
    if inside.startswith("/"):
        _ended(name, writer)
        return close
    return _started(page, name, inside, close, writer)


def _started(page: _Page, name: str, inside: str, close: int, writer: _Writer) -> int:
    hidden = name not in _VOID and "style" in inside and _HIDDEN.search(inside)
    if (name in _UNSEEN or hidden) and not inside.endswith("/"):
        return _behind(page, name, close)
    if name == "a" and (href := _HREF.search(inside)):
        writer.link = (unescape(href[2]).replace("%40", "@"), len(writer.buffers[-1]))
    if name == "tr":
        writer.start_row()
    elif name in ("td", "th"):
        writer.end_cell()
        writer.start_cell()
    elif name == "blockquote":
        writer.quotes = min(writer.quotes + 1, _MOST_QUOTES)
        writer.line_break()
    elif name in _BLOCKS:
        writer.line_break()
    return close


def _ended(name: str, writer: _Writer) -> None:
    if name == "tr":
        writer.end_row()
    elif name in ("td", "th"):
        writer.end_cell()
    elif name == "a" and writer.link[0]:
        _finish_link(writer)
    elif name == "blockquote":
        writer.quotes = max(0, writer.quotes - 1)
        writer.line_break()
    elif name in _PARAGRAPHS:
        writer.line_break()
        writer.line_break()
    elif name in _BLOCKS:
        writer.line_break()


def _finish_link(writer: _Writer) -> None:
    """A link whose text does not say the address or number it leads to says it behind the text."""
    target, since = writer.link
    writer.link = ("", 0)
    shown = "".join(writer.buffers[-1][since:])
    wanted = "@" if "@" in target else target[-4:]
    if wanted not in shown:
        writer.text(f" <{target}>")


def _behind(page: _Page, name: str, place: int) -> int:
    """Behind the end of an element nobody sees; elements of the same name inside it are counted."""
    depth, opening, closing = 1, f"<{name}", f"</{name}"
    for _ in range(200):
        end = page.find(closing, place)
        if end < 0:
            return place
        depth += page.lower.count(opening, place, end) - 1
        place = page.close(end)
        if depth <= 0:
            return place
    return place


def _row_text(cells: list[str]) -> str:
    """ "label: value" for two cells, pairs when every other cell ends like a label, else cells with bars."""
    plain = [" ".join(cell.split()) if len(cell) <= _LONGEST_LABEL else cell for cell in cells]
    if len(cells) == 1:
        return cells[0]
    labels = plain[::2]
    if len(cells) % 2 == 0 and (len(cells) == 2 or all(label.endswith(":") for label in labels)):
        if all(
            len(label) <= _LONGEST_LABEL and "\n" not in cells[2 * number]
            for number, label in enumerate(labels)
        ):
            pairs = zip(labels, plain[1::2], strict=True)
            return "\n".join(f"{label.rstrip(' :')}: {_on_one_line(value)}" for label, value in pairs)
        return "\n".join(cells)
    if any("\n" in cell for cell in cells):
        return "\n".join(cells)
    return " | ".join(plain)


def _on_one_line(value: str) -> str:
    return (
        value if value.count("\n") > 6 or len(value) > 2_000 else ", ".join(filter(None, value.split("\n")))
    )


def _tidy(text: str) -> str:
    """Trimmed lines, never two empty ones in a row."""
    lines = [" ".join(line.split(" ")).strip() for line in text.split("\n")]
    kept: list[str] = []
    for line in lines:
        blank = not line.strip("> ")
        if not blank or (kept and kept[-1].strip("> ")):
            kept.append(line if not blank else line.strip())
    return "\n".join(kept).strip()
