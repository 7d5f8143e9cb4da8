"""What a query runs over: the records of the org, as one caller sees them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from connectors.sandbox.salesforce.callers import Caller
from connectors.sandbox.salesforce.objects import SObject
from connectors.sandbox.salesforce.records import Records, Row
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.views import View


class World(Protocol):
    """Objects by name, their rows, and the row that a lookup leads to."""

    caller: Caller

    def kind(self, name: str) -> SObject | None:
        """The object of this name."""

    def view(self, kind: SObject) -> View:
        """What the caller sees of it."""

    def rows(self, kind: SObject, *, everything: bool) -> Iterable[Row]:
        """Its rows; with everything those in the recycle bin too."""

    def table(self, kind: SObject) -> Records | None:
        """Its records with their indexes, if it has any."""

    def target(self, name: str) -> SObject | None:
        """The object that a lookup points at, by its name."""

    def parent(self, names: tuple[str, ...], key: str) -> tuple[SObject, Row] | None:
        """The record behind a lookup's value, one of these objects."""

    def today(self) -> float:
        """Epoch seconds now."""


class DataWorld:
    """The business records."""

    def __init__(self, org: OrgState, caller: Caller) -> None:
        self._org = org
        self.caller = caller

    def kind(self, name: str) -> SObject | None:
        """The object of this name."""
        return self._org.schema.find(name)

    def view(self, kind: SObject) -> View:
        """What the caller sees of it."""
        return self._org.views.of(self.caller.user_id, kind)

    def rows(self, kind: SObject, *, everything: bool) -> Iterable[Row]:
        """Its rows; with everything those in the recycle bin too."""
        return self._org.tables[kind.name].rows(everything=everything)

    def table(self, kind: SObject) -> Records | None:
        """Its records with their indexes."""
        return self._org.tables[kind.name]

    def target(self, name: str) -> SObject | None:
        """The object that a lookup points at."""
        return self._org.schema.objects.get(name)

    def parent(self, names: tuple[str, ...], key: str) -> tuple[SObject, Row] | None:
        """The record behind a lookup's value; one that was deleted is not seen."""
        kind = self._org.schema.of_id(key)
        if kind is None or kind.name not in names:
            return None
        row = self._org.tables[kind.name].find(key)
        return (kind, row) if row is not None else None

    def today(self) -> float:
        """Epoch seconds now."""
        return self._org.clock()
