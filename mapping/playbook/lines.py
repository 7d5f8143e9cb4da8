"""Where each key of a TOML document stands: tomllib keeps the values and forgets the lines."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_INLINE_BLANK = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_PLAIN = re.compile(r"[^,\]}#\n]*")


def key_lines(text: str) -> Mapping[Path, int]:
    """The line (from 1) of every key, table header and array item of a valid TOML document.

    Paths are tuples such as ("team", 0, "email"); ("text", 2) is the second line of a text of several. Only
    call this with text that tomllib accepts.
    """
    return _Locator(text).run()


def nearest_line(lines: Mapping[Path, int], path: Path) -> int:
    """The line of the path, or of the nearest thing around it that the text spells out; 1 at last."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


class _Locator:
    """One walk over the text, from key to key; values are skipped, not read."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._breaks = [match.start() for match in re.finditer("\n", text)]
        self._lines: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}  # array of tables → items so far

    def run(self) -> Mapping[Path, int]:
        table: Path = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            table = self._header() if self._text[self._at] == "[" else self._pair(table)
            self._skip(_BLANK)
        return self._lines

    def _header(self) -> Path:
        line = self._line()
        is_array = self._text.startswith("[[", self._at)
        self._at += 2 if is_array else 1
        path = self._resolve(self._dotted())
        self._at += 2 if is_array else 1
        if is_array:
            index = self._counts.get(path, 0)
            self._counts[path] = index + 1
            self._lines.setdefault(path, line)
            path = (*path, index)
        self._lines[path] = line
        for length in range(1, len(path)):  # a table that is only spoken of by what is in it
            self._lines.setdefault(path[:length], line)
        return path

    def _resolve(self, names: list[str]) -> Path:
        """In a header, the name of an array of tables stands for its latest item."""
        path: Path = ()
        for position, name in enumerate(names):
            path = (*path, name)
            if path in self._counts and position < len(names) - 1:
                path = (*path, self._counts[path] - 1)
        return path

    def _pair(self, table: Path) -> Path:
        line = self._line()
        path = (*table, *self._dotted())
        for length in range(len(table) + 1, len(path) + 1):
            self._lines.setdefault(path[:length], line)
        self._at += 1  # the equals sign
        self._skip(_INLINE_BLANK)
        self._value(path)
        return table

    def _dotted(self) -> list[str]:
        names = []
        while True:
            self._skip(_INLINE_BLANK)
            quoted = self._text[self._at] in "\"'"
            token = self._take(_STRING if quoted else _BARE)
            names.append(_unquoted(token) if quoted else token)
            self._skip(_INLINE_BLANK)
            if self._text[self._at] != ".":
                return names
            self._at += 1

    def _value(self, path: Path) -> None:
        start = self._text[self._at]
        if start == "[":
            self._array(path)
        elif start == "{":
            self._inline_table(path)
        elif start in "\"'":
            self._text_lines(path, self._line(), self._take(_STRING))
        else:
            self._take(_PLAIN)

    def _text_lines(self, path: Path, line: int, token: str) -> None:
        """The lines of a text in three quotes; a line break right after the quotes is not part of it."""
        if not token.startswith(('"""', "'''")):
            return
        began = line + (token[3:5].lstrip("\r")[:1] == "\n")
        for number in range(line + token.count("\n") - began + 1):
            self._lines[(*path, number + 1)] = began + number

    def _array(self, path: Path) -> None:
        self._at += 1
        index = 0
        while self._next_item("]"):
            self._lines[(*path, index)] = self._line()
            self._value((*path, index))
            index += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while self._next_item("}"):
            self._pair(path)

    def _next_item(self, closing: str) -> bool:
        """Step over blanks and a comma; False, and past the bracket, when the value ends here."""
        self._skip(_BLANK)
        if self._text[self._at] == ",":
            self._at += 1
            self._skip(_BLANK)
        if self._text[self._at] != closing:
            return True
        self._at += 1
        return False

    def _line(self) -> int:
        return bisect_right(self._breaks, self._at - 1) + 1

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self._text, self._at)
        self._at = match.end() if match else self._at

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise ValueError("the text is not valid TOML")
        self._at = match.end()
        return match.group()


def _unquoted(token: str) -> str:
    return next(iter(tomllib.loads(f"{token} = 0")))
