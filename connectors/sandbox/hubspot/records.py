"""The records of one kind: by id, by unique value, and in the order they were made."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from connectors.sandbox.hubspot.object_types import ObjectType


@dataclass(frozen=True, slots=True)
class Version:
    """What one write set: epoch seconds and the stored values ("" = cleared)."""

    at: float
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Record:
    """One record. properties never holds an empty value. Times are epoch seconds."""

    id: str
    properties: Mapping[str, str]
    created_at: float
    updated_at: float
    archived_at: float | None = None
    versions: tuple[Version, ...] = ()


def identities(record: Record, unique_names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(property, value) pairs that no other live record may hold; a secondary email counts as an email."""
    properties = record.properties
    if address := properties.get("email"):
        yield "email", address
    for secondary in properties.get("hs_additional_emails", "").split(";"):
        if secondary:
            yield "email", secondary
    for name in unique_names:
        if value := properties.get(name):
            yield name, value


class Records:
    """Live and archived records of one kind, and where merged ones went."""

    def __init__(self, kind: ObjectType) -> None:
        self.kind = kind
        self.live: dict[str, Record] = {}
        self.archived: dict[str, Record] = {}
        self.merged_into: dict[str, str] = {}
        self._holders: dict[tuple[str, str], str] = {}
        self._order: list[int] = []
        self._last_id = kind.first_id - 1

    def next_id(self) -> str:
        """A fresh id; ids are numbers in a string and only grow."""
        self._last_id += 1
        return str(self._last_id)

    def resolve(self, record_id: str) -> str:
        """The id of the survivor when the record was merged away, else the same id."""
        while record_id in self.merged_into:
            record_id = self.merged_into[record_id]
        return record_id

    def find(self, record_id: str) -> Record | None:
        """The live record behind an id, merges followed."""
        return self.live.get(self.resolve(record_id))

    def holder(self, name: str, value: str) -> str | None:
        """The id of the live record that holds this unique value (for "email": also as a secondary one)."""
        return self._holders.get((name, value))

    def put(self, record: Record, unique_names: Iterable[str]) -> None:
        """Store a live record, replacing its earlier state."""
        previous = self.live.get(record.id)
        if previous is not None:
            for key in identities(previous, unique_names):
                self._holders.pop(key, None)
        elif not self._order or int(record.id) > self._order[-1]:
            self._order.append(int(record.id))
        self.live[record.id] = record
        for key in identities(record, unique_names):
            self._holders[key] = record.id

    def remove(self, record_id: str, unique_names: Iterable[str]) -> Record | None:
        """Take a live record out, and free its unique values."""
        record = self.live.pop(record_id, None)
        if record is not None:
            for key in identities(record, unique_names):
                if self._holders.get(key) == record_id:
                    del self._holders[key]
        return record

    def page(self, after: int, limit: int, *, archived: bool) -> tuple[list[Record], str | None]:
        """Up to `limit` records with an id above `after`, and the `after` of the next page (None: last)."""
        shelf = self.archived if archived else self.live
        start = bisect_right(self._order, after)
        found: list[Record] = []
        for position in range(start, len(self._order)):
            record = shelf.get(str(self._order[position]))
            if record is None:
                continue
            if len(found) == limit:
                return found, found[-1].id
            found.append(record)
        return found, None
