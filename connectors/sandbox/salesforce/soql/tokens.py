"""Cutting a query into words."""

from __future__ import annotations

import re
from typing import NamedTuple

from connectors.sandbox.salesforce.errors import ApiError
from connectors.sandbox.salesforce.soql.refusals import malformed

MOST_CHARACTERS = 100_000
_MOST_LITERAL = 4_000
_WORD = re.compile(
    r"\s*(?:"
    r"(?P<string>'(?:[^'\\]|\\.)*')"
    r"|(?P<datetime>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))"
    r"|(?P<date>\d{4}-\d\d-\d\d)"
    r"|(?P<number>[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<relative>(?:LAST|NEXT)_N_DAYS:\d+)"
    r"|(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)"
    r"|(?P<sign><=|>=|!=|<>|=|<|>|\(|\)|,)"
    r"|(?P<end>\Z)"
    r")",
    re.IGNORECASE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


class Token(NamedTuple):
    """One word. kind is string, datetime, date, number, relative, name, sign or end."""

    kind: str
    text: str
    at: int


def tokens(text: str) -> list[Token]:
    """The words of a statement, the last of kind "end". Raises: ApiError (400)."""
    if len(text) > MOST_CHARACTERS:
        message = f"SOQL statements cannot be longer than {MOST_CHARACTERS} characters."
        raise ApiError(400, "MALFORMED_QUERY", message)
    found: list[Token] = []
    position = 0
    while True:
        match = _WORD.match(text, position)
        if match is None or match.lastgroup is None:
            at = len(text) - len(text[position:].lstrip())
            raise malformed(text, at, f"unexpected token: '{text[at : at + 1]}'")
        kind = match.lastgroup
        word = match[kind]
        if kind == "string" and len(word) > _MOST_LITERAL:
            raise malformed(text, match.start(kind), "filter value is too long")
        found.append(Token(kind, word, match.start(kind)))
        if kind == "end":
            return found
        position = match.end()


def unquoted(text: str, *, pattern: bool = False) -> str:
    """The content of a string literal; in a LIKE pattern escaped % and _ stay escaped."""
    body = text[1:-1]
    if "\\" not in body:
        return body

    def plain(match: re.Match[str]) -> str:
        char = match[1]
        if pattern and char in "%_":
            return match[0]
        return _ESCAPES.get(char.lower(), char)

    return re.sub(r"\\(.)", plain, body, flags=re.DOTALL)
