"""The permission set "Firstpath", which lets the integration user see and edit the fields we make."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from connectors.crm.base import Uncertain
from connectors.crm.salesforce.queries import Question, ask
from connectors.crm.salesforce.rows import is_id
from connectors.crm.salesforce.soql import quoted, select
from connectors.crm.salesforce.transport import Transport

NAME = "Firstpath"
_USER_AT_END = re.compile(r"/id/[A-Za-z0-9]{15,18}/([A-Za-z0-9]{15,18})/?$")


class PermissionSet:
    """Reads and changes the permission set; every method may raise a CrmError."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def id(self) -> str:
        """The permission set's id, "" when there is none."""
        return self._first(select((), "PermissionSet", f"Name = {quoted(NAME)}"))

    def create(self) -> str:
        """Make it; its id."""
        return self._post("PermissionSet", {"Name": NAME, "Label": NAME, "Description": "Made by Firstpath."})

    def granted(self, set_id: str) -> set[str]:
        """The fields ("Contact.Firstpath_Key__c") that it lets people edit."""
        where = f"ParentId = {quoted(set_id)} AND PermissionsEdit = true"
        (rows,) = ask(self._transport, [Question(select(("Field",), "FieldPermissions", where))])
        return {row.text("Field") for row in rows}

    def grant(self, set_id: str, fields: Iterable[str]) -> None:
        """Let people who have the set read and edit these fields."""
        for field in fields:
            body = {
                "ParentId": set_id,
                "SobjectType": field.partition(".")[0],
                "Field": field,
                "PermissionsRead": True,
                "PermissionsEdit": True,
            }
            self._post("FieldPermissions", body)

    def is_assigned(self, set_id: str, user_id: str) -> bool:
        """Whether the user has the set."""
        where = f"PermissionSetId = {quoted(set_id)} AND AssigneeId = {quoted(user_id)}"
        return bool(self._first(select((), "PermissionSetAssignment", where)))

    def assign(self, set_id: str, user_id: str) -> None:
        """Give the set to the user."""
        self._post("PermissionSetAssignment", {"PermissionSetId": set_id, "AssigneeId": user_id})

    def our_user(self) -> str:
        """The id of the user that we work as."""
        answer: Any = self._transport.get("")
        found = _USER_AT_END.search(str(answer.get("identity") or "")) if isinstance(answer, dict) else None
        if found is None:
            raise Uncertain("Salesforce did not say which user this is.")
        return found[1]

    def _first(self, statement: str) -> str:
        (rows,) = ask(self._transport, [Question(statement)])
        return rows[0].id if rows else ""

    def _post(self, target: str, body: dict[str, Any]) -> str:
        answer = self._transport.send("POST", f"sobjects/{target}", json=body)
        remote_id = answer.get("id") if isinstance(answer, dict) and answer.get("success") is True else None
        if not isinstance(remote_id, str) or not is_id(remote_id):
            raise Uncertain("Salesforce did not say which record it wrote.")
        return remote_id
