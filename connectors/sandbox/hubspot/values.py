"""Checks a written value against its property and brings it into the stored form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from connectors.sandbox.hubspot.errors import InvalidValues
from connectors.sandbox.hubspot.properties import Properties
from connectors.sandbox.hubspot.property_definition import Property
from connectors.sandbox.hubspot.timestamps import day, epoch_ms
from connectors.sandbox.timestamps import iso

MAX_TEXT = 65_536  # characters in a string property (HubSpot's properties guide)
_EMAIL = re.compile(r"[^\s@,;:<>()\[\]\"\\]+@[^\s@,;:<>()\[\]\"\\.]+(\.[^\s@,;:<>()\[\]\"\\.]+)+")
_NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


class WrongValue(Exception):
    """code is HubSpot's word for what is wrong, str(error) its message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def _text(prop: Property, value: str) -> str:
    if len(value) > MAX_TEXT:
        raise WrongValue("VALUE_TOO_LONG", f"{prop.name} may hold at most {MAX_TEXT} characters.")
    return value


def _number(_prop: Property, value: str) -> str:
    if not _NUMBER.fullmatch(value.strip()):
        raise WrongValue("INVALID_NUMBER", f"{value} was not a valid number.")
    return value.strip()


def _date(_prop: Property, value: str) -> str:
    try:
        return day(value.strip())
    except (ValueError, OverflowError) as e:
        raise WrongValue("INVALID_DATE", f"{value} was not a valid date (midnight UTC).") from e


def _datetime(_prop: Property, value: str) -> str:
    try:
        return iso(epoch_ms(value.strip()) / 1000)
    except (ValueError, OverflowError) as e:
        raise WrongValue("INVALID_LONG", f"{value} was not a valid long.") from e


def _enumeration(prop: Property, value: str) -> str:
    chosen = [part for part in value.split(";") if part] if prop.field_type == "checkbox" else [value]
    for one in chosen:
        if not prop.external and one not in prop.values:
            allowed = ", ".join(f'label: "{o["label"]}" value: "{o["value"]}"' for o in prop.options)
            raise WrongValue("INVALID_OPTION", f"{one} was not one of the allowed options: [{allowed}]")
    return value


def _bool(_prop: Property, value: str) -> str:
    if value.lower() not in ("true", "false"):
        raise WrongValue("INVALID_OPTION", f"{value} was not one of the allowed options: [true, false]")
    return value.lower()


_BY_TYPE: Mapping[str, Callable[[Property, str], str]] = {
    "string": _text,
    "number": _number,
    "date": _date,
    "datetime": _datetime,
    "enumeration": _enumeration,
    "bool": _bool,
}


def email(value: str) -> str:
    """The address in lower case. Raises: WrongValue."""
    address = value.strip().lower()
    if not _EMAIL.fullmatch(address) or len(address) > 254:
        raise WrongValue("INVALID_EMAIL", f"Email address {value} is invalid")
    return address


def _checked(prop: Property, value: str) -> str:
    if not value:
        return ""
    if prop.name == "email" and prop.built_in:
        return email(value)
    if prop.name == "hs_additional_emails":
        return ";".join(email(one) for one in value.split(";") if one.strip())
    return _BY_TYPE[prop.type](prop, value)


def checked_values(raw: object, properties: Properties) -> dict[str, str]:
    """Property name → stored form ("" clears) of everything in a request's `properties`.

    Raises: ApiError (400) naming every property that is unknown, read-only or holds a wrong value.
    """
    problems = InvalidValues()
    checked: dict[str, str] = {}
    if not isinstance(raw, dict):
        problems.add("properties", "INVALID_JSON", "properties must be an object of strings.")
        raw = {}
    for name, value in raw.items():
        prop = properties.live(name)
        if prop is None:
            problems.add(name, "PROPERTY_DOESNT_EXIST", f'Property "{name}" does not exist')
        elif prop.read_only:
            problems.add(
                name, "READ_ONLY_VALUE", f'"{name}" is a read only property; its value cannot be set.'
            )
        elif not isinstance(value, str):
            # HubSpot's own OpenAPI types values as strings; being strict here keeps the connector to it.
            problems.add(name, "INVALID_TYPE", f'The value of "{name}" must be a string.')
        else:
            try:
                checked[name] = _checked(prop, value)
            except WrongValue as e:
                problems.add(name, e.code, str(e))
    problems.raise_if_any()
    return checked
