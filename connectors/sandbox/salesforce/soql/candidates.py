"""Which rows a query needs to look at: by index where the condition allows it."""

from __future__ import annotations

from collections.abc import Iterable

from connectors.sandbox.salesforce.fields import TEXT_TYPES
from connectors.sandbox.salesforce.records import Records
from connectors.sandbox.salesforce.soql.literals import comparable
from connectors.sandbox.salesforce.soql.syntax import Comparison, Condition, Either, Every
from connectors.sandbox.salesforce.views import View


class Candidates:
    """Narrows down one table for one condition; what it gives still has to pass the test."""

    def __init__(self, view: View, table: Records, text: str, now: float) -> None:
        self._view = view
        self._table = table
        self._text = text
        self._now = now

    def ids(self, condition: Condition | None) -> Iterable[str] | None:
        """Ids of live rows that may fit, None when every row must be looked at."""
        if condition is None:
            return None
        found = self._equal(condition)
        return found if found is not None else self._recent(condition)

    def _equal(self, condition: Condition) -> set[str] | None:
        match condition:
            case Every(parts):
                sets = [found for part in parts if (found := self._equal(part)) is not None]
                return min(sets, key=len) if sets else None
            case Either(parts):
                union: set[str] = set()
                for part in parts:
                    found = self._equal(part)
                    if found is None:
                        return None
                    union |= found
                return union
            case Comparison(operator="=" | "in"):
                return self._holders(condition)
        return None

    def _holders(self, condition: Comparison) -> set[str] | None:
        field = self._view.find(condition.path.parts[0]) if len(condition.path.parts) == 1 else None
        if field is None or field.type not in TEXT_TYPES:
            return None
        wanted = [comparable(self._text, field, literal, self._now) for literal in condition.values]
        if None in wanted:
            return None
        found: set[str] = set()
        for one in wanted:
            found.update(self._table.holders(field.name, one))
        return found

    def _recent(self, condition: Condition) -> Iterable[str] | None:
        match condition:
            case Every(parts):
                return next((found for part in parts if (found := self._recent(part)) is not None), None)
            case Comparison(operator=">=" | ">") if condition.path.parts == ("SystemModstamp",):
                field = self._view.fields["SystemModstamp"]
                stamp = comparable(self._text, field, condition.values[0], self._now)
                return self._table.changed_since(stamp.upper()) if stamp else None
        return None
