"""Filters of the POST searches: eq, contains, exists, range and groups of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.errors import invalid

LONGEST_VALUE = 75
_BOUNDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
}
OPERATORS = ("eq", "not_eq", "contains", "not_contains", "exists", "not_exists", "range")
Test = Callable[[JsonObject], bool]


def moment_ms(value: object) -> int:
    """Epoch milliseconds of an ISO 8601 text or of a number of milliseconds. Raises: ValueError."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value)
    text = str(value)
    if text.isascii() and text.isdigit():
        return int(text)
    moment = datetime.fromisoformat(text)
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def compiled(filters: Sequence[object], known: Callable[[str], bool]) -> Test:
    """One test for all the filters (AND). known says which field names exist. Raises: ApiError (422)."""
    tests = [_one(raw, known) for raw in filters]
    return lambda document: all(test(document) for test in tests)


def _one(raw: object, known: Callable[[str], bool]) -> Test:
    if not isinstance(raw, dict):
        raise invalid("each value in filters must be an object")
    if "group" in raw:
        return _group(raw, known)
    field, operator, value = raw.get("field"), raw.get("operator"), raw.get("value")
    if not isinstance(field, str) or not known(field):
        raise invalid(f"Invalid field in filters: {field}")
    if operator not in OPERATORS:
        raise invalid(f"Invalid operator in filters: {operator}")
    if len(str(value)) > LONGEST_VALUE and not isinstance(value, dict | list):
        raise invalid(f"value of {field} must be shorter than or equal to {LONGEST_VALUE} characters")
    return _test(field, operator, value)


def _group(raw: JsonObject, known: Callable[[str], bool]) -> Test:
    inner = raw.get("filters")
    if raw["group"] not in ("AND", "OR") or not isinstance(inner, list):
        raise invalid("a group of filters must be AND or OR and hold filters")
    tests = [_one(one, known) for one in inner]
    if raw["group"] == "AND":
        return lambda document: all(test(document) for test in tests)
    return lambda document: any(test(document) for test in tests)


def _test(field: str, operator: str, value: Any) -> Test:
    if operator == "range":
        return _range(field, value)
    plain: Mapping[str, Test] = {
        "eq": lambda document: _equal(read(document, field), value),
        "contains": lambda document: _contains(read(document, field), value),
        "exists": lambda document: read(document, field) not in (None, "", []),
    }
    positive = plain[operator.removeprefix("not_")]
    return (lambda document: not positive(document)) if operator.startswith("not_") else positive


def _range(field: str, value: object) -> Test:
    if not isinstance(value, dict) or not value or value.keys() - _BOUNDS.keys():
        raise invalid(f"value of {field} must be an object of gt, gte, lt or lte")
    try:
        bounds = {name: moment_ms(bound) for name, bound in value.items()}
    except ValueError as e:
        raise invalid(f"value of {field} must hold dates or numbers") from e

    def test(document: JsonObject) -> bool:
        held = read(document, field)
        try:
            at = moment_ms(held)
        except ValueError:
            return False
        return all(_BOUNDS[name](at, bound) for name, bound in bounds.items())

    return test


def read(document: JsonObject, field: str) -> Any:
    """The value of a field; "customFields.<id>" reaches into the array of values."""
    if field.startswith("customFields."):
        wanted = field.partition(".")[2]
        values = (one for one in document.get("customFields", ()) if one["id"] == wanted)
        return next((one.get("value", one.get("fieldValue")) for one in values), None)
    return document.get(field)


def _folded(value: object) -> str:
    return str(value).strip().lower()


def _equal(held: Any, value: Any) -> bool:
    wanted = {_folded(one) for one in (value if isinstance(value, list) else [value])}
    if isinstance(held, list):
        return not wanted.isdisjoint(_folded(one) for one in held)
    return held is not None and _folded(held) in wanted


def _contains(held: Any, value: Any) -> bool:
    if isinstance(held, list):
        return _equal(held, value)
    return held is not None and _folded(value) in _folded(held)
