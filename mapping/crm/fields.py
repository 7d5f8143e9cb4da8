"""The mapping engine: from what is known about an inquiry to the properties of a CRM."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from types import MappingProxyType
from typing import TYPE_CHECKING

import phonenumbers

from mapping.facts import SOURCES, Facts, Value

if TYPE_CHECKING:
    from mapping.playbook.model import FieldRule

MAX_TEXT = 65_000  # HubSpot holds 65,536 characters in a string; longer text is cut with an ellipsis


def properties(rules: Sequence[FieldRule], facts: Facts) -> dict[str, str]:
    """CRM property → value for everything that is known; blanks are left out, so that they erase nothing."""
    found = ((rule.property, render(rule, facts)) for rule in rules)
    return {name: value for name, value in found if value}


def render(rule: FieldRule, facts: Facts) -> str:
    """The value of one property as the CRM wants it written, "" when nothing is known.

    An enumeration's value that is not among the options is left out: the CRM would refuse the whole record.
    """
    text = written(SOURCES[rule.source].read(facts), rule.type)
    if not text and not rule.values:
        return ""
    if rule.values:
        text = rule.values.get(text, text)
    if rule.transform and text:
        text = TRANSFORMS[rule.transform](text)
    if rule.options and text not in rule.options:
        return ""
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


def written(value: Value, type_: str = "string") -> str:
    """A value as text: numbers plain, dates ISO 8601, instants in UTC, booleans as true and false."""
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return _written_instant(value, type_)
    return value.isoformat()


def humanised(value: str) -> str:
    """A word of ours as a person would write it: pre_approval → Pre-approval."""
    if value in _WORDS:
        return _WORDS[value]
    return value.replace("_", " ").capitalize()


def _written_instant(value: datetime, type_: str) -> str:
    utc = value.astimezone(UTC)
    if type_ == "date":
        return utc.date().isoformat()
    return utc.isoformat(timespec="seconds").replace("+00:00", "Z")


def _whole(text: str) -> str:
    try:
        return str(Decimal(text).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    except InvalidOperation:
        return text


def _national_phone(text: str) -> str:
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return text
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


_WORDS = {
    "pre_approval": "Pre-approval",
    "asap": "As soon as possible",
    "1_3_months": "1–3 months",
    "3_6_months": "3–6 months",
    "6_12_months": "6–12 months",
    "sms": "Text message",
}

TRANSFORMS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "upper": str.upper,
        "lower": str.lower,
        "humanised": humanised,
        "whole": _whole,
        "national_phone": _national_phone,
    }
)
