"""From the JSON of a field to what is stored: types, lengths, ranges, choices, addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from connectors.sandbox.salesforce.errors import ApiError, unreadable
from connectors.sandbox.salesforce.fields import NUMBER_TYPES, Field
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.timestamps import day, moment

_Reader = Callable[[Field, Any, bool], Any]
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_JSON_KINDS = {bool: "VALUE_TRUE", int: "VALUE_NUMBER_INT", float: "VALUE_NUMBER_FLOAT", str: "VALUE_STRING"}
_MOST_INT = 2**31


def _undeserialisable(wanted: str, raw: object) -> ApiError:
    kind = _JSON_KINDS.get(type(raw), "START_OBJECT" if isinstance(raw, dict) else "START_ARRAY")
    if raw is False:
        kind = "VALUE_FALSE"
    shown = str(raw).lower() if isinstance(raw, bool) else str(raw)
    value = f" value {shown}" if kind.startswith("VALUE") else ""
    found = f"{kind}{value} or request may be missing a required field"
    return unreadable(f"Cannot deserialize instance of {wanted} from {found}")


def stored(field: Field, raw: Any, *, listed_only: bool) -> Any:
    """The value as it is stored, None for an empty one. listed_only: the picklist takes its choices only.

    Raises: ApiError (400).
    """
    if raw is None or (raw == "" and field.type not in (*NUMBER_TYPES, "int", "boolean")):
        return False if field.type == "boolean" else None
    read: _Reader = _READERS.get(field.type, _text)
    return read(field, raw, listed_only)


def _boolean(_field: Field, raw: Any, _listed_only: bool) -> bool:
    if not isinstance(raw, bool):
        raise _undeserialisable("boolean", raw)
    return raw


def _whole_number(field: Field, raw: Any, _listed_only: bool) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise _undeserialisable("int", raw)
    if not -_MOST_INT <= raw < _MOST_INT:
        raise _out_of_range(field, raw)
    return raw


def _number(field: Field, raw: Any, _listed_only: bool) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or raw != raw:
        raise _undeserialisable(field.type, raw)
    if field.precision and abs(raw) >= 10 ** (field.precision - field.scale):
        raise _out_of_range(field, raw)
    return round(float(raw), field.scale)


def _out_of_range(field: Field, raw: float) -> ApiError:
    message = f"{field.label}: value outside of valid range on numeric field: {raw}"
    return ApiError(400, "NUMBER_OUTSIDE_VALID_RANGE", message, [field.name])


def _date(_field: Field, raw: Any, _listed_only: bool) -> str:
    try:
        return day(raw)
    except (TypeError, ValueError):
        raise _undeserialisable("date", raw) from None


def _datetime(_field: Field, raw: Any, _listed_only: bool) -> str:
    try:
        return moment(raw)
    except (TypeError, ValueError):
        raise _undeserialisable("datetime", raw) from None


def _reference(field: Field, raw: Any, _listed_only: bool) -> str:
    if not isinstance(raw, str):
        raise _undeserialisable("reference", raw)
    if len(raw) not in (15, 18):
        message = f"{field.label}: id value of incorrect type: {raw}"
        raise ApiError(400, "MALFORMED_ID", message, [field.name])
    if (found := full_id(raw)) is None:
        raise ApiError(400, "MALFORMED_ID", f"{field.label}: id value of incorrect type: {raw}", [field.name])
    return found


def _email(field: Field, raw: Any, listed_only: bool) -> str | None:
    text = _text(field, raw, listed_only)
    if text is not None and not _EMAIL.fullmatch(text):
        message = f"{field.label}: invalid email address: {text}"
        raise ApiError(400, "INVALID_EMAIL_ADDRESS", message, [field.name])
    return text


def _choice(field: Field, raw: Any, listed_only: bool) -> str | None:
    text = _text(field, raw, listed_only)
    if text is None or not listed_only:
        return text
    known = {one.value.lower(): one.value for one in field.choices if one.active}
    found = []
    for one in text.split(";") if field.type == "multipicklist" else [text]:
        if one.lower() not in known:
            message = f"{field.label}: bad value for restricted picklist field: {one}"
            raise ApiError(400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, [field.name])
        found.append(known[one.lower()])
    return ";".join(found)


def _text(field: Field, raw: Any, _listed_only: bool) -> str | None:
    if not isinstance(raw, str):
        raise _undeserialisable("string", raw)
    text = raw.strip()
    if field.length and len(text) > field.length:
        message = f"{field.label}: data value too large: {text} (max length={field.length})"
        raise ApiError(400, "STRING_TOO_LONG", message, [field.name])
    return text or None


_READERS: dict[str, _Reader] = {
    "boolean": _boolean,
    "int": _whole_number,
    "double": _number,
    "currency": _number,
    "percent": _number,
    "date": _date,
    "datetime": _datetime,
    "reference": _reference,
    "email": _email,
    "picklist": _choice,
    "multipicklist": _choice,
}
