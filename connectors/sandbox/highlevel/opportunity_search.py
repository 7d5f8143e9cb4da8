"""Finding opportunities: GET with snake_case names in the query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.errors import invalid
from connectors.sandbox.highlevel.filters import moment_ms
from connectors.sandbox.highlevel.state import LocationState

PARAMETERS = (
    *("location_id", "q", "pipeline_id", "pipeline_stage_id", "contact_id", "status", "assigned_to"),
    *("campaignId", "id", "order", "date", "endDate", "startAfter", "startAfterId", "country"),
    *("page", "limit", "getTasks", "getNotes", "getCalendarEvents"),
)
_STATUSES = ("open", "won", "lost", "abandoned", "all")
_EXACT = {
    "pipeline_id": "pipelineId",
    "pipeline_stage_id": "pipelineStageId",
    "contact_id": "contactId",
    "assigned_to": "assignedTo",
    "id": "id",
}
_DAY_MS = 86_400_000
MOST, USUAL = 100, 20


@dataclass(frozen=True, slots=True)
class Found:
    """One page. total counts all that match; following says where to go on, None at the end."""

    rows: list[JsonObject]
    total: int
    page: int
    following: tuple[str, int] | None  # id and creation (epoch milliseconds) of the page's last


def search(state: LocationState, query: Mapping[str, str]) -> Found:
    """The newest first. What was written less than the search delay ago is not found.

    Raises: ApiError (422).
    """
    _check(query)
    state.opportunity_index.refresh()
    matching = [row for row in _candidates(state, query) if _matches(row, query)]
    matching.sort(key=_place, reverse=True)
    limit, page = int(query.get("limit") or USUAL), int(query.get("page") or 1)
    if query.get("startAfterId"):
        last = (int(query.get("startAfter") or 0), query["startAfterId"])
        left = [row for row in matching if _place(row) < last]
    else:
        left = matching[(page - 1) * limit :]
    rows = left[:limit]
    more = len(left) > limit
    following = (rows[-1]["id"], moment_ms(rows[-1]["createdAt"])) if more else None
    return Found(rows, len(matching), page, following)


def _place(row: JsonObject) -> tuple[int, str]:
    return moment_ms(row["createdAt"]), row["id"]


def _check(query: Mapping[str, str]) -> None:
    wrong = []
    if query.get("status", "all") not in _STATUSES:
        wrong.append(f"status must be one of the following values: {', '.join(_STATUSES)}")
    for name, most in (("limit", MOST), ("page", 10_000), ("startAfter", 10**15)):
        text = query.get(name) or "1"
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
            wrong.append(f"{name} must be a number between 1 and {most}")
    for name in ("date", "endDate"):
        if query.get(name) and _day_ms(query[name]) is None:
            wrong.append(f"{name} must be in the form mm-dd-yyyy")
    if wrong:
        raise invalid(*wrong)


def _day_ms(text: str) -> int | None:
    try:
        return int(datetime.strptime(text, "%m-%d-%Y").replace(tzinfo=UTC).timestamp() * 1000)
    except ValueError:
        return None


def _candidates(state: LocationState, query: Mapping[str, str]) -> Iterator[JsonObject]:
    documents = state.opportunity_index.documents
    for name in ("id", "contact_id"):
        if query.get(name):
            ids = state.opportunity_index.holders(_EXACT[name], query[name])
            yield from (documents[one] for one in ids)
            return
    yield from documents.values()


def _matches(row: JsonObject, query: Mapping[str, str]) -> bool:
    if any(query.get(name) and row.get(key) != query[name] for name, key in _EXACT.items()):
        return False
    if query.get("status", "all") not in ("all", row["status"]):
        return False
    made, first, last = moment_ms(row["createdAt"]), query.get("date"), query.get("endDate")
    if first and made < (_day_ms(first) or 0):
        return False
    if last and made >= (_day_ms(last) or 0) + _DAY_MS:
        return False
    contact = row["contact"]
    words = f"{row['name']} {contact['name']} {contact['email']} {contact['phone']}".lower()
    return query.get("q", "").lower() in words
