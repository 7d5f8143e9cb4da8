"""Following a field path from a row: its own fields, and those of its parents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.salesforce.derived import read
from connectors.sandbox.salesforce.fields import Field
from connectors.sandbox.salesforce.records import Row
from connectors.sandbox.salesforce.soql.refusals import no_field, no_relation
from connectors.sandbox.salesforce.soql.syntax import Path
from connectors.sandbox.salesforce.soql.world import World
from connectors.sandbox.salesforce.views import View

# What can be asked of a parent that may be of several kinds (the pseudo object "Name").
_NAME_FIELDS = {
    name.lower(): Field(name, name, "boolean" if name == "IsActive" else kind)
    for name, kind in {
        "Id": "id",
        "Name": "string",
        "FirstName": "string",
        "LastName": "string",
        "Email": "email",
        "Phone": "phone",
        "Title": "string",
        "Type": "string",
        "IsActive": "boolean",
        "Username": "string",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Column:
    """A path that was understood: the lookups on the way, the field at its end, how to read it."""

    hops: tuple[Field, ...]
    field: Field
    value: Callable[[Row], Any]


def resolve(world: World, text: str, view: View, path: Path) -> Column:
    """The column that a path names. Raises: ApiError (400 INVALID_FIELD)."""
    hops: list[Field] = []
    current: View | None = view
    for name in path.parts[:-1]:
        lookup = current.relation(name) if current else None
        if lookup is None:
            # "Lead.Email" or an alias: a first part that names the object itself is passed over.
            if not hops and name.lower() == view.kind.name.lower():
                continue
            raise no_relation(text, path.at, name, view.kind.name)
        hops.append(lookup)
        target = None if lookup.polymorphic else world.target(lookup.reference_to[0])
        current = world.view(target) if target else None
    last = path.parts[-1]
    field = current.find(last) if current else _NAME_FIELDS.get(last.lower())
    if field is None:
        raise no_field(text, path.at, last, current.kind.name if current else "Name")
    return Column(tuple(hops), field, _reader(world, tuple(hops), field))


def _reader(world: World, hops: tuple[Field, ...], field: Field) -> Callable[[Row], Any]:
    name = field.name
    if not hops:
        if field.type == "address":
            return lambda row: read(row, field)
        return lambda row: row.get(name)

    def follow(row: Row) -> Any:
        kind_name = ""
        for hop in hops:
            key = row.get(hop.name)
            found = world.parent(hop.reference_to, key) if key else None
            if found is None:
                return None
            kind, row = found
            kind_name = kind.name
        if hops[-1].polymorphic and name == "Type":
            return kind_name
        return read(row, field)

    return follow
