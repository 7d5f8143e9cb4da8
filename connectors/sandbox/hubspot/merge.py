"""Merging two records into a new one, and erasing one for good."""

from __future__ import annotations

from connectors.sandbox.hubspot.errors import invalid, not_found
from connectors.sandbox.hubspot.identity import find_by
from connectors.sandbox.hubspot.object_types import CONTACTS, unmergeable
from connectors.sandbox.hubspot.records import Record, Version
from connectors.sandbox.hubspot.state import CrmState, Shelf
from connectors.sandbox.timestamps import iso


def merge(state: CrmState, shelf: Shelf, primary_id: str, other_id: str) -> Record:
    """One record with a new id in place of two; both old ids keep resolving to it.

    The primary's values win, the other fills the gaps; the other's addresses become additional ones.
    Raises: ApiError: 400 for a kind that does not merge or one record twice, 404 for unknown ids.
    """
    if not shelf.kind.mergeable:
        raise unmergeable(shelf.kind)
    primary, other = shelf.records.find(primary_id), shelf.records.find(other_id)
    if primary is None or other is None:
        raise not_found()
    if primary.id == other.id:
        raise invalid("A record cannot be merged with itself.")
    survivor = _survivor(state, shelf, primary, other)
    for absorbed in (primary, other):
        state.remove(shelf, absorbed.id)
        shelf.records.merged_into[absorbed.id] = survivor.id
    state.put(shelf, survivor)
    for absorbed in (primary, other):
        state.associations.move((shelf.kind.name, absorbed.id), (shelf.kind.name, survivor.id))
    return survivor


def _survivor(state: CrmState, shelf: Shelf, primary: Record, other: Record) -> Record:
    now = state.clock()
    record_id = shelf.records.next_id()
    values = {**other.properties, **primary.properties}
    for name in ("hs_merged_object_ids", "hs_calculated_merged_vids"):
        values[name] = _joined(primary.properties.get(name, ""), other.properties.get(name, ""))
    values["hs_merged_object_ids"] = _joined(values["hs_merged_object_ids"], primary.id, other.id)
    stamps = (f"{one.id}:{round(now * 1000)}" for one in (primary, other))
    values["hs_calculated_merged_vids"] = _joined(values["hs_calculated_merged_vids"], *stamps)
    created_at = min(primary.created_at, other.created_at)
    values["hs_object_id"] = record_id
    values[shelf.kind.created_property] = iso(created_at)
    values[shelf.kind.modified_property] = iso(now)
    if shelf.kind is CONTACTS:
        values["hs_additional_emails"] = _other_emails(values.get("email", ""), primary, other)
    values = {name: value for name, value in values.items() if value}
    return Record(record_id, values, created_at, now, versions=(*primary.versions, Version(now, values)))


def _joined(*lists: str) -> str:
    return ";".join(dict.fromkeys(one for text in lists for one in text.split(";") if one))


def _other_emails(kept: str, *records: Record) -> str:
    held = [r.properties.get(name, "") for r in records for name in ("email", "hs_additional_emails")]
    return ";".join(one for one in _joined(*held).split(";") if one != kept)


def erase(state: CrmState, shelf: Shelf, object_id: str, id_property: str | None) -> None:
    """GDPR delete: the record is gone, not archived. Unknown ones: nothing. Raises: ApiError (400)."""
    record_id = find_by(shelf, id_property, object_id)
    if record_id is None:
        return
    state.remove(shelf, record_id)
    state.associations.drop((shelf.kind.name, record_id))
