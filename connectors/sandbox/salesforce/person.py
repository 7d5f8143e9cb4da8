"""What people do in the browser: create, edit, delete, restore, merge and convert."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.salesforce.callers import Caller
from connectors.sandbox.salesforce.conversion import Converted, convert
from connectors.sandbox.salesforce.errors import ApiError, not_found
from connectors.sandbox.salesforce.merging import merge
from connectors.sandbox.salesforce.objects import SObject
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.trash import undelete
from connectors.sandbox.salesforce.writes import create, delete, update


class Person:
    """A user of the org at work. All of it happens at once, under the org's lock, and is undone on an error.

    Every method raises ApiError as the API would; duplicate and assignment rules leave people alone.
    """

    def __init__(self, org: OrgState, username: str = "") -> None:
        self._org = org
        user = org.user_id(username) if username else next(iter(list(org.tables["User"].live)[1:]), "")
        self.caller = Caller(user or org.integration_user, by_hand=True)

    def create(self, object_name: str, fields: JsonObject) -> str:
        """The id of a new record."""
        with self._org.lock:
            return create(self._org, self.caller, self._org.schema.kind(object_name), fields)

    def edit(self, record_id: str, **fields: Any) -> None:
        """Type something over; None empties a field."""
        with self._org.lock:
            update(self._org, self.caller, self._kind(record_id), record_id, fields)

    def delete(self, record_id: str) -> None:
        """Throw a record into the recycle bin."""
        with self._org.lock:
            delete(self._org, self.caller, self._kind(record_id), record_id)

    def undelete(self, record_id: str) -> None:
        """Take a record out of the recycle bin."""
        with self._org.lock:
            undelete(self._org, self.caller.user_id, self._kind(record_id), record_id)

    def merge(self, master_id: str, *loser_ids: str) -> None:
        """Merge up to two records into another of the same kind."""
        with self._org.lock, self._org.transaction():
            merge(self._org, self.caller.user_id, self._kind(master_id), master_id, loser_ids)

    def convert(self, lead_id: str, *, opportunity: str | None = "", account_id: str = "") -> Converted:
        """Convert a lead. opportunity is the name of the new one ("": the company's), None makes none."""
        with self._org.lock, self._org.transaction():
            return convert(self._org, self.caller, lead_id, opportunity=opportunity, account_id=account_id)

    def _kind(self, record_id: str) -> SObject:
        kind = self._org.schema.of_id(record_id)
        if kind is None:
            raise not_found()
        return kind


def act(org: OrgState, order: JsonObject) -> JsonObject:
    """What a control request asks a person to do: {"do": "convert", "id": ..., "by": username, ...}.

    Raises: ApiError, also for an order that makes no sense.
    """
    person = Person(org, str(order.get("by", "")))
    record_id = str(order.get("id", ""))
    match order.get("do"):
        case "create":
            return {"id": person.create(str(order.get("type")), order.get("fields") or {})}
        case "edit":
            person.edit(record_id, **(order.get("fields") or {}))
        case "delete":
            person.delete(record_id)
        case "undelete":
            person.undelete(record_id)
        case "merge":
            person.merge(record_id, *[str(one) for one in order.get("losers") or ()])
        case "convert":
            done = person.convert(record_id, opportunity=order.get("opportunity", ""))
            return {"account": done.account, "contact": done.contact, "opportunity": done.opportunity}
        case unknown:
            message = f"A person cannot do {unknown!r}: create, edit, delete, undelete, merge or convert."
            raise ApiError(400, "INVALID_INPUT", message)
    return {"id": record_id}
