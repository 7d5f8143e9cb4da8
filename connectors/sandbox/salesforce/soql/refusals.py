"""What a query can be refused for, with the caret that shows where."""

from __future__ import annotations

from connectors.sandbox.salesforce.errors import ApiError

_WINDOW = 60  # characters of a long statement shown around the place


def refused(code: str, text: str, at: int, message: str) -> ApiError:
    """400 whose message points at the character `at` (from 0) of the statement."""
    start = max(0, at - _WINDOW) if len(text) > 2 * _WINDOW else 0
    shown = text[start : start + 2 * _WINDOW].replace("\n", " ")
    caret = " " * (at - start) + "^"
    return ApiError(400, code, f"\n{shown}\n{caret}\nERROR at Row:1:Column:{at + 1}\n{message}")


def malformed(text: str, at: int, message: str) -> ApiError:
    """MALFORMED_QUERY."""
    return refused("MALFORMED_QUERY", text, at, message)


def no_field(text: str, at: int, name: str, entity: str) -> ApiError:
    """INVALID_FIELD for a column that the entity (or this user's view of it) does not have."""
    return refused(
        "INVALID_FIELD",
        text,
        at,
        f"No such column '{name}' on entity '{entity}'. If you are attempting to use a custom field, be sure "
        "to append the '__c' after the custom field name. Please reference your WSDL or the describe call "
        "for the appropriate names.",
    )


def no_relation(text: str, at: int, name: str, entity: str) -> ApiError:
    """INVALID_FIELD for a relationship that is not there."""
    return refused(
        "INVALID_FIELD",
        text,
        at,
        f"Didn't understand relationship '{name}' in field path. If you are attempting to use a custom "
        "relationship, be sure to append the '__r' after the custom relationship name. Please reference your "
        f"WSDL or the describe call for the appropriate names of '{entity}'.",
    )


def no_object(text: str, at: int, name: str) -> ApiError:
    """INVALID_TYPE."""
    return refused(
        "INVALID_TYPE",
        text,
        at,
        f"sObject type '{name}' is not supported. If you are attempting to use a custom object, be sure to "
        "append the '__c' after the entity name. Please reference your WSDL or the describe call for the "
        "appropriate names.",
    )


def unfit(text: str, at: int, message: str) -> ApiError:
    """INVALID_FIELD for a field that cannot be used in this way."""
    return refused("INVALID_FIELD", text, at, message)
