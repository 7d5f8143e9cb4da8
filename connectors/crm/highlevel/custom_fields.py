"""Custom fields: what HighLevel calls them, and our text values in the types they hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from connectors.crm.base import FieldSpec, Rejected
from connectors.crm.highlevel.records import CONTACT_FIELDS, DEAL_FIELDS, LONGEST_VALUE, as_text, listed

Model = Literal["contact", "opportunity"]
MODELS: tuple[Model, ...] = ("contact", "opportunity")

_NUMBERS = frozenset({"NUMERICAL", "MONETORY", "MONETARY"})
_CHOICES = frozenset({"SINGLE_OPTIONS", "RADIO", "MULTIPLE_OPTIONS", "CHECKBOX"})
_LISTS = frozenset({"MULTIPLE_OPTIONS", "CHECKBOX"})
_TEXTS = frozenset({"TEXT", "LARGE_TEXT", "PHONE", "EMAIL"})
_YES_NO: Mapping[str, str] = {"true": "yes", "false": "no"}
_LARGEST = Decimal(2**53)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class CustomField:
    """A custom field that exists there. name is its key without "contact." or "opportunity."."""

    id: str
    model: Model
    name: str
    label: str
    data_type: str
    options: tuple[str, ...] = ()
    open_ended: bool = False  # takes options that are not listed


def field_of(raw: Mapping[str, Any]) -> CustomField | None:
    """A custom field in an answer; None for one of another kind of record."""
    prefix, _, name = str(raw.get("fieldKey") or "").partition(".")
    model = next((m for m in MODELS if m == (raw.get("model") or prefix)), None)
    if model is None or not raw.get("id"):
        return None
    return CustomField(
        id=str(raw["id"]),
        model=model,
        name=name or prefix,
        label=str(raw.get("name") or name),
        data_type=str(raw.get("dataType") or "TEXT").upper(),
        options=tuple(_label(option) for option in listed(raw.get("picklistOptions"))),
        open_ended=raw.get("isAllowedCustomOption") is True,
    )


def spec_of(field: CustomField) -> FieldSpec:
    """The field as every connector describes one. Yes/no fields show no options."""
    kind = _kind(field)
    return FieldSpec(field.name, field.label, kind, field.options if kind == "enumeration" else ())


def standard_specs(model: Model) -> dict[str, FieldSpec]:
    """The fields that every location has, by name."""
    known = CONTACT_FIELDS if model == "contact" else DEAL_FIELDS
    return {name: FieldSpec(name, name, kind) for name, kind in known.items()}


def typed(field: CustomField, value: str) -> Any:
    """A value as HighLevel wants it in this field. Raises Rejected when it cannot hold it."""
    if field.data_type in _NUMBERS:
        return number(field.name, value)
    if field.data_type in _CHOICES:
        chosen = [_option(field, one.strip()) for one in _several(field, value)]
        return chosen if field.data_type in _LISTS else chosen[0]
    if field.data_type == "DATE":
        return day(field.name, value)
    if field.data_type in _TEXTS:
        return fitting(value)
    raise Rejected(
        f"HighLevel's field {field.name} is of a type that Firstpath does not write ({field.data_type}).",
        field_name=field.name,
        remedy=f"Take {field.name} out of the mapping, or map a text field.",
    )


def read_back(field: CustomField, value: str) -> str:
    """A value that stands there, spelled as ours: a yes/no field says true or false."""
    if _kind(field) != "bool":
        return value
    return next((ours for ours, theirs in _YES_NO.items() if theirs == value.strip().casefold()), value)


def number(name: str, value: str) -> int | float:
    """A JSON number. Raises Rejected for anything else."""
    try:
        exact = Decimal(value.strip())
    except InvalidOperation:
        exact = Decimal("NaN")
    # A JSON number beyond that loses digits, and one with a huge exponent costs minutes to write out.
    if not exact.is_finite() or abs(exact) > _LARGEST:
        raise _unfit(name, "a number")
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def day(name: str, value: str) -> str:
    """The day of a date or instant, YYYY-MM-DD. Raises Rejected for anything else."""
    match = _DAY.match(value.strip())
    if match is None:
        raise _unfit(name, "a date")
    return match.group()


def fitting(value: str) -> str:
    """Text cut to a bearable length: a cut text helps the owner more than a refused record."""
    return value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"


def _kind(field: CustomField) -> str:
    if field.data_type in _NUMBERS:
        return "number"
    if field.data_type == "DATE":
        return "date"
    if field.data_type in _CHOICES:
        words = {option.strip().casefold() for option in field.options}
        return "bool" if words and words <= set(_YES_NO.values()) else "enumeration"
    return "string" if field.data_type in _TEXTS else field.data_type.lower()


def _several(field: CustomField, value: str) -> list[str]:
    if field.data_type not in _LISTS:
        return [value]
    return [one for one in value.split(";") if one.strip()]


def _option(field: CustomField, value: str) -> str:
    """The option's exact label: HighLevel does not reliably refuse one that it does not have."""
    wanted = _YES_NO.get(value, value) if _kind(field) == "bool" else value
    found = next((o for o in field.options if o.strip().casefold() == wanted.casefold()), None)
    if found is not None:
        return found
    if field.open_ended or not field.options:
        return value
    raise Rejected(
        f"HighLevel's field {field.name} has no such option.",
        field_name=field.name,
        remedy=f"Add the missing option to {field.name} in HighLevel under Settings > Custom Fields, or "
        "change the mapping.",
    )


def _unfit(name: str, what: str) -> Rejected:
    return Rejected(
        f"The value for HighLevel's field {name} is not {what}.",
        field_name=name,
        remedy=f"Change the mapping of {name} so that it fits the type of the field in HighLevel.",
    )


def _label(option: object) -> str:
    """Options are texts; some answers give objects with a label."""
    return as_text(option.get("label") or option.get("name")) if isinstance(option, dict) else as_text(option)
