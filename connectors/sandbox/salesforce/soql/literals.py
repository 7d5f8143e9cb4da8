"""The values of a query, held against the type of the field that they are compared with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.sandbox.salesforce.fields import NUMBER_TYPES, TEXT_TYPES, Field
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.records import index_key
from connectors.sandbox.salesforce.soql.refusals import malformed, refused, unfit
from connectors.sandbox.salesforce.soql.syntax import Literal
from connectors.sandbox.salesforce.soql.tokens import unquoted
from connectors.sandbox.salesforce.timestamps import day, moment

_DAYS = {"TODAY": 0, "YESTERDAY": -1, "TOMORROW": 1}


def comparable(text: str, field: Field, literal: Literal, now: float) -> Any:
    """The value to compare with, as an index keys it: ids of 18 characters, None for null.

    Raises: ApiError (400) when the literal does not fit the field's type.
    """
    if literal.kind == "null":
        return None
    wanted = _wanted(field)
    if literal.kind not in wanted:
        quotes = "should be enclosed in quotes" if "string" in wanted else "should not be enclosed in quotes"
        rule = f"must be of type {_type_name(field)} and {quotes}"
        message = f"value of filter criterion for field '{field.name}' {rule}"
        raise unfit(text, literal.at, message)
    try:
        return index_key(_value(text, field, literal, now))
    except ValueError:
        raise malformed(text, literal.at, f"invalid {literal.kind} literal: {literal.text}") from None


def _wanted(field: Field) -> tuple[str, ...]:
    if field.type in TEXT_TYPES:
        return ("string",)
    if field.type in NUMBER_TYPES or field.type == "int":
        return ("number",)
    if field.type == "date":
        return ("date", "relative")
    if field.type == "datetime":
        return ("datetime", "relative")
    return ("boolean",)


def _type_name(field: Field) -> str:
    if field.type == "datetime":
        return "dateTime"
    return "string" if field.type in TEXT_TYPES else field.type


def _value(text: str, field: Field, literal: Literal, now: float) -> Any:
    if literal.kind == "string":
        content = unquoted(literal.text)
        if field.type in ("id", "reference"):
            return _id(text, field, literal, content)
        return content or None  # an empty text is an empty field
    if literal.kind == "number":
        return float(literal.text)
    if literal.kind == "boolean":
        return literal.text == "TRUE"
    if literal.kind == "date":
        return day(literal.text)
    if literal.kind == "datetime":
        return moment(literal.text)
    return _first_moment(literal.text, field, now)


def _id(text: str, field: Field, literal: Literal, content: str) -> str | None:
    if not content:
        return None
    found = full_id(content)
    if found is None and field.length != 255:  # the ids of definitions are names
        raise refused("INVALID_QUERY_FILTER_OPERATOR", text, literal.at, f"invalid ID field: {content}")
    return found or content


def span(word: str, now: float) -> tuple[str, str]:
    """The first and the last day that a relative literal means: TODAY, LAST_N_DAYS:7 (up to today), ..."""
    name, _, number = word.upper().partition(":")
    if name == "LAST_N_DAYS":
        first, last = -int(number), 0
    elif name == "NEXT_N_DAYS":
        first, last = 1, int(number)
    else:
        first = last = _DAYS[name]
    today = datetime.fromtimestamp(now, UTC)
    low, high = (today + timedelta(days=days) for days in (first, last))
    return low.date().isoformat(), high.date().isoformat()


def _first_moment(word: str, field: Field, now: float) -> str:
    first, _ = span(word, now)
    return first if field.type == "date" else f"{first}T00:00:00.000+0000"
