"""Records as HubSpot answers them and as it wants them: every value is text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

ObjectType = Literal["contacts", "deals", "tasks"]
KEY = "firstpath_key"
# A string property holds 65,536 characters (HubSpot's property documentation).
LONGEST_VALUE = 65_536


@dataclass(frozen=True, slots=True)
class Record:
    """A record as HubSpot answered it; a property without a value is left out."""

    id: str
    properties: Mapping[str, str]

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Record:
        """The record in one entry of an answer's results."""
        values = raw.get("properties") or {}
        present = {name: str(value) for name, value in values.items() if value not in (None, "")}
        return cls(str(raw["id"]), present)


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record to create: property name → value, and (association type id, id of the other record) pairs."""

    properties: Mapping[str, str]
    associations: tuple[tuple[int, str], ...] = ()

    def as_input(self, trace: str) -> dict[str, Any]:
        """One input of a batch create; the trace id comes back with whatever happened to it."""
        return {
            "properties": fitting(self.properties),
            "associations": [_association(type_id, to) for type_id, to in self.associations],
            "objectWriteTraceId": trace,
        }


def chunks(items: Iterable[str], size: int) -> Iterator[list[str]]:
    """The items in lists of at most size."""
    rest = list(items)
    for start in range(0, len(rest), size):
        yield rest[start : start + size]


def dicts(value: object) -> list[dict[str, Any]]:
    """The objects of a JSON list, whatever else came instead."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def fitting(properties: Mapping[str, str]) -> dict[str, str]:
    """Values cut to what a property holds: a cut text helps the owner more than a refused record."""
    return {
        name: value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
        for name, value in properties.items()
    }


def _association(type_id: int, to: str) -> dict[str, Any]:
    kind = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}
    return {"to": {"id": to}, "types": [kind]}
