"""Showing the rows that a query found: the chosen fields, nested parents, child rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.salesforce.derived import read
from connectors.sandbox.salesforce.fields import Field
from connectors.sandbox.salesforce.records import Row
from connectors.sandbox.salesforce.soql.paths import Column
from connectors.sandbox.salesforce.soql.world import World

Children = Callable[[Row], JsonObject | None]


class Selection:
    """Turns rows of one object into JSON."""

    def __init__(
        self,
        world: World,
        object_name: str,
        columns: list[Column],
        children: dict[str, Children],
        tooling: bool,
    ) -> None:
        self._world = world
        self._name = object_name
        self._columns = columns
        self._children = children
        self._base = f"{world.caller.base}/tooling/sobjects" if tooling else f"{world.caller.base}/sobjects"

    def json(self, row: Row) -> JsonObject:
        """One record of an answer."""
        shown = self._record(self._name, self._name, row)
        for column in self._columns:
            if column.hops:
                self._nest(shown, row, column)
            else:
                shown[column.field.name] = read(row, column.field)
        for name, rows in self._children.items():
            shown[name] = rows(row)
        return shown

    def _record(self, type_name: str, object_name: str, row: Row) -> JsonObject:
        return {"attributes": {"type": type_name, "url": f"{self._base}/{object_name}/{row['Id']}"}}

    def _nest(self, shown: JsonObject, row: Row, column: Column) -> None:
        """Put a parent's field into the parent's own object, which is null when there is no parent."""
        target = shown
        for hop in column.hops:
            name = str(hop.relationship)
            key = row.get(hop.name)
            found = self._world.parent(hop.reference_to, key) if key else None
            if found is None:
                target.setdefault(name, None)
                return
            kind, row = found
            if target.get(name) is None:
                type_name = "Name" if hop.polymorphic else kind.name
                target[name] = self._record(type_name, kind.name, row)
            target = target[name]
        target[column.field.name] = self._last(column, row)

    def _last(self, column: Column, row: Row) -> Any:
        field: Field = column.field
        if column.hops[-1].polymorphic and field.name == "Type":
            kind = self._world.parent(column.hops[-1].reference_to, row["Id"])
            return kind[0].name if kind else None
        return read(row, field)
