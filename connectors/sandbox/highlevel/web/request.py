"""What a view reads from its request: the JSON body, the query, the account."""

from __future__ import annotations

from typing import cast

from flask import current_app, request

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.bodies import BODY_KEY, UNREADABLE
from connectors.sandbox.highlevel.errors import ApiError, invalid
from connectors.sandbox.highlevel.state import LocationState

STATE_KEY = "SANDBOX_STATE"


def state() -> LocationState:
    """The sub-account that this application serves."""
    return cast(LocationState, current_app.config[STATE_KEY])


def json_value() -> object:
    """The request's body as JSON; an empty or differently typed one counts as {}. Raises: ApiError (400)."""
    value = request.environ.get(BODY_KEY)
    if value is UNREADABLE:
        raise ApiError(400, "Unexpected token in JSON at position 0")
    return {} if value is None or request.mimetype != "application/json" else value


def query(allowed: tuple[str, ...], required: tuple[str, ...] = ()) -> dict[str, str]:
    """The query as name → value. Raises: ApiError (422) for names that are not allowed or are missing."""
    given = {name: value for name, value in request.args.items() if value}
    wrong = [f"property {name} should not exist" for name in request.args if name not in allowed]
    for name in required:
        if name not in given:
            wrong += [f"{name} should not be empty", f"{name} must be a string"]
    if wrong:
        raise invalid(*wrong)
    return given


def whole(values: dict[str, str], name: str, default: int) -> int:
    """A whole number in the query. Raises: ApiError (422)."""
    text = values.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise invalid(f"{name} must be a number string")
    return int(text)


def succeeded() -> JsonObject:
    """HighLevel's flag of success; version v3 spells it right and keeps the old spelling beside it."""
    flag: JsonObject = {"succeded": True}
    return {**flag, "succeeded": True} if request.headers.get("Version") == "v3" else flag
