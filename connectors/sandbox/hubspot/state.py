"""Everything one sandbox account holds, behind one lock, with all-or-nothing changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.hubspot.associations import Associations
from connectors.sandbox.hubspot.errors import JsonObject
from connectors.sandbox.hubspot.grants import Grants
from connectors.sandbox.hubspot.object_types import OBJECT_TYPES, ObjectType, object_type
from connectors.sandbox.hubspot.options import SandboxOptions
from connectors.sandbox.hubspot.owners import Owners
from connectors.sandbox.hubspot.pipelines import Pipelines
from connectors.sandbox.hubspot.properties import Properties
from connectors.sandbox.hubspot.records import Record, Records
from connectors.sandbox.hubspot.search_index import SearchIndex


@dataclass(frozen=True, slots=True)
class Shelf:
    """All there is about one kind of record."""

    kind: ObjectType
    properties: Properties
    records: Records
    index: SearchIndex


class CrmState:
    """The account. Hold `lock` while reading or writing from a thread of your own.

    clock gives epoch seconds; options may be replaced at any time (see `configure`).
    """

    def __init__(self, options: SandboxOptions, clock: Callable[[], float]) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.options = options
        self._undo: list[Callable[[], object]] = []
        self.reset()

    def reset(self) -> None:
        """Back to an account nobody has used: default properties, pipeline and owners."""
        with self.lock:
            now = self.clock()
            self.shelves = {kind.name: self._shelf(kind) for kind in OBJECT_TYPES}
            self.associations = Associations()
            self.pipelines = Pipelines(now)
            self.grants = Grants()
            self.owners = Owners()
            for seed in self.options.owners:
                self.owners.add(seed, now)

    def configure(self, changes: Mapping[str, Any]) -> None:
        """Change options by name. Raises: OptionsError."""
        with self.lock:
            self.options = self.options.changed(changes)

    def _shelf(self, kind: ObjectType) -> Shelf:
        index = SearchIndex(self.clock, lambda: self.options.search_delay)
        return Shelf(kind, Properties(kind.name), Records(kind), index)

    def shelf(self, word: str) -> Shelf:
        """By the word in a path: "contacts", "contact", "0-1". Raises: ApiError (400)."""
        return self.shelves[object_type(word).name]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything written inside is taken back when an exception leaves it."""
        self._undo.clear()
        try:
            yield
        except BaseException:
            for step in reversed(self._undo):
                step()
            raise
        finally:
            self._undo.clear()

    def put(self, shelf: Shelf, record: Record) -> None:
        """Write a live record and let search know."""
        unique = shelf.properties.unique_names
        previous = shelf.records.live.get(record.id)
        shelf.records.put(record, unique)
        shelf.index.schedule(record.id, record.properties)

        def take_back() -> None:
            shelf.index.unschedule()
            if previous is None:
                shelf.records.remove(record.id, unique)
                self.associations.drop((shelf.kind.name, record.id))
            else:
                shelf.records.put(previous, unique)

        self._undo.append(take_back)

    def remove(self, shelf: Shelf, record_id: str) -> Record | None:
        """Take a live record out of lists, search and uniqueness."""
        record = shelf.records.remove(record_id, shelf.properties.unique_names)
        shelf.index.remove(record_id)
        return record

    def records(self, word: str) -> dict[str, dict[str, str]]:
        """Record id → properties of every live record of a kind: for tests and demos."""
        with self.lock:
            return {r.id: dict(r.properties) for r in self.shelf(word).records.live.values()}

    def linked(self, word: str, record_id: str, to: str) -> list[str]:
        """Ids of the live `to` records associated with a record."""
        with self.lock:
            return list(self.associations.of((object_type(word).name, record_id), object_type(to).name))

    def counts(self) -> dict[str, int]:
        """Live records per kind."""
        with self.lock:
            return {name: len(shelf.records.live) for name, shelf in self.shelves.items()}

    def snapshot(self, word: str | None = None) -> dict[str, list[JsonObject]]:
        """Every record with its properties and associations, archived ones marked."""
        with self.lock:
            shelves = [self.shelf(word)] if word else list(self.shelves.values())
            return {shelf.kind.name: [self._row(shelf, r) for r in _all(shelf)] for shelf in shelves}

    def _row(self, shelf: Shelf, record: Record) -> JsonObject:
        row: dict[str, Any] = {
            "id": record.id,
            "properties": dict(record.properties),
            "associations": self.associations.summary((shelf.kind.name, record.id)),
        }
        if record.archived_at is not None:
            row["archived"] = True
        return row


def _all(shelf: Shelf) -> Iterator[Record]:
    yield from shelf.records.live.values()
    yield from shelf.records.archived.values()
