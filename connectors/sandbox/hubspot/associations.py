"""Who belongs to whom: typed links between records, kept in both directions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from connectors.sandbox.hubspot.body_fields import text, whole
from connectors.sandbox.hubspot.errors import JsonObject, invalid
from connectors.sandbox.hubspot.object_types import ObjectType

HUBSPOT_DEFINED = "HUBSPOT_DEFINED"
USER_DEFINED = "USER_DEFINED"
FIRST_LABEL_ID = 101

# The unlabeled type id of each pair, from the associations guide; the two same-kind ones are from memory.
DEFAULT_TYPE = {
    ("tasks", "contacts"): 204,
    ("contacts", "tasks"): 203,
    ("tasks", "deals"): 216,
    ("deals", "tasks"): 215,
    ("deals", "contacts"): 3,
    ("contacts", "deals"): 4,
    ("notes", "contacts"): 202,
    ("contacts", "notes"): 201,
    ("notes", "deals"): 214,
    ("deals", "notes"): 213,
    ("contacts", "contacts"): 449,
    ("deals", "deals"): 451,
}


@dataclass(frozen=True, slots=True)
class LinkType:
    """One meaning a link can have, seen from one side. label is "" for the unlabeled one."""

    category: str
    type_id: int
    label: str = ""

    def spec(self) -> JsonObject:
        """As association requests and answers name it."""
        return {"associationCategory": self.category, "associationTypeId": self.type_id}

    def with_label(self) -> JsonObject:
        """As association lists name it."""
        return {"category": self.category, "typeId": self.type_id, "label": self.label or None}


Key = tuple[str, str]  # (kind name, record id)


class Associations:
    """All links of the account. A labeled link always implies the unlabeled one, as in HubSpot."""

    def __init__(self) -> None:
        self._links: dict[Key, dict[str, dict[str, set[LinkType]]]] = {}
        self._types: dict[tuple[str, str], dict[tuple[str, int], LinkType]] = {
            pair: {(HUBSPOT_DEFINED, type_id): LinkType(HUBSPOT_DEFINED, type_id)}
            for pair, type_id in DEFAULT_TYPE.items()
        }
        self._inverse: dict[tuple[str, str, int], LinkType] = {}
        self._next_label = FIRST_LABEL_ID

    def default(self, source: ObjectType, target: ObjectType) -> LinkType:
        """The unlabeled type of a pair. Raises: ApiError (400) when the pair cannot be linked."""
        type_id = DEFAULT_TYPE.get((source.name, target.name))
        if type_id is None:
            raise invalid(f"No association type exists between {source.name} and {target.name}.")
        return LinkType(HUBSPOT_DEFINED, type_id)

    def typed(self, source: ObjectType, target: ObjectType, spec: object) -> LinkType:
        """The type that a request names. Raises: ApiError (400) when the pair has no such type."""
        known = self._types.get((source.name, target.name), {})
        if isinstance(spec, dict):
            key = (text(spec, "associationCategory"), whole(spec, "associationTypeId", 0))
            if key in known:
                return known[key]
        raise invalid(
            f"Invalid association type {spec} between {source.name} and {target.name}; "
            f"known are {sorted(type_id for _, type_id in known)}."
        )

    def types(self, source: ObjectType, target: ObjectType) -> list[LinkType]:
        """Every type of a pair, the unlabeled one first."""
        return list(self._types.get((source.name, target.name), {}).values())

    def add_label(self, source: ObjectType, target: ObjectType, label: str, inverse: str) -> list[LinkType]:
        """Define a label; inverse is its name from the other side ("": the same). Raises: ApiError (400)."""
        self.default(source, target)
        if any(t.label == label for t in self.types(source, target)):
            raise invalid(f"An association label '{label}' already exists.")
        forth = LinkType(USER_DEFINED, self._next_label, label)
        back = LinkType(USER_DEFINED, self._next_label + 1, inverse or label)
        self._next_label += 2
        for near, far, one, other in ((source, target, forth, back), (target, source, back, forth)):
            self._types[near.name, far.name][one.category, one.type_id] = one
            self._inverse[near.name, far.name, one.type_id] = other
        return [forth, back]

    def _other_side(self, source: str, target: str, link: LinkType) -> LinkType:
        if link.category == HUBSPOT_DEFINED:
            return LinkType(HUBSPOT_DEFINED, DEFAULT_TYPE[target, source])
        return self._inverse[source, target, link.type_id]

    def link(self, source: Key, target: Key, links: Iterable[LinkType]) -> None:
        """Tie two records together; repeating changes nothing."""
        for one in (LinkType(HUBSPOT_DEFINED, DEFAULT_TYPE[source[0], target[0]]), *links):
            other = self._other_side(source[0], target[0], one)
            for near, far, kind in ((source, target, one), (target, source, other)):
                here = self._links.setdefault(near, {}).setdefault(far[0], {})
                here.setdefault(far[1], set()).add(kind)

    def unlink(self, source: Key, target: Key, links: Iterable[LinkType] | None = None) -> None:
        """Remove the named types between two records, or (None) everything."""
        present = self._links.get(source, {}).get(target[0], {}).get(target[1])
        if present is None:
            return
        gone = set(present) if links is None else present & set(links)
        back = {self._other_side(source[0], target[0], kind) for kind in gone}
        for near, far, kinds in ((source, target, gone), (target, source, back)):
            there = self._links[near][far[0]]
            there[far[1]] -= kinds
            if not there[far[1]]:
                del there[far[1]]

    def of(self, source: Key, target: str) -> dict[str, set[LinkType]]:
        """Linked record id → link types, for records of kind `target`, oldest link first."""
        return self._links.get(source, {}).get(target, {})

    def drop(self, source: Key) -> None:
        """Forget every link of a record."""
        for target, far in list(self._links.get(source, {}).items()):
            for record_id in list(far):
                self.unlink(source, (target, record_id))
        self._links.pop(source, None)

    def move(self, source: Key, survivor: Key) -> None:
        """Give every link of a record to another of the same kind (merge)."""
        for target, far in list(self._links.get(source, {}).items()):
            for record_id, links in list(far.items()):
                if (target, record_id) != survivor:
                    self.link(survivor, (target, record_id), links)
        self.drop(source)

    def summary(self, source: Key) -> dict[str, list[str]]:
        """Kind name → linked ids, for reading the state as a whole."""
        return {target: list(far) for target, far in self._links.get(source, {}).items() if far}
