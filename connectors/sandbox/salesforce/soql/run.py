"""Answering a query: find the rows, order them, show what was selected."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.salesforce.objects import ChildRelationship, SObject
from connectors.sandbox.salesforce.records import Row, index_key
from connectors.sandbox.salesforce.soql.candidates import Candidates
from connectors.sandbox.salesforce.soql.conditions import Conditions
from connectors.sandbox.salesforce.soql.parser import parse
from connectors.sandbox.salesforce.soql.paths import Column, resolve
from connectors.sandbox.salesforce.soql.refusals import no_object, no_relation, unfit
from connectors.sandbox.salesforce.soql.selection import Children, Selection
from connectors.sandbox.salesforce.soql.syntax import Condition, Order, Statement
from connectors.sandbox.salesforce.soql.world import World
from connectors.sandbox.salesforce.views import View

Relations = Callable[[str], tuple[ChildRelationship, ...]]


@dataclass(frozen=True, slots=True)
class Result:
    """The records of an answer, all pages; counted is set for COUNT() instead."""

    records: list[JsonObject]
    counted: int | None = None


class Query:
    """One query over one world. relations gives the children of an object, for sub-queries of the list."""

    def __init__(
        self,
        world: World,
        text: str,
        relations: Relations,
        *,
        everything: bool = False,
        tooling: bool = False,
    ) -> None:
        self._world = world
        self._text = text
        self._relations = relations
        self._everything = everything
        self._tooling = tooling

    def result(self, check: Callable[[Statement, list[Row]], None] | None = None) -> Result:
        """The answer. check may refuse what was found. Raises: ApiError (400)."""
        statement = parse(self._text)
        kind = self._kind(statement)
        view = self._world.view(kind)
        rows = self._rows(statement, kind, view)
        if check is not None:
            check(statement, rows)
        if statement.counting == "()":
            return Result([], len(rows))
        if statement.counting:
            return Result([self._aggregate(statement, view, rows)])
        selection = self._selection(statement, kind, view)
        return Result([selection.json(row) for row in rows])

    def _kind(self, statement: Statement) -> SObject:
        kind = self._world.kind(statement.source)
        if kind is None:
            raise no_object(self._text, statement.source_at, statement.source)
        return kind

    def _rows(self, statement: Statement, kind: SObject, view: View) -> list[Row]:
        return self._fitting(statement, view, self._candidates(statement.where, kind, view))

    def _fitting(self, statement: Statement, view: View, found: Iterable[Row]) -> list[Row]:
        """Those of the rows that pass the condition, ordered and cut to the limit."""
        if statement.where is not None:
            conditions = Conditions(self._world, self._text, view, self._first_column)
            test = conditions.test(statement.where)
            found = [row for row in found if test(row)]
        rows = self._ordered(list(found), statement.order, view)
        end = None if statement.limit is None else statement.offset + statement.limit
        return rows[statement.offset : end]

    def _candidates(self, where: Condition | None, kind: SObject, view: View) -> Iterable[Row]:
        table = self._world.table(kind)
        if table is None or where is None:
            return self._world.rows(kind, everything=self._everything)
        ids = Candidates(view, table, self._text, self._world.today()).ids(where)
        if ids is None:
            return self._world.rows(kind, everything=self._everything)
        live = [table.live[one] for one in sorted(ids) if one in table.live]
        return [*live, *table.bin.values()] if self._everything else live

    def _ordered(self, rows: list[Row], order: tuple[Order, ...], view: View) -> list[Row]:
        for key in reversed(order):
            column = resolve(self._world, self._text, view, key.path)
            if not column.field.sortable:
                message = f"field '{column.field.name}' can not be sorted in a query call"
                raise unfit(self._text, key.path.at, message)
            full = [row for row in rows if column.value(row) is not None]
            empty = [row for row in rows if column.value(row) is None]
            full.sort(key=_sort_key(column), reverse=key.descending)
            rows = [*full, *empty] if key.nulls_last else [*empty, *full]
        return rows

    def _first_column(self, statement: Statement) -> set[Any]:
        """The values of a nested query's first column."""
        kind = self._kind(statement)
        view = self._world.view(kind)
        column = resolve(self._world, self._text, view, statement.fields[0])
        return {column.value(row) for row in self._rows(statement, kind, view)}

    def _aggregate(self, statement: Statement, view: View, rows: list[Row]) -> JsonObject:
        field = view.find(statement.counting)
        if field is None:
            raise unfit(self._text, 0, f"No such column '{statement.counting}' on entity '{view.kind.name}'")
        count = sum(row.get(field.name) is not None for row in rows)
        return {"attributes": {"type": "AggregateResult"}, "expr0": count}

    def _selection(self, statement: Statement, kind: SObject, view: View) -> Selection:
        columns = [resolve(self._world, self._text, view, path) for path in statement.fields]
        children = {one.source: self._children(one, kind) for one in statement.children}
        return Selection(self._world, kind.name, columns, children, self._tooling)

    def _children(self, statement: Statement, parent: SObject) -> Children:
        relation = next(
            (r for r in self._relations(parent.name) if (r.name or "").lower() == statement.source.lower()),
            None,
        )
        kind = self._world.kind(relation.child) if relation else None
        if relation is None or kind is None:
            raise no_relation(self._text, statement.source_at, statement.source, parent.name)
        view, table = self._world.view(kind), self._world.table(kind)
        selection = self._selection(statement, kind, view)
        field = relation.field

        def of(row: Row) -> JsonObject | None:
            ids = table.holders(field, row["Id"]) if table else ()
            rows = self._fitting(statement, view, [table.live[one] for one in ids] if table else [])
            found = [selection.json(one) for one in rows]
            return {"totalSize": len(found), "done": True, "records": found} if found else None

        return of


def _sort_key(column: Column) -> Callable[[Row], Any]:
    """Texts in any case of letters, ids as they are."""
    value = column.value
    if column.field.type in ("id", "reference"):
        return value
    return lambda row: index_key(value(row))
