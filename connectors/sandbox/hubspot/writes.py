"""Creating, changing and archiving one record by HubSpot's rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.sandbox.hubspot.associations import Key, LinkType
from connectors.sandbox.hubspot.body_fields import inner, items, text
from connectors.sandbox.hubspot.calculated import TASK_DEFAULTS, settled, with_calculated
from connectors.sandbox.hubspot.errors import InvalidValues, JsonObject, invalid, not_found
from connectors.sandbox.hubspot.identity import check_unique
from connectors.sandbox.hubspot.object_types import DEALS, OBJECT_TYPES, TASKS, ObjectType
from connectors.sandbox.hubspot.records import Record, Version
from connectors.sandbox.hubspot.state import CrmState, Shelf
from connectors.sandbox.hubspot.values import checked_values
from connectors.sandbox.timestamps import iso


def create(state: CrmState, shelf: Shelf, raw: object, associations: Sequence[JsonObject] = ()) -> Record:
    """Make a record, with its inline associations. Call inside a transaction.

    Raises: ApiError: 400 wrong or missing values, 409 taken email, 404 unknown association target.
    """
    values = {name: value for name, value in checked_values(raw, shelf.properties).items() if value}
    _check_required(shelf.kind, values)
    _check_demanded(state.options.demanded(shelf.kind.name), values)
    if shelf.kind is TASKS:
        values = {**TASK_DEFAULTS, **values}
    _check_references(state, shelf, values, values)
    links = _inline_links(state, shelf.kind, associations)
    # The id is spent before uniqueness is checked: HubSpot's refusal names the half-made record.
    record_id = shelf.records.next_id()
    check_unique(state, shelf, record_id, values, creating=True)
    now = state.clock()
    born = iso(now)
    stamps = {"hs_object_id": record_id, shelf.kind.created_property: values.get("createdate", born)}
    if shelf.kind is DEALS:
        stamps["hs_createdate"] = born
    properties = with_calculated(
        state.pipelines, shelf.kind, {**values, **stamps, shelf.kind.modified_property: born}
    )
    record = Record(record_id, properties, now, now, versions=(Version(now, values),))
    state.put(shelf, record)
    for target, link in links:
        state.associations.link((shelf.kind.name, record_id), target, (link,))
    return record


def update(state: CrmState, shelf: Shelf, record_id: str, raw: object) -> Record:
    """Change a live record ("" clears a value). Call inside a transaction.

    Raises: ApiError: 404 unknown or archived, 400 wrong values or a value somebody else holds.
    """
    record = shelf.records.find(record_id)
    if record is None:
        raise not_found()
    values = checked_values(raw, shelf.properties)
    values = settled(shelf.properties, record.properties, values)
    merged = {name: value for name, value in {**record.properties, **values}.items() if value}
    _check_references(state, shelf, merged, values)
    check_unique(state, shelf, record.id, values, creating=False)
    now = state.clock()
    merged[shelf.kind.modified_property] = iso(now)
    changed = Record(
        record.id,
        with_calculated(state.pipelines, shelf.kind, merged),
        record.created_at,
        now,
        versions=(*record.versions, Version(now, values)),
    )
    state.put(shelf, changed)
    return changed


def archive(state: CrmState, shelf: Shelf, record_id: str) -> None:
    """Put a record away; its links go with it, its unique values are free again. Unknown ids: nothing."""
    record = state.remove(shelf, shelf.records.resolve(record_id))
    if record is None:
        return
    now = state.clock()
    shelf.records.archived[record.id] = Record(
        record.id, record.properties, record.created_at, now, now, record.versions
    )
    state.associations.drop((shelf.kind.name, record.id))


def _check_required(kind: ObjectType, values: Mapping[str, str]) -> None:
    missing = [name for name in kind.required if name not in values]
    if kind.required_one_of and not any(name in values for name in kind.required_one_of):
        missing = list(kind.required_one_of)
    if missing:
        raise invalid(
            f"Error creating {kind.legacy_name}. Some required properties were not set.",
            context={"properties": missing},
        )


def _check_demanded(demanded: frozenset[str], values: Mapping[str, str]) -> None:
    """The account's own rules; on v3 paths HubSpot may not hold them, on those of 2026-09 it does."""
    problems = InvalidValues()
    for name in sorted(demanded - values.keys()):
        problems.add(name, "MISSING_REQUIRED_PROPERTY", f"{name} is required.")
    problems.raise_if_any()


def _check_references(
    state: CrmState, shelf: Shelf, record: Mapping[str, str], written: Mapping[str, str]
) -> None:
    """Owner, pipeline and stage must exist and fit together, as far as this write touches them."""
    problems = InvalidValues()
    owner = written.get("hubspot_owner_id")
    if owner and not state.owners.assignable(owner):
        problems.add("hubspot_owner_id", "INVALID_OWNER_ID", f"Owner {owner} does not exist.")
    if shelf.kind is DEALS and ("dealstage" in written or "pipeline" in written):
        pipeline, stage = record.get("pipeline", ""), record.get("dealstage", "")
        if pipeline not in {p.id for p in state.pipelines.list()}:
            problems.add(
                "pipeline", "INVALID_OPTION", f"{pipeline} was not one of the allowed options: pipelines"
            )
        elif state.pipelines.stage_of(pipeline, stage) is None:
            problems.add(
                "dealstage",
                "INVALID_OPTION",
                f"{stage} was not one of the allowed options: stages of pipeline {pipeline}",
            )
    problems.raise_if_any()


def _inline_links(state: CrmState, kind: ObjectType, raw: Sequence[JsonObject]) -> list[tuple[Key, LinkType]]:
    """The links named in a create: the type id tells which kind the target is."""
    links: list[tuple[Key, LinkType]] = []
    for entry in raw:
        target_id, specs = text(inner(entry, "to"), "id"), items(entry, "types")
        if not target_id or not specs:
            raise invalid("An association needs to.id and at least one type.")
        links.extend(_inline_link(state, kind, target_id, spec) for spec in specs)
    return links


def _inline_link(state: CrmState, kind: ObjectType, target_id: str, spec: Any) -> tuple[Key, LinkType]:
    for target in OBJECT_TYPES:
        for link in state.associations.types(kind, target):
            if link.spec() == spec:
                found = state.shelves[target.name].records.find(target_id)
                if found is None:
                    raise not_found(f"No {target.singular} with id {target_id} exists to associate with.")
                return (target.name, found.id), link
    raise invalid(f"Invalid association type {spec} for {kind.name}.")
