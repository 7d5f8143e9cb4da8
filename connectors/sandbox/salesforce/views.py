"""What a user sees of an object: field-level security hides fields until a permission set grants them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from connectors.sandbox.salesforce.fields import Field
from connectors.sandbox.salesforce.objects import SObject

if TYPE_CHECKING:
    from connectors.sandbox.salesforce.state import OrgState

OPT_OUTS = ("HasOptedOutOfEmail", "HasOptedOutOfFax", "DoNotCall")


@dataclass(frozen=True, slots=True)
class View:
    """The readable fields in the order of describe; read_only names those that the user may not set."""

    kind: SObject
    fields: dict[str, Field]
    by_lower: dict[str, Field]
    by_relation: dict[str, Field]
    read_only: frozenset[str]

    def find(self, name: str) -> Field | None:
        """The readable field of this API name, in any case of letters."""
        return self.fields.get(name) or self.by_lower.get(name.lower())

    def relation(self, name: str) -> Field | None:
        """The readable lookup with this relationship name ("Owner", "Loan__r")."""
        return self.by_relation.get(name.lower())


class Views:
    """Views by user and object, remembered until definitions or permissions change."""

    def __init__(self, org: OrgState) -> None:
        self._org = org
        self._valid_for: tuple[object, ...] = ()
        self._known: dict[tuple[str, str], View] = {}

    def of(self, user_id: str, kind: SObject) -> View:
        """What this user sees of this object."""
        current = (self._org.schema, self._org.schema.revision, self._org.grants, self._org.options)
        if current != self._valid_for:
            self._known.clear()
            self._valid_for = current
        view = self._known.get((user_id, kind.name))
        if view is None:
            view = self._known[user_id, kind.name] = self._made(user_id, kind)
        return view

    def everything(self, kind: SObject) -> View:
        """The object without field-level security, as an administrator in the browser sees it."""
        relations = {f.relationship.lower(): f for f in kind.fields.values() if f.relationship}
        lower = {name.lower(): field for name, field in kind.fields.items()}
        return View(kind, kind.fields, lower, relations, frozenset())

    def _made(self, user_id: str, kind: SObject) -> View:
        grants = self._grants(user_id)
        fields: dict[str, Field] = {}
        read_only = set()
        for name, field in kind.fields.items():
            granted = self._granted(kind.name, name, grants)
            if granted is None:
                continue
            restricted = f"{kind.name}.{name}" in self._org.options.restricted_picklists
            fields[name] = replace(field, restricted=True) if restricted else field
            if not granted:
                read_only.add(name)
        relations = {f.relationship.lower(): f for f in fields.values() if f.relationship}
        lower = {name.lower(): field for name, field in fields.items()}
        return View(kind, fields, lower, relations, frozenset(read_only))

    def _granted(self, object_name: str, name: str, grants: dict[str, bool]) -> bool | None:
        """True: may edit, False: may read, None: sees nothing."""
        if (object_name, name) not in self._org.schema.hidden:
            return True
        if self._org.options.opt_out_fields and name.removeprefix("Person") in OPT_OUTS:
            return True
        names = [f"{object_name}.{name}"]
        if object_name == "Account" and name.endswith("__pc"):
            names.append(f"Contact.{name[:-4]}__c")
        elif object_name == "Account" and name.startswith("Person"):
            names.append(f"Contact.{name.removeprefix('Person')}")
        elif object_name == "Task":
            names.append(f"Activity.{name}")
        found = [grants[one.lower()] for one in names if one.lower() in grants]
        return any(found) if found else None

    def _grants(self, user_id: str) -> dict[str, bool]:
        """ "object.field" in small letters → whether it may be edited, for all the user's permission sets."""
        tables = self._org.tables
        sets = {
            tables["PermissionSetAssignment"].live[one].get("PermissionSetId")
            for one in tables["PermissionSetAssignment"].holders("AssigneeId", user_id)
        }
        found: dict[str, bool] = {}
        for row in tables["FieldPermissions"].live.values():
            if row["ParentId"] in sets and row.get("PermissionsRead"):
                name = row["Field"].lower()
                found[name] = found.get(name, False) or bool(row.get("PermissionsEdit"))
        return found
