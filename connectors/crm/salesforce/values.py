"""From the texts of a bundle to the values that a Salesforce field takes, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.crm.base import Rejected
from connectors.crm.salesforce.describe import Field, ObjectInfo
from connectors.crm.salesforce.refusals import NOT_THERE

Json = str | int | float | bool
_YES = frozenset({"true", "yes", "1", "on"})
_NO = frozenset({"false", "no", "0", "off"})
_CUT = frozenset({"string", "textarea", "combobox", "url"})


def prepared(info: ObjectInfo, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts as the object's fields take them: cut to length, numbers and dates in Salesforce's spelling.

    Blank ones are left out. Raises Rejected, naming the field, for one that does not exist there, is read
    only, or does not fit.
    """
    return {name: as_text(_known(info, name), text) for name, text in texts.items() if text.strip()}


def as_text(field: Field, text: str) -> str:
    """One value in Salesforce's spelling. Raises Rejected naming the field."""
    if field.type == "boolean":
        return _boolean(field, text)
    if field.kind == "number":
        return _number(field, text)
    if field.type == "date":
        return _moment(field, text).date().isoformat()
    if field.type == "datetime":
        moment = _moment(field, text)
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    if field.type == "picklist":
        return _choice(field, text)
    if field.type == "multipicklist":
        return ";".join(_choice(field, part) for part in text.split(";") if part.strip())
    return cut(text, field.length) if field.type in _CUT else text.strip()


def as_json(info: ObjectInfo, texts: Mapping[str, str]) -> dict[str, Json]:
    """The body for texts that were prepared."""
    return {name: _json(info.fields[name], text) for name, text in texts.items()}


def read(value: Any) -> str:
    """A value of an answer as text; "" for null."""
    if value is None:
        return ""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def cut(text: str, length: int) -> str:
    """The text, shortened to so many UTF-16 units: a cut text helps the owner more than a refused record."""
    if not length or 2 * len(text) <= length:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * length:
        return text
    return units[: 2 * (length - 1)].decode("utf-16-le", errors="ignore") + "…"


def _known(info: ObjectInfo, name: str) -> Field:
    field = info.fields.get(name)
    if field is None:
        raise Rejected(
            f"Salesforce's {info.name} has no field {name}, or the integration user may not see it.",
            field_name=name,
            remedy=NOT_THERE.format(field=name),
        )
    if not field.createable and not field.updateable:
        raise Rejected(
            f"The field {name} of Salesforce's {info.name} is read only for the integration user.",
            field_name=name,
            remedy=f"Let the integration user edit {name} in Salesforce, or take it out of the mapping.",
        )
    return field


def _json(field: Field, text: str) -> Json:
    if field.type == "boolean":
        return text == "true"
    if field.kind == "number":
        number = Decimal(text)
        return int(number) if number == number.to_integral_value() else float(number)
    return text


def _boolean(field: Field, text: str) -> str:
    word = text.strip().casefold()
    if word not in _YES | _NO:
        raise _unfit(field, "true or false")
    return "true" if word in _YES else "false"


def _number(field: Field, text: str) -> str:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    # Salesforce holds at most 18 digits.
    if not number.is_finite() or abs(number) >= Decimal(10) ** 18:
        raise _unfit(field, "a number")
    return str(number)


def _moment(field: Field, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        moment = None
    if moment is None:
        raise _unfit(field, "a date (2026-11-23)" if field.type == "date" else "a date and time (ISO 8601)")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _choice(field: Field, text: str) -> str:
    value = field.option(text)
    if value is None and field.restricted:
        raise Rejected(
            f"The picklist {field.name} in Salesforce does not have the value that the mapping writes.",
            field_name=field.name,
            remedy=f"Add the missing value to {field.name} in Salesforce, or change the mapping.",
        )
    return text.strip() if value is None else value


def _unfit(field: Field, wanted: str) -> Rejected:
    return Rejected(
        f"The field {field.name} in Salesforce takes {wanted}, and the mapping writes something else.",
        field_name=field.name,
        remedy=f"Change the mapping of {field.name} so that it fits the type of the field in Salesforce.",
    )


def today(now: float) -> date:
    """The date at a moment in seconds since 1970, UTC."""
    return datetime.fromtimestamp(now, UTC).date()
