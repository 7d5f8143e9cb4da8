"""A record as the objects API answers it: only the properties that were asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from connectors.sandbox.hubspot.errors import JsonObject
from connectors.sandbox.hubspot.object_types import object_type
from connectors.sandbox.hubspot.records import Record
from connectors.sandbox.hubspot.state import CrmState, Shelf
from connectors.sandbox.timestamps import iso


def record_json(shelf: Shelf, record: Record, names: Sequence[str] = ()) -> JsonObject:
    """The record with the named properties (none: HubSpot's default set) and the three that always come.

    A property that is defined but empty is null, an undefined one is left out.
    """
    kind = shelf.kind
    wanted = (
        (*names, kind.created_property, kind.modified_property, "hs_object_id") if names else kind.defaults
    )
    values = record.properties
    body: JsonObject = {
        "id": record.id,
        "properties": {name: values.get(name) for name in wanted if name in shelf.properties},
        "createdAt": iso(record.created_at),
        "updatedAt": iso(record.updated_at),
        "archived": record.archived_at is not None,
    }
    if record.archived_at is not None:
        body["archivedAt"] = iso(record.archived_at)
    return body


def history_json(record: Record, names: Iterable[str]) -> JsonObject:
    """Property → its values over time, newest first."""
    return {
        name: [
            {"value": v.values[name], "timestamp": iso(v.at), "sourceType": "INTEGRATION"}
            for v in reversed(record.versions)
            if name in v.values
        ]
        for name in names
    }


def associations_json(state: CrmState, shelf: Shelf, record: Record, words: Iterable[str]) -> JsonObject:
    """Kind → {results: [{id, type}]} for each asked kind that has links. Raises: ApiError (400)."""
    found: JsonObject = {}
    for word in words:
        target = object_type(word)
        linked = state.associations.of((shelf.kind.name, record.id), target.name)
        relation = f"{shelf.kind.singular}_to_{target.singular}"
        if linked:
            found[target.name] = {"results": [{"id": one, "type": relation} for one in linked]}
    return found
