"""POST /contacts/search: filters, free words, sorting and two ways of paging, some seconds behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.errors import ApiError, invalid
from connectors.sandbox.highlevel.filters import compiled, moment_ms, read
from connectors.sandbox.highlevel.shapes import Shape, checked
from connectors.sandbox.highlevel.state import LocationState

_BODY = Shape(
    {
        "locationId": "text",
        "page": "number",
        "pageLimit": "number",
        "searchAfter": "list",
        "query": "text",
        "filters": "list",
        "sort": "objects",
    },
    required=("locationId", "pageLimit"),
)
_FIELDS = frozenset(
    {
        *("id", "email", "phone", "tags", "assignedTo", "source", "type", "dnd", "dateAdded", "dateUpdated"),
        *("firstNameLowerCase", "lastNameLowerCase", "fullNameLowerCase", "contactName", "companyName"),
        *("address1", "city", "state", "postalCode", "country", "website", "timezone", "dateOfBirth"),
        *("followers", "additionalEmails"),
    }
)
_MOMENTS = ("dateAdded", "dateUpdated")
_INDEXED = ("id", "email", "phone")
_WORDS = ("contactName", "email", "phone", "companyName")
PAGE_MOST, ROWS_MOST, QUERY_LONGEST = 500, 10_000, 75


@dataclass(frozen=True, slots=True)
class Found:
    """One page, each row with its cursor under searchAfter; total counts all that match."""

    rows: list[JsonObject]
    total: int


def search(state: LocationState, body: object) -> Found:
    """Raises: ApiError (400 beyond 10,000 rows in page mode, 422)."""
    wanted = checked(body, _BODY)
    limit, page = _paging(wanted)
    filters = wanted.get("filters", [])
    test = compiled(filters, _is_field)
    index = state.contact_index
    index.refresh()
    candidates = _candidates(state, filters)
    words = wanted.get("query", "").lower()
    matching = [row for row in candidates if test(row) and _has_words(row, words)]
    name, descending = _sorting(wanted.get("sort", []))
    matching.sort(key=lambda row: _cursor(row, name), reverse=descending)
    after = wanted.get("searchAfter")
    left = _after(matching, name, after, descending) if after else matching[(page - 1) * limit :]
    rows = [{**row, "searchAfter": list(_cursor(row, name))} for row in left[:limit]]
    return Found(rows, len(matching))


def _is_field(name: str) -> bool:
    return name in _FIELDS or name.startswith("customFields.")


def _paging(wanted: JsonObject) -> tuple[int, int]:
    limit, page = int(wanted["pageLimit"]), int(wanted.get("page", 1))
    if not 1 <= limit <= PAGE_MOST:
        raise invalid(f"pageLimit must not be greater than {PAGE_MOST}")
    if page < 1:
        raise invalid("page must not be less than 1")
    if len(wanted.get("query", "")) > QUERY_LONGEST:
        raise invalid(f"query must be shorter than or equal to {QUERY_LONGEST} characters")
    if page * limit > ROWS_MOST and "searchAfter" not in wanted:
        raise ApiError(400, f"Page mode ends at {ROWS_MOST} records, please use searchAfter")
    return limit, page


def _candidates(state: LocationState, filters: list[Any]) -> Iterable[JsonObject]:
    """The rows worth testing: those with an exact id, email or phone, where a filter names some."""
    index = state.contact_index
    for one in filters:
        choices = one.get("filters", []) if one.get("group") == "OR" else [one]
        if choices and all(c.get("field") in _INDEXED and c.get("operator") == "eq" for c in choices):
            ids = {
                record_id
                for c in choices
                for value in (c["value"] if isinstance(c.get("value"), list) else [c.get("value")])
                for record_id in index.holders(c["field"], str(value).strip().lower())
            }
            return [index.documents[record_id] for record_id in ids]
    return index.documents.values()


def _has_words(row: JsonObject, words: str) -> bool:
    return not words or any(words in str(row.get(name, "")).lower() for name in _WORDS)


def _sorting(sort: list[JsonObject]) -> tuple[str, bool]:
    if not sort:
        return "dateAdded", True
    name, direction = sort[0].get("field"), sort[0].get("direction", "desc")
    if not isinstance(name, str) or not _is_field(name) or direction not in ("asc", "desc"):
        raise invalid(f"Invalid sort: {name} {direction}")
    return name, direction == "desc"


def _cursor(row: JsonObject, name: str) -> tuple[Any, str]:
    value = read(row, name)
    return (moment_ms(value) if name in _MOMENTS else str(value or "").lower(), row["id"])


def _after(rows: list[JsonObject], name: str, cursor: list[Any], descending: bool) -> list[JsonObject]:
    kind = int if name in _MOMENTS else str
    if len(cursor) != 2 or not isinstance(cursor[0], kind) or not isinstance(cursor[1], str):
        raise invalid("searchAfter must be the searchAfter of a contact of the page before")
    last = (cursor[0], cursor[1])
    return [row for row in rows if (_cursor(row, name) < last if descending else _cursor(row, name) > last)]
