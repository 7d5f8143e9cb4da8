"""HubSpot's error answers, as exceptions that know their status and body."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.sandbox.answers import JsonObject as JsonObject


class ApiError(Exception):
    """An answer other than success: status is the HTTP status, the rest fills HubSpot's error body.

    The messages repeat the values that were sent, as HubSpot's do: the product has to cope with that.
    """

    def __init__(
        self,
        status: int,
        category: str,
        message: str,
        *,
        sub_category: str = "",
        context: Mapping[str, Sequence[str]] | None = None,
        errors: Sequence[JsonObject] = (),
        links: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.category = category
        self.message = message
        self.sub_category = sub_category
        self.context = dict(context or {})
        self.errors = list(errors)
        self.links = dict(links or {})

    def body(self, correlation_id: str) -> JsonObject:
        """The JSON of a whole failed request."""
        body: JsonObject = {"status": "error", "message": self.message, "correlationId": correlation_id}
        optional = {
            "context": self.context,
            "errors": self.errors,
            "links": self.links,
            "subCategory": self.sub_category,
        }
        body.update({key: value for key, value in optional.items() if value})
        body["category"] = self.category
        return body

    def entry(self, trace_id: str | None = None) -> JsonObject:
        """The JSON of one failed input inside a 207 answer."""
        context = dict(self.context)
        if trace_id is not None:
            context["objectWriteTraceId"] = [trace_id]
        entry: JsonObject = {
            "status": "error",
            "category": self.category,
            "message": self.message,
            "context": context,
            "errors": self.errors,
            "links": self.links,
        }
        if self.sub_category:
            entry["subCategory"] = self.sub_category
        return entry


@dataclass(slots=True)
class InvalidValues:
    """Collects what is wrong with the property values of one record, to be reported at once."""

    problems: list[JsonObject] = field(default_factory=list)

    def add(self, name: str, code: str, message: str) -> None:
        """Note that property `name` is wrong for the reason `code` (PROPERTY_DOESNT_EXIST, ...)."""
        self.problems.append({"isValid": False, "message": message, "error": code, "name": name})

    def raise_if_any(self) -> None:
        """Raise the 400 that HubSpot gives for invalid property values.

        Raises: ApiError
        """
        if not self.problems:
            return
        details = [
            {"message": p["message"], "code": p["error"], "context": {"propertyName": [p["name"]]}}
            for p in self.problems
        ]
        raise invalid(f"Property values were not valid: {json.dumps(self.problems)}", errors=details)


def invalid(
    message: str,
    *,
    context: Mapping[str, Sequence[str]] | None = None,
    errors: Sequence[JsonObject] = (),
) -> ApiError:
    """400 VALIDATION_ERROR."""
    return ApiError(400, "VALIDATION_ERROR", message, context=context, errors=errors)


def not_found(message: str = "Object not found.  objectId are usually numeric.") -> ApiError:
    """404 OBJECT_NOT_FOUND."""
    return ApiError(404, "OBJECT_NOT_FOUND", message)


def missing_objects(legacy_type: str, ids: Iterable[str]) -> ApiError:
    """The error entry for ids that a batch could not find."""
    return ApiError(
        404,
        "OBJECT_NOT_FOUND",
        f"Could not get some {legacy_type} objects, they may be deleted or not exist. "
        "Check that ids are valid.",
        context={"ids": list(ids)},
    )


def missing_scopes(scopes: Iterable[str]) -> ApiError:
    """403: the token was not granted one of the scopes the call needs."""
    return ApiError(
        403,
        "MISSING_SCOPES",
        "This app hasn't been granted all required scopes to make this call. "
        "Read more about required scopes here: https://developers.hubspot.com/scopes.",
        errors=[
            {
                "message": "One or more of the following scopes are required.",
                "context": {"requiredGranularScopes": list(scopes)},
            }
        ],
        links={"scopes": "https://developers.hubspot.com/scopes"},
    )
