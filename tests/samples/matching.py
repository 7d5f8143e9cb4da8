"""Comparing what came out with what a case expects, by the rules of the samples' README."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

_PARTS = frozenset({"co_borrower", "partner", "consent", "meeting", "call", "utm"})


def differences(actual: Mapping[str, Any], wanted: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """(wrong, missing): the listed fields with another value, and those without any."""
    wrong, missing = [], []
    for name, value in wanted.items():
        if name in _PARTS and isinstance(value, Mapping) and not _is_matcher(value):
            inner_wrong, inner_missing = differences(actual.get(name) or {}, value)
            wrong += [f"{name}.{one}" for one in inner_wrong]
            missing += [f"{name}.{one}" for one in inner_missing]
        elif not matches(actual.get(name), value):
            found = actual.get(name)
            (missing if empty(found) else wrong).append(f"{name}: {found!r}, wanted {value!r}")
    return wrong, missing


def matches(actual: Any, wanted: Any) -> bool:
    """Whether a value is what a case lists."""
    if isinstance(wanted, Mapping):
        return _as_matcher(actual, wanted)
    if wanted is None:
        return empty(actual)
    if isinstance(wanted, list):
        return isinstance(actual, list | tuple) and [*map(plain, actual)] == [*map(plain, wanted)]
    if isinstance(actual, datetime) and isinstance(wanted, str):
        return actual.astimezone(UTC) == datetime.fromisoformat(wanted).astimezone(UTC)
    if isinstance(wanted, bool) or isinstance(actual, bool):
        return actual is wanted
    if isinstance(actual, Decimal | int | float) and isinstance(wanted, int | float):
        return Decimal(str(actual)) == Decimal(str(wanted))
    return bool(plain(actual) == plain(wanted))


def empty(value: Any) -> bool:
    """Nothing was said."""
    return value is None or (not isinstance(value, bool | int | Decimal) and not value)


def plain(value: Any) -> Any:
    """Text after NFC and trim, addresses in lower case."""
    if not isinstance(value, str):
        return value
    text = unicodedata.normalize("NFC", str(value)).strip()
    return text.lower() if "@" in text and " " not in text else text


def _is_matcher(value: Mapping[str, Any]) -> bool:
    return any(name.startswith("$") for name in value)


def _as_matcher(actual: Any, wanted: Mapping[str, Any]) -> bool:
    if "$any_of" in wanted:
        return any(matches(actual, one) for one in wanted["$any_of"])
    if "$absent" in wanted:
        return empty(actual)
    if "$contains" in wanted:
        needle = str(plain(wanted["$contains"])).lower()
        if isinstance(actual, list | tuple):
            return any(needle in str(plain(item)).lower() for item in actual)
        return needle in str(plain(actual) or "").lower()
    if "$date" in wanted:
        return bool(_day(actual) == wanted["$date"])
    return isinstance(actual, Mapping) and all(matches(actual.get(key), one) for key, one in wanted.items())


def _day(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).date().isoformat() if value.tzinfo else value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value or "")[:10]
