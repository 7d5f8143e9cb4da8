"""Salesforce's refusals, as exceptions that know their HTTP status and their JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connectors.sandbox.answers import JsonObject


class ApiError(Exception):
    """One refusal: HTTP status, errorCode, message and the API names of the fields it is about.

    The messages repeat the values that were sent, as Salesforce's do: the product has to cope with that.
    fields None leaves the key out, as Salesforce does for errors about a request rather than a record.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        fields: Sequence[str] | None = None,
        *,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.fields = None if fields is None else list(fields)
        self.details = dict(details or {})

    def row(self) -> JsonObject:
        """The error as a single-record call and the parts of a composite show it."""
        body: JsonObject = {**self.details, "message": self.message, "errorCode": self.code}
        if self.fields is not None:
            body["fields"] = self.fields
        return body

    def item(self) -> JsonObject:
        """The error inside a collection or a tree: another key for the code, no details."""
        return {"statusCode": self.code, "message": self.message, "fields": self.fields or []}


class MoreThanOne(ApiError):
    """300: the key of an upsert or a read fits several records; `urls` are theirs."""

    def __init__(self, urls: Sequence[str], field: str, value: str) -> None:
        message = f"{field}: more than one record found for external id field: [{', '.join(urls)}]"
        super().__init__(300, "DUPLICATE_EXTERNAL_ID", message, [field])
        self.urls = list(urls)
        self.value = value


def not_found(message: str = "The requested resource does not exist") -> ApiError:
    """404 NOT_FOUND."""
    return ApiError(404, "NOT_FOUND", message)


def no_external_id(field: str) -> ApiError:
    """404 for a field that cannot be the key of an upsert."""
    return not_found(f"Provided external ID field does not exist or is not accessible: {field}")


def entity_is_deleted() -> ApiError:
    """404: the record is in the recycle bin or was merged away."""
    return ApiError(404, "ENTITY_IS_DELETED", "entity is deleted", [])


def converted_lead() -> ApiError:
    """400: a lead that was converted takes no changes and no activities."""
    return ApiError(400, "CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", [])


def no_such_column(name: str, object_name: str) -> ApiError:
    """400 INVALID_FIELD for a name in a record that the object (or this user's view of it) does not have."""
    return ApiError(400, "INVALID_FIELD", f"No such column '{name}' on sobject of type {object_name}")


def not_writable(names: Iterable[str]) -> ApiError:
    """400 for fields that exist but that this call may not set."""
    listed = sorted(names)
    message = (
        f"Unable to create/update fields: {', '.join(listed)}. Please check the security settings of this "
        "field and verify that it is read/write for your profile or permission set."
    )
    return ApiError(400, "INVALID_FIELD_FOR_INSERT_UPDATE", message, listed)


def required_missing(names: Sequence[str]) -> ApiError:
    """400 for fields that must have a value."""
    message = f"Required fields are missing: [{', '.join(names)}]"
    return ApiError(400, "REQUIRED_FIELD_MISSING", message, names)


def in_sobject_data(name: str) -> ApiError:
    """400 for a key that stands in the address already."""
    return ApiError(400, "INVALID_FIELD", f"The {name} field should not be specified in the sobject data.")


def unreadable(message: str) -> ApiError:
    """400 for JSON that is none, or of the wrong shape."""
    return ApiError(400, "JSON_PARSER_ERROR", message)


def session_invalid() -> ApiError:
    """401 for a token that is unknown, expired or missing."""
    return ApiError(401, "INVALID_SESSION_ID", "Session expired or invalid")


def limit_exceeded(which: str = "TotalRequests") -> ApiError:
    """403 for the daily or (ConcurrentPerOrgLongTxn) the concurrency limit."""
    return ApiError(403, "REQUEST_LIMIT_EXCEEDED", f"{which} Limit exceeded.")


def row_locked(record_id: str) -> ApiError:
    """400 (some releases: 500) when another transaction holds the record."""
    message = f"unable to obtain exclusive access to this record or 1 records: {record_id[:15]}"
    return ApiError(400, "UNABLE_TO_LOCK_ROW", message, [])


def method_not_allowed(method: str, allowed: str) -> ApiError:
    """405."""
    message = f"HTTP Method '{method}' not allowed. Allowed are {allowed}"
    return ApiError(405, "METHOD_NOT_ALLOWED", message)
