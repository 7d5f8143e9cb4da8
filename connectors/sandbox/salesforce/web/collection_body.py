"""The records of a collection request, checked as a whole before any of them is touched."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.salesforce.errors import ApiError
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.objects import SObject
from connectors.sandbox.salesforce.web.calls import Call

MOST_RECORDS = 200
MOST_CHUNKS = 10


def read_records(call: Call) -> list[JsonObject]:
    """The records. Raises: ApiError (400) for too many of them, or too often another object."""
    found = call.object().get("records")
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ApiError(400, "JSON_PARSER_ERROR", "records must be a list of records")
    check_number(len(found))
    chunks = 0
    previous = None
    for record in found:
        name = type_of(record)
        chunks += name != previous
        previous = name
    if chunks > MOST_CHUNKS:
        message = (
            f"Cannot have more than {MOST_CHUNKS} chunks in a single operation. Please rearrange the data to "
            "reduce chunking."
        )
        raise ApiError(400, "LIMIT_EXCEEDED", message)
    return found


def check_number(number: int) -> None:
    """Raises: ApiError (400) for more than 200 records."""
    if number > MOST_RECORDS:
        message = f"record limit reached. cannot submit more than {MOST_RECORDS} records into this call"
        raise ApiError(400, "EXCEEDED_ID_LIMIT", message)


def all_or_none(call: Call) -> bool:
    """Whether one failure takes everything back."""
    return call.object().get("allOrNone") is True


def type_of(record: JsonObject) -> str:
    """The object that a record names. Raises: ApiError (400)."""
    attributes = record.get("attributes")
    name = attributes.get("type") if isinstance(attributes, dict) else None
    if not isinstance(name, str):
        raise ApiError(400, "INVALID_INPUT", "Each record needs attributes with a type")
    return name


def own_id(kind: SObject, given: Any) -> str:
    """The id of a record to update. Raises: ApiError (400)."""
    if given is None:
        raise ApiError(400, "MISSING_ARGUMENT", "Id not specified in an update call", ["Id"])
    found = full_id(str(given))
    if found is None or not found.startswith(kind.prefix):
        message = f"{kind.label} ID: id value of incorrect type: {given}"
        raise ApiError(400, "MALFORMED_ID", message, ["Id"])
    return found


def value_of(record: JsonObject, name: str) -> Any:
    """The value of a field, in any case of letters."""
    return next((value for key, value in record.items() if key.lower() == name.lower()), None)


def without(record: JsonObject, name: str) -> JsonObject:
    """The record without a field."""
    return {key: value for key, value in record.items() if key.lower() != name.lower()}
