"""The parts of a parsed query. `at` is the place in the statement, in characters from 0."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Path:
    """A field, or a field of a parent: ("Owner", "Email")."""

    parts: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as it was written. kind: string, number, boolean, null, date, datetime or relative."""

    kind: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """One test. operator: = != < > <= >= like in, or "not in"."""

    path: Path
    operator: str
    values: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Membership:
    """One test against the rows of another query: Id IN (SELECT ...)."""

    path: Path
    negated: bool
    query: Statement


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Every:
    """Conditions joined by AND."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Conditions joined by OR."""

    parts: tuple[Condition, ...]


Condition = Comparison | Membership | Not | Every | Either


@dataclass(frozen=True, slots=True)
class Order:
    """One key of ORDER BY."""

    path: Path
    descending: bool
    nulls_last: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A whole query. counting: "" for rows, "()" for COUNT(), else the field of COUNT(field).

    source is the name after FROM: an object, or in a sub-query of the list a child relationship.
    """

    source: str
    source_at: int
    fields: tuple[Path, ...]
    children: tuple[Statement, ...] = ()
    counting: str = ""
    where: Condition | None = None
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
