"""Search filters: what each operator means, and which records a filter can be answered from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from connectors.sandbox.hubspot.body_fields import text, texts
from connectors.sandbox.hubspot.errors import JsonObject, invalid
from connectors.sandbox.hubspot.properties import Properties
from connectors.sandbox.hubspot.property_definition import Property
from connectors.sandbox.hubspot.search_index import LISTS, PHONES, Values, terms
from connectors.sandbox.hubspot.timestamps import epoch_ms

ASSOCIATION = re.compile(r"associations\.(\w+)")
_TOKEN = re.compile(r"\w+")
_WILD_TOKEN = re.compile(r"[\w*]+")


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition. prop is None for `associations.{kind}`; wanted are the values it compares with."""

    name: str
    operator: str
    wanted: tuple[str, ...]
    prop: Property | None

    @property
    def exact(self) -> bool:
        """Whether the matching records can be read from a value index."""
        return self.operator in ("EQ", "IN")


def _number(prop: Property, value: str) -> float | str:
    try:
        if prop.type == "number":
            return float(value)
        if prop.type in ("date", "datetime"):
            return float(epoch_ms(value))
    except (ValueError, OverflowError):
        return value.lower()
    return value.lower()


def _compare(prop: Property, value: str, wanted: str) -> int | None:
    """-1, 0, 1; None when the two cannot be ordered."""
    left, right = _number(prop, value), _number(prop, wanted)
    if isinstance(left, float) and isinstance(right, float):
        return (left > right) - (left < right)
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    return None


def _equal(f: Filter, value: str, prop: Property) -> bool:
    if prop.type in ("number", "date", "datetime"):
        return any(_compare(prop, value, wanted) == 0 for wanted in f.wanted)
    if prop.type == "enumeration" and f.name not in LISTS:
        return value in f.wanted
    # The criterion of IN is not folded: HubSpot wants it in lower case already. Phones keep their digits.
    return any(wanted_term(f, wanted) in terms(f.name, value) for wanted in f.wanted)


def wanted_term(f: Filter, wanted: str) -> str:
    """The index term that a criterion asks for."""
    if f.name in PHONES:
        return "".join(filter(str.isdigit, wanted))
    return wanted if f.operator in ("IN", "NOT_IN") else wanted.lower()


def _contains_token(f: Filter, value: str) -> bool:
    tokens = [value.lower(), *_TOKEN.findall(value.lower())]
    wanted = _WILD_TOKEN.findall(f.wanted[0].lower())
    return bool(wanted) and all(any(fnmatchcase(token, one) for token in tokens) for one in wanted)


def _ordered(test: Callable[[int], bool]) -> Callable[[Filter, str, Property], bool]:
    def matches(f: Filter, value: str, prop: Property) -> bool:
        order = _compare(prop, value, f.wanted[0]) if value else None
        return order is not None and test(order)

    return matches


def _between(f: Filter, value: str, prop: Property) -> bool:
    if not value:
        return False
    low, high = _compare(prop, value, f.wanted[0]), _compare(prop, value, f.wanted[1])
    return low is not None and high is not None and low >= 0 >= high


# Whether NEQ and NOT_IN also find records without any value is not documented; here they do.
OPERATORS: Mapping[str, Callable[[Filter, str, Property], bool]] = {
    "EQ": lambda f, value, prop: bool(value) and _equal(f, value, prop),
    "NEQ": lambda f, value, prop: not (value and _equal(f, value, prop)),
    "IN": lambda f, value, prop: bool(value) and _equal(f, value, prop),
    "NOT_IN": lambda f, value, prop: not (value and _equal(f, value, prop)),
    "LT": _ordered(lambda order: order < 0),
    "LTE": _ordered(lambda order: order <= 0),
    "GT": _ordered(lambda order: order > 0),
    "GTE": _ordered(lambda order: order >= 0),
    "BETWEEN": _between,
    "HAS_PROPERTY": lambda _f, value, _prop: bool(value),
    "NOT_HAS_PROPERTY": lambda _f, value, _prop: not value,
    "CONTAINS_TOKEN": lambda f, value, _prop: _contains_token(f, value),
    "NOT_CONTAINS_TOKEN": lambda f, value, _prop: not _contains_token(f, value),
}


def matches(f: Filter, values: Values) -> bool:
    """Whether a record passes a filter on one of its properties."""
    return f.prop is not None and OPERATORS[f.operator](f, values.get(f.name, ""), f.prop)


def _wanted(raw: JsonObject, operator: str) -> tuple[str, ...]:
    if operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
        return ()
    if operator in ("IN", "NOT_IN"):
        listed = texts(raw, "values")
        if not listed:
            raise invalid(f"A filter with operator {operator} needs a list of values.")
        return tuple(listed)
    keys = ("value", "highValue") if operator == "BETWEEN" else ("value",)
    wanted = tuple(text(raw, key) for key in keys)
    if not all(wanted):
        raise invalid(f"A filter with operator {operator} needs {' and '.join(keys)}.")
    return wanted


def parse_filter(raw: JsonObject, properties: Properties) -> Filter:
    """Read one filter of a search request.

    Raises: ApiError (400) for an unknown property or operator, or missing values.
    """
    name, operator = text(raw, "propertyName"), text(raw, "operator")
    if operator not in OPERATORS:
        raise invalid(f"Invalid operator {operator}; known are {', '.join(OPERATORS)}.")
    prop = properties.live(name)
    association = ASSOCIATION.fullmatch(name)
    if prop is None and association is None:
        raise invalid(f"There was a problem with the request: property {name} does not exist.")
    if association is not None and operator not in ("EQ", "IN"):
        raise invalid(f"{name} can only be filtered with EQ or IN.")
    return Filter(name, operator, _wanted(raw, operator), prop)
