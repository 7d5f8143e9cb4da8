"""SOQL: values in quotes, and long lists split into statements that fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote

# One statement may have 100,000 characters, but an address only some 16,000 bytes with everything in it.
LONGEST_ENCODED = 16_000
# What an address may hold as it is: a third of the room would go into writing these in another way.
_PLAIN = "'(),:@"
_ESCAPED = str.maketrans(
    {"\\": "\\\\", "'": "\\'", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)


def quoted(value: str) -> str:
    """A text literal."""
    return f"'{value.translate(_ESCAPED)}'"


def select(fields: Iterable[str], source: str, where: str) -> str:
    """A statement; Id always comes first, each field once."""
    names = dict.fromkeys(("Id", *fields))
    # Values are quoted by quoted(); names come from a describe.
    return f"SELECT {', '.join(names)} FROM {source} WHERE {where}"  # noqa: S608


def encoded(statement: str) -> str:
    """The statement as the q of an address."""
    return quote(statement, safe=f" {_PLAIN}").replace(" ", "+")


_BETWEEN = len(encoded(", "))
_AROUND = len(encoded(" OR  IN ()"))


def any_of(
    fields: Iterable[str], source: str, wanted: Mapping[str, Sequence[str]], *, and_where: str = ""
) -> Iterator[str]:
    """Statements that together find every record where any field has one of its wanted values.

    Each fits into an address; nothing wanted makes no statement.
    """
    names = tuple(fields)
    frame = len(encoded(select(names, source, and_where))) + 40
    room = max(1_000, LONGEST_ENCODED - frame)
    for group in _groups(wanted, room):
        clause = " OR ".join(f"{field} IN ({', '.join(literals)})" for field, literals in group.items())
        yield select(names, source, f"({clause}) AND {and_where}" if and_where else clause)


def _groups(wanted: Mapping[str, Sequence[str]], room: int) -> Iterator[dict[str, list[str]]]:
    group: dict[str, list[str]] = {}
    used = 0
    for field, values in wanted.items():
        for literal in map(quoted, dict.fromkeys(values)):
            cost = len(encoded(literal)) + _BETWEEN + (0 if field in group else len(field) + _AROUND)
            if group and used + cost > room:
                yield group
                group, used = {}, 0
                cost = len(encoded(literal)) + _BETWEEN + len(field) + _AROUND
            group.setdefault(field, []).append(literal)
            used += cost
    if group:
        yield group
