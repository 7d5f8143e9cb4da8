"""What the sub-account holds, readable for tests, demonstrations and /_sandbox/state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.contact import Contact
from connectors.sandbox.highlevel.custom_fields import CustomFields
from connectors.sandbox.highlevel.opportunity import Opportunity
from connectors.sandbox.options import OptionsError

if TYPE_CHECKING:
    from connectors.sandbox.highlevel.state import LocationState

KINDS = ("contacts", "opportunities", "tasks", "notes")


def counts(state: LocationState) -> dict[str, int]:
    """Live records per kind."""
    return {kind: len(_live(state, kind)) for kind in KINDS}


def records(state: LocationState, kind: str) -> dict[str, JsonObject]:
    """Id → record, custom fields by key. Raises: OptionsError for an unknown kind."""
    return {one_id: _readable(state, one) for one_id, one in _live(state, kind).items()}


def linked(state: LocationState, kind: str, record_id: str, to: str) -> list[str]:
    """Ids of the live `to` records that belong to a record. Raises: OptionsError for an unknown kind."""
    one = _live(state, kind)[record_id]
    contact_id = record_id if kind == "contacts" else one.contact_id
    if to == "contacts":
        return [contact_id]
    return [found.id for found in _live(state, to).values() if found.contact_id == contact_id]


def snapshot(state: LocationState, kind: str | None) -> JsonObject:
    """Kind → every record with its links. Raises: OptionsError for an unknown kind."""
    makers = _makers(state)
    if kind is not None and kind not in makers:
        raise OptionsError(f"type must be one of {', '.join(makers)}.")
    return {name: make() for name, make in makers.items() if kind in (None, name)}


def _makers(state: LocationState) -> dict[str, Callable[[], list[JsonObject]]]:
    location = state.options.location_id
    return {
        **{kind: lambda kind=kind: _rows(state, kind) for kind in KINDS},  # type: ignore[misc]
        "customFields": lambda: [one.json(location) for one in state.fields.list("all")],
        "pipelines": lambda: [one.json(location) for one in state.pipelines.list()],
        "users": lambda: [one.json() for one in state.users.list()],
        "workflows": lambda: [one.json(location) for one in state.workflows.list()],
        "enrolments": lambda: list(state.workflows.log),
        "triggers": lambda: list(state.triggers),
        "tags": lambda: state.tags.json(location),
    }


def _rows(state: LocationState, kind: str) -> list[JsonObject]:
    others = [other for other in KINDS if other != kind]
    rows = []
    for one_id, row in records(state, kind).items():
        if kind == "contacts":
            row["links"] = {other: linked(state, kind, one_id, other) for other in others}
            row["workflows"] = state.workflows.of(one_id)
        rows.append(row)
    return rows


def _live(state: LocationState, kind: str) -> Mapping[str, Any]:
    stores: dict[str, Mapping[str, Any]] = {
        "contacts": state.contacts.live,
        "opportunities": state.opportunities.live,
        "tasks": state.tasks.live,
        "notes": state.notes.live,
    }
    if kind not in stores:
        raise OptionsError(f"type must be one of {', '.join(KINDS)}.")
    return stores[kind]


def _readable(state: LocationState, one: Any) -> JsonObject:
    location = state.options.location_id
    if isinstance(one, Contact):
        return {**one.json(location), "customFields": _by_key(state.fields, one.custom)}
    if isinstance(one, Opportunity):
        row = one.json(state.contacts.get(one.contact_id), location)
        return {**row, "customFields": _by_key(state.fields, one.custom)}
    shown: JsonObject = one.json()
    return shown


def _by_key(fields: CustomFields, values: Mapping[str, Any]) -> JsonObject:
    keys = {field.id: field.key for field in fields.list("all")}
    return {keys[one]: value for one, value in values.items() if one in keys}
