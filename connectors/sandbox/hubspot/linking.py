"""Associating records by request: finds both ends and the types, and words what was done."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.hubspot.associations import Key, LinkType
from connectors.sandbox.hubspot.errors import JsonObject, invalid, not_found
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.state import CrmState

Pair = tuple[ObjectType, ObjectType]
Ends = tuple[str, str]


def live_key(state: CrmState, kind: ObjectType, record_id: str) -> Key:
    """The live record behind an id, merges followed. Raises: ApiError (404)."""
    record = state.shelves[kind.name].records.find(record_id)
    if record is None:
        raise not_found(f"No {kind.singular} with id {record_id} exists.")
    return kind.name, record.id


def link_types(state: CrmState, pair: Pair, raw: Any) -> list[LinkType]:
    """The types named in a request. Raises: ApiError (400)."""
    if not isinstance(raw, list) or not raw:
        raise invalid("At least one association type is needed.")
    return [state.associations.typed(*pair, spec) for spec in raw]


def link_default(state: CrmState, pair: Pair, ends: Ends) -> list[JsonObject]:
    """Make the unlabeled link; one result per direction. Raises: ApiError (400, 404)."""
    forth, back = state.associations.default(*pair), state.associations.default(pair[1], pair[0])
    near, far = live_key(state, pair[0], ends[0]), live_key(state, pair[1], ends[1])
    state.associations.link(near, far, ())
    return [_direction(near, far, forth), _direction(far, near, back)]


def _direction(source: Key, target: Key, link: LinkType) -> JsonObject:
    return {"from": {"id": source[1]}, "to": {"id": target[1]}, "associationSpec": link.spec()}


def link_typed(state: CrmState, pair: Pair, ends: Ends, raw: Any) -> JsonObject:
    """Make links of the named types. Raises: ApiError (400, 404)."""
    links = link_types(state, pair, raw)
    near, far = live_key(state, pair[0], ends[0]), live_key(state, pair[1], ends[1])
    state.associations.link(near, far, links)
    return {
        "fromObjectTypeId": pair[0].type_id,
        "fromObjectId": near[1],
        "toObjectTypeId": pair[1].type_id,
        "toObjectId": far[1],
        "labels": [link.label for link in links if link.label],
    }


def linked(state: CrmState, key: Key, target: ObjectType) -> list[JsonObject]:
    """Everything of one kind that a record is linked to, with the types of each link."""
    return [
        {
            "toObjectId": record_id,
            "associationTypes": [
                link.with_label() for link in sorted(links, key=lambda one: (one.category, one.type_id))
            ],
        }
        for record_id, links in state.associations.of(key, target.name).items()
    ]
