"""HighLevel's error answers, as exceptions that know their status and body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connectors.sandbox.answers import JsonObject

_NAMES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    422: "Unprocessable Entity",
    429: "Too Many Requests",
}


class ApiError(Exception):
    """An answer other than success. message is a list for validation (422), else one text.

    said_status is what the body calls its status where that differs from the HTTP status: HighLevel does so
    for a permanent opt-out. meta names the record in the way. The messages repeat what was sent, as
    HighLevel's do: the product has to cope with that.
    """

    def __init__(
        self,
        status: int,
        message: str | Sequence[str],
        *,
        said_status: int | None = None,
        meta: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message if isinstance(message, str) else "; ".join(message))
        self.status = status
        self.message = message if isinstance(message, str) else list(message)
        self.said_status = said_status or status
        self.meta = dict(meta or {})

    def body(self, trace_id: str) -> JsonObject:
        """The JSON of the answer."""
        body: JsonObject = {"statusCode": self.said_status, "message": self.message}
        if name := _NAMES.get(self.said_status):
            body["error"] = name
        if self.meta:
            body["meta"] = self.meta
        return {**body, "traceId": trace_id}


def invalid(*problems: str) -> ApiError:
    """422 with the list of what is wrong."""
    return ApiError(422, problems)


def not_found(kind: str, record_id: str) -> ApiError:
    """400, which HighLevel gives where others give 404."""
    return ApiError(400, f"{kind} with id {record_id} not found")


def duplicate_contact(contact_id: str, field: str, name: str) -> ApiError:
    """400: the location wants no second contact with this email or phone."""
    meta = {"contactId": contact_id, "matchingField": field, "contactName": name}
    return ApiError(400, "This location does not allow duplicated contacts.", meta=meta)


def duplicate_opportunity(existing_id: str) -> ApiError:
    """400: the contact has an opportunity already."""
    message = "Can not create duplicate opportunity for the contact."
    return ApiError(400, message, meta={"existingId": existing_id})


def permanent_dnd(channel: str) -> ApiError:
    """400 whose body says 401: an opt-out by the person's own STOP cannot be lifted."""
    message = f"Not authorized to update permanent dnd setting for {channel}"
    return ApiError(400, message, said_status=401)


def wrong_location() -> ApiError:
    """403: the token belongs to another sub-account."""
    return ApiError(403, "The token does not have access to this location.")
