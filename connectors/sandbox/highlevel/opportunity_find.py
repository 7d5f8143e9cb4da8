"""POST /opportunities/search: filters as in the contacts' search."""

from __future__ import annotations

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.errors import invalid
from connectors.sandbox.highlevel.filters import compiled, moment_ms
from connectors.sandbox.highlevel.shapes import Shape, checked
from connectors.sandbox.highlevel.state import LocationState

# The contract asks for everything but filters and sort; only the location is asked for here.
_BODY = Shape(
    {
        "locationId": "text",
        "query": "text",
        "limit": "number",
        "page": "number",
        "searchAfter": "list",
        "additionalDetails": "object",
        "filters": "list",
        "sort": "objects",
    },
    ("locationId",),
)
_ALIASES = {
    "pipeline_id": "pipelineId",
    "pipeline_stage_id": "pipelineStageId",
    "contact_id": "contactId",
    "assigned_to": "assignedTo",
    "status": "status",
    "id": "id",
    "name": "name",
    "source": "source",
    "date_added": "createdAt",
    "date_updated": "updatedAt",
}
_FIELDS = frozenset({*_ALIASES.values()})
MOST, USUAL = 500, 20


def find(state: LocationState, body: object) -> tuple[list[JsonObject], int]:
    """One page, the newest first, and the number of all that match. Raises: ApiError (422)."""
    wanted = checked(body, _BODY)
    limit = int(wanted.get("limit", USUAL))
    if not 1 <= limit <= MOST:
        raise invalid(f"limit must not be greater than {MOST}")
    test = compiled([_renamed(one) for one in wanted.get("filters", [])], _is_field)
    words = wanted.get("query", "").lower()
    state.opportunity_index.refresh()
    rows = [
        row
        for row in state.opportunity_index.documents.values()
        if test(row) and words in f"{row['name']} {row['contact']['name']}".lower()
    ]
    rows.sort(key=lambda row: (moment_ms(row["createdAt"]), row["id"]), reverse=True)
    first = max(int(wanted.get("page", 1)) - 1, 0) * limit
    return rows[first : first + limit], len(rows)


def _is_field(name: str) -> bool:
    return name in _FIELDS or name.startswith("customFields.")


def _renamed(raw: object) -> object:
    """A filter with the name of the answer's field instead of the query's."""
    if not isinstance(raw, dict):
        return raw
    if isinstance(raw.get("filters"), list):
        return {**raw, "filters": [_renamed(one) for one in raw["filters"]]}
    field = raw.get("field")
    return {**raw, "field": _ALIASES.get(field, field)} if isinstance(field, str) else raw
