"""What a view reads from its request: JSON bodies, lists and numbers in the query, the account."""

from __future__ import annotations

from typing import cast

from flask import current_app, request

from connectors.sandbox.bodies import BODY_KEY, UNREADABLE
from connectors.sandbox.hubspot.errors import ApiError, JsonObject, invalid
from connectors.sandbox.hubspot.state import CrmState

STATE_KEY = "SANDBOX_STATE"


def state() -> CrmState:
    """The account that this application serves."""
    return cast(CrmState, current_app.config[STATE_KEY])


def json_value() -> object:
    """The request's body as JSON. Raises: ApiError (400, 415)."""
    if request.mimetype != "application/json":
        raise ApiError(415, "VALIDATION_ERROR", "The Content-Type must be application/json.")
    value = request.environ.get(BODY_KEY, UNREADABLE)
    if value is UNREADABLE or value is None:
        raise invalid("Invalid input JSON: the body could not be parsed.")
    return value


def json_body() -> JsonObject:
    """The request's body as a JSON object. Raises: ApiError (400, 415)."""
    value = json_value()
    if not isinstance(value, dict):
        raise invalid("Invalid input JSON: expected an object.")
    return value


def words(name: str) -> list[str]:
    """A list in the query: repeated names, commas, or both."""
    return [word for text in request.args.getlist(name) for word in text.split(",") if word]


def flag(name: str) -> bool:
    """A boolean in the query. Raises: ApiError (400) for "True", which HubSpot does not take."""
    text = request.args.get(name, "false")
    if text not in ("true", "false"):
        raise invalid(f"{name} must be true or false.")
    return text == "true"


def integer(name: str, default: int, most: int) -> int:
    """A whole number in the query. Raises: ApiError (400)."""
    text = request.args.get(name)
    if text is None:
        return default
    if not text.isdigit() or int(text) > most:
        raise invalid(f"{name} must be a whole number up to {most}.")
    return int(text)


def next_page(after: str) -> JsonObject:
    """The paging part of a list answer."""
    link = f"{request.base_url}?after={after}"
    return {"next": {"after": after, "link": link}}
