"""From a WHERE clause to a test of one row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from connectors.sandbox.salesforce.fields import TEXT_TYPES
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.records import Row, index_key
from connectors.sandbox.salesforce.soql.literals import comparable, span
from connectors.sandbox.salesforce.soql.paths import Column, resolve
from connectors.sandbox.salesforce.soql.refusals import unfit
from connectors.sandbox.salesforce.soql.syntax import (
    Comparison,
    Condition,
    Either,
    Every,
    Membership,
    Not,
    Path,
    Statement,
)
from connectors.sandbox.salesforce.soql.tokens import unquoted
from connectors.sandbox.salesforce.soql.world import World
from connectors.sandbox.salesforce.views import View

Test = Callable[[Row], bool]
Ids = Callable[[Statement], set[str]]


class Conditions:
    """Makes tests for the rows of one object. ids runs a nested query and gives its first column."""

    def __init__(self, world: World, text: str, view: View, ids: Ids) -> None:
        self._world = world
        self._text = text
        self._view = view
        self._ids = ids

    def test(self, condition: Condition) -> Test:
        """Whether a row fits. Raises: ApiError (400) for unknown fields and unfitting values."""
        match condition:
            case Every(parts):
                tests = [self.test(part) for part in parts]
                return lambda row: all(one(row) for one in tests)
            case Either(parts):
                tests = [self.test(part) for part in parts]
                return lambda row: any(one(row) for one in tests)
            case Not(part):
                inner = self.test(part)
                return lambda row: not inner(row)
            case Membership(path, negated, query):
                return self._membership(path, query, negated=negated)
            case Comparison():
                return self._comparison(condition)

    def _membership(self, path: Path, query: Statement, *, negated: bool) -> Test:
        value = self._column(path).value
        known = self._ids(query)
        return lambda row: (value(row) in known) is not negated

    def _column(self, path: Path) -> Column:
        column = resolve(self._world, self._text, self._view, path)
        if not column.field.filterable or column.field.type == "address":
            message = f"field '{column.field.name}' can not be filtered in a query call"
            raise unfit(self._text, path.at, message)
        return column

    def _comparison(self, condition: Comparison) -> Test:
        column = self._column(condition.path)
        if condition.operator == "like":
            return self._like(column, condition)
        now = self._world.today()
        wanted = [comparable(self._text, column.field, literal, now) for literal in condition.values]
        if condition.operator in ("includes", "excludes", "not includes"):
            return _includes(column, wanted, negated=condition.operator != "includes")
        if condition.operator in ("in", "not in"):
            return _in(column, wanted, negated=condition.operator == "not in")
        return self._ordered(column, condition, wanted[0])

    def _ordered(self, column: Column, condition: Comparison, wanted: Any) -> Test:
        value, operator, literal = column.value, condition.operator, condition.values[0]
        if literal.kind == "relative":
            return _by_day(column, operator, span(literal.text, self._world.today()))
        if operator == "=":
            return lambda row: index_key(value(row)) == wanted
        if operator == "!=":
            return lambda row: index_key(value(row)) != wanted
        if wanted is None or column.field.type == "boolean":
            raise unfit(self._text, condition.path.at, f"invalid operator for field '{column.field.name}'")
        compare = _COMPARE[operator]
        if column.field.type in ("id", "reference"):  # in the order of ids capitals come first
            exact = full_id(unquoted(literal.text))
            return lambda row: (found := value(row)) is not None and compare(found, exact)
        return lambda row: (found := value(row)) is not None and compare(index_key(found), wanted)

    def _like(self, column: Column, condition: Comparison) -> Test:
        literal = condition.values[0]
        if literal.kind != "string" or column.field.type not in TEXT_TYPES - {"id", "reference"}:
            message = f"like operator is not supported for field '{column.field.name}'"
            raise unfit(self._text, condition.path.at, message)
        pattern = re.compile(_regex(unquoted(literal.text, pattern=True)), re.IGNORECASE | re.DOTALL)
        value = column.value
        return lambda row: isinstance(found := value(row), str) and pattern.fullmatch(found) is not None


_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
}


def _in(column: Column, wanted: list[Any], *, negated: bool) -> Test:
    value, known = column.value, {index_key(one) for one in wanted}
    return lambda row: (index_key(value(row)) in known) is not negated


def _includes(column: Column, wanted: list[Any], *, negated: bool) -> Test:
    value = column.value

    def test(row: Row) -> bool:
        chosen = set((value(row) or "").lower().split(";"))
        return any(set(one.split(";")) <= chosen for one in wanted if one) is not negated

    return test


def _by_day(column: Column, operator: str, days: tuple[str, str]) -> Test:
    """A relative literal means whole days: = is within them, < before the first, > after the last."""
    value, (low, high) = column.value, days
    tests: Mapping[str, Callable[[str], bool]] = {
        "=": lambda day: low <= day <= high,
        "!=": lambda day: not low <= day <= high,
        "<": lambda day: day < low,
        ">": lambda day: day > high,
        "<=": lambda day: day <= high,
        ">=": lambda day: day >= low,
    }
    test = tests[operator]
    return lambda row: test(found[:10]) if (found := value(row)) is not None else operator == "!="


def _regex(pattern: str) -> str:
    signs = {"%": ".*", "_": "."}
    parts = re.findall(r"\\[%_]|.", pattern, flags=re.DOTALL)
    return "".join(signs.get(part) or re.escape(part[-1]) for part in parts)
