"""Loading people and records into an account from JSON, for demonstrations and tests."""

from __future__ import annotations

from connectors.sandbox.hubspot.body_fields import inner, objects, text, truth
from connectors.sandbox.hubspot.errors import JsonObject
from connectors.sandbox.hubspot.object_types import OBJECT_TYPES
from connectors.sandbox.hubspot.options import OptionsError
from connectors.sandbox.hubspot.owners import OwnerSeed
from connectors.sandbox.hubspot.state import CrmState
from connectors.sandbox.hubspot.writes import create

_OWNER_KEYS = ("email", "firstName", "lastName", "active")


def load_seed(state: CrmState, document: JsonObject) -> dict[str, list[str]]:
    """Load {"owners": [...], "properties": {kind: [...]}, "contacts": [...], "deals": [...], ...}.

    A record is an object of properties, or {"properties": {...}, "associations": [...]} as in a create. All
    or nothing for the records. Searchable at once. Returns the new ids per section.
    Raises: OptionsError for an unknown section, ApiError for a record that HubSpot would refuse.
    """
    sections = {"owners", "properties", *(kind.name for kind in OBJECT_TYPES)}
    unknown = document.keys() - sections
    if unknown:
        raise OptionsError(f"Unknown seed section {min(unknown)!r}; known are {', '.join(sorted(sections))}.")
    with state.lock:
        made = {"owners": [_owner(state, raw) for raw in objects(document, "owners")]}
        wanted = inner(document, "properties")
        for word in wanted:
            for definition in objects(wanted, word):
                state.shelf(word).properties.create(definition, state.clock())
        with state.transaction():
            for kind in OBJECT_TYPES:
                made[kind.name] = [_record(state, kind.name, raw) for raw in objects(document, kind.name)]
        for shelf in state.shelves.values():
            shelf.index.refresh(everything=True)
    return {section: ids for section, ids in made.items() if ids}


def _owner(state: CrmState, raw: JsonObject) -> str:
    if not text(raw, "email") or raw.keys() - set(_OWNER_KEYS):
        raise OptionsError(f"An owner needs an email and may have {', '.join(_OWNER_KEYS)}.")
    seed = OwnerSeed(
        email=raw["email"],
        first_name=text(raw, "firstName"),
        last_name=text(raw, "lastName"),
        active=truth(raw, "active", True),
    )
    return state.owners.add(seed, state.clock()).id


def _record(state: CrmState, word: str, raw: JsonObject) -> str:
    full = raw if isinstance(raw.get("properties"), dict) else {"properties": raw}
    return create(state, state.shelf(word), full["properties"], objects(full, "associations")).id
