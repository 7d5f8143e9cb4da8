"""Reads single fields of a JSON body, each with its type; null counts as left out."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.hubspot.errors import ApiError, JsonObject, invalid


def _wrong(name: str, wanted: str) -> ApiError:
    return invalid(f"Invalid input JSON: {name} must be {wanted}.")


def text(body: JsonObject, name: str, default: str = "") -> str:
    """Raises: ApiError (400)."""
    value = body.get(name)
    if value is None:
        return default
    if not isinstance(value, str):
        raise _wrong(name, "a text")
    return value


def whole(body: JsonObject, name: str, default: int) -> int:
    """A whole number. Raises: ApiError (400)."""
    value = body.get(name)
    if value is None:
        return default
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(name, "a whole number")
    return value


def truth(body: JsonObject, name: str, default: bool = False) -> bool:
    """Raises: ApiError (400)."""
    value = body.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise _wrong(name, "true or false")
    return value


def items(body: JsonObject, name: str) -> list[Any]:
    """A list, empty when left out. Raises: ApiError (400)."""
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise _wrong(name, "a list")
    return value


def texts(body: JsonObject, name: str) -> list[str]:
    """A list of texts. Raises: ApiError (400)."""
    values = items(body, name)
    if not all(isinstance(value, str) for value in values):
        raise _wrong(name, "a list of texts")
    return values


def objects(body: JsonObject, name: str) -> list[JsonObject]:
    """A list of objects. Raises: ApiError (400)."""
    values = items(body, name)
    if not all(isinstance(value, dict) for value in values):
        raise _wrong(name, "a list of objects")
    return values


def inner(body: JsonObject, name: str) -> JsonObject:
    """An object, empty when left out. Raises: ApiError (400)."""
    value = body.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _wrong(name, "an object")
    return value
