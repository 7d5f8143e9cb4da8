"""The search endpoint: limits of a request, which records match, sorting and paging."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.hubspot.body_fields import items, objects, text
from connectors.sandbox.hubspot.errors import JsonObject, invalid
from connectors.sandbox.hubspot.properties import Properties
from connectors.sandbox.hubspot.search_filters import (
    ASSOCIATION,
    Filter,
    matches,
    parse_filter,
    wanted_term,
)
from connectors.sandbox.hubspot.search_index import SearchIndex, Values
from connectors.sandbox.hubspot.timestamps import epoch_ms

# HubSpot's search guide: groups, filters per group, filters in all, page, results reachable, body size.
MAX_GROUPS, MAX_FILTERS, MAX_FILTERS_IN_ALL = 5, 6, 18
MAX_LIMIT, MAX_RESULTS, MAX_BODY = 200, 10_000, 3_000

Linked = Callable[[str, str], Iterable[str]]  # (kind word, record id) → ids of the records linked to it


@dataclass(frozen=True, slots=True)
class Query:
    """A search request, read and checked. sort is (property, descending)."""

    groups: tuple[tuple[Filter, ...], ...]
    words: tuple[str, ...]
    sort: tuple[str, bool] | None
    limit: int
    after: int


def _integer(value: object, name: str) -> int:
    try:
        number = int(str(value))
    except ValueError:
        number = -1
    if number < 0:
        raise invalid(f"{name} must be a whole number, not negative.")
    return number


def _sort(raw: list[Any]) -> tuple[str, bool] | None:
    if not raw:
        return None
    if len(raw) > 1:
        raise invalid("Only one sort is allowed per search request.")
    if isinstance(raw[0], dict):
        return str(raw[0].get("propertyName", "")), raw[0].get("direction") == "DESCENDING"
    name = str(raw[0])
    return name.lstrip("-"), name.startswith("-")


def _groups(raw: list[JsonObject], properties: Properties) -> tuple[tuple[Filter, ...], ...]:
    lists = [objects(group, "filters") for group in raw]
    sizes = [len(filters) for filters in lists]
    if len(sizes) > MAX_GROUPS:
        raise invalid(f"Too many filter groups: {len(sizes)}; the maximum is {MAX_GROUPS}.")
    if max(sizes, default=0) > MAX_FILTERS or sum(sizes) > MAX_FILTERS_IN_ALL:
        raise invalid(
            f"Too many filters; the maximum is {MAX_FILTERS} per group and {MAX_FILTERS_IN_ALL} in all."
        )
    return tuple(tuple(parse_filter(f, properties) for f in filters) for filters in lists)


def parse_query(body: JsonObject, size: int, properties: Properties) -> Query:
    """Read a search request whose body was `size` characters long.

    Raises: ApiError (400) when a limit is passed or a filter is wrong.
    """
    if size > MAX_BODY:
        raise invalid(f"The request body is too long: {size} characters; the maximum is {MAX_BODY}.")
    limit = _integer(body.get("limit") or 10, "limit")
    after = _integer(body.get("after") or 0, "after")
    if limit > MAX_LIMIT:
        raise invalid(f"limit must be at most {MAX_LIMIT}.")
    if after + limit > MAX_RESULTS:
        raise invalid(f"Paging past {MAX_RESULTS} results is not possible.")
    words = text(body, "query").lower().split()
    groups = _groups(objects(body, "filterGroups"), properties)
    return Query(groups, tuple(words), _sort(items(body, "sorts")), limit, after)


def _candidates(group: tuple[Filter, ...], index: SearchIndex, linked: Linked) -> set[str] | None:
    """Ids that pass the filters which can be answered without reading records; None: any."""
    found: set[str] | None = None
    for f in group:
        hits: set[str]
        if association := ASSOCIATION.fullmatch(f.name):
            hits = {one for wanted in f.wanted for one in linked(association[1], wanted)}
        elif f.exact and f.prop is not None and f.prop.type == "string":
            hits = {one for wanted in f.wanted for one in index.holders(f.name, wanted_term(f, wanted))}
        else:
            continue
        found = hits if found is None else found & hits
    return found


def _passes(values: Values, group: tuple[Filter, ...]) -> bool:
    return all(f.prop is None or matches(f, values) for f in group)


def _has_words(values: Values, words: tuple[str, ...], names: tuple[str, ...]) -> bool:
    held = " ".join(values.get(name, "") for name in names).lower()
    return all(word in held for word in words)


def _sort_key(name: str) -> Callable[[tuple[str, Values]], tuple[int, float, str]]:
    def key(item: tuple[str, Values]) -> tuple[int, float, str]:
        value = item[1].get(name, "")
        try:
            return (0, float(epoch_ms(value)), "")
        except ValueError:
            return (1, 0.0, value.lower())

    return key


def run(query: Query, index: SearchIndex, searchable: tuple[str, ...], linked: Linked) -> list[str]:
    """Ids of every matching record, in the order asked for (else by id)."""
    index.refresh()
    found: dict[str, Values] = {}
    for group in query.groups or ((),):
        candidates = _candidates(group, index, linked)
        for record_id in index.documents if candidates is None else candidates:
            values = index.documents.get(record_id)
            if values is not None and _passes(values, group):
                found[record_id] = values
    items = [item for item in found.items() if _has_words(item[1], query.words, searchable)]
    items.sort(key=lambda item: int(item[0]))
    if query.sort is not None:
        items.sort(key=_sort_key(query.sort[0]), reverse=query.sort[1])
    return [record_id for record_id, _ in items]
