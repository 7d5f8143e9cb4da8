"""Records as HubSpot answers them and as it wants them: every value is text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from connectors.crm.base import Uncertain

ObjectType = Literal["contacts", "deals", "tasks"]
KEY = "firstpath_key"
OWNER = "hubspot_owner_id"
# Tasks cannot carry a unique property of ours, so the body names the follow-up on its last line.
MARKER = "Firstpath ref: "
BODY = "hs_task_body"
_MARKED = re.compile(re.escape(MARKER) + r"([\w.:-]+)")
# A string property holds 65,536 characters (HubSpot's property documentation).
LONGEST_VALUE = 65_536


#: Stands where only a phone number is known (a text message); what is learnt later replaces it.
PLACEHOLDER = "(not given)"
_NOTHING = (None, "", PLACEHOLDER)
_ONE_OF = ("email", "firstname", "lastname")


@dataclass(frozen=True, slots=True)
class Record:
    """A record as HubSpot answered it; a property without a value is left out."""

    id: str
    properties: Mapping[str, str]

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Record:
        """The record in one entry of an answer's results.

        Raises Uncertain when the entry says of itself that it is another record.
        """
        values = section(raw.get("properties"))
        present = {name: str(value) for name, value in values.items() if value not in _NOTHING}
        record = cls(str(raw["id"]), present)
        if present.get("hs_object_id", record.id) != record.id:
            raise Uncertain("HubSpot's answer gives one record two different ids.")
        return record


def nameable(properties: Mapping[str, str]) -> dict[str, str]:
    """The properties of a new contact: HubSpot takes none without an email, first or last name."""
    named = any(properties.get(name) for name in _ONE_OF)
    return dict(properties) if named else {**properties, "lastname": PLACEHOLDER}


@dataclass(frozen=True, slots=True)
class Association:
    """A link from a new record to one that stands there: HubSpot's own type, and a label of the account's."""

    to: str
    type_id: int
    label_id: int | None = None

    def as_input(self) -> dict[str, Any]:
        """One entry of a new record's associations."""
        types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": self.type_id}]
        if self.label_id is not None:
            types.append({"associationCategory": "USER_DEFINED", "associationTypeId": self.label_id})
        return {"to": {"id": self.to}, "types": types}


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record to create: its properties, and what it belongs to."""

    properties: Mapping[str, str]
    associations: tuple[Association, ...] = ()

    def as_input(self, trace: str) -> dict[str, Any]:
        """One input of a batch create; the trace id comes back with whatever happened to it."""
        return {
            "properties": fitting(self.properties),
            "associations": [one.as_input() for one in self.associations],
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


def marked(body: str) -> str:
    """The key of the follow-up that a task's body names ("" when it names none); the last marker counts."""
    found = _MARKED.findall(body)
    return found[-1] if found else ""


def section(value: object) -> dict[str, Any]:
    """An object inside a JSON answer, whatever else came instead."""
    return value if isinstance(value, dict) else {}


def fitting(properties: Mapping[str, str]) -> dict[str, str]:
    """Values cut to what a property holds: a cut text helps the owner more than a refused record."""
    return {
        name: value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
        for name, value in properties.items()
    }
