"""Every object of the org by name, and what points at what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from connectors.sandbox.salesforce.catalog.loader import (
    hidden_fields,
    person_account_fields,
    standard_objects,
    system_fields,
    tooling_objects,
)
from connectors.sandbox.salesforce.errors import ApiError, not_found
from connectors.sandbox.salesforce.fields import Field, PicklistValue
from connectors.sandbox.salesforce.objects import ChildRelationship, SObject
from connectors.sandbox.salesforce.options import SandboxOptions

_CHILDREN = {  # (child, field) → (relationship name, deleted with its parent)
    ("Account", "ParentId"): ("ChildAccounts", False),
    ("Contact", "AccountId"): ("Contacts", True),
    ("Opportunity", "AccountId"): ("Opportunities", True),
    ("Opportunity", "ContactId"): ("Opportunities", False),
    ("OpportunityContactRole", "OpportunityId"): ("OpportunityContactRoles", True),
    ("OpportunityContactRole", "ContactId"): ("OpportunityContactRoles", True),
    ("Task", "WhoId"): ("Tasks", True),
    ("Task", "WhatId"): ("Tasks", True),
}
PERSON = "Person"


class Schema:
    """The definitions. revision grows with every change of them.

    hidden holds (object, field) of the fields that nobody sees without a grant.
    """

    def __init__(self, options: SandboxOptions) -> None:
        self.objects = standard_objects()
        self.tooling = tooling_objects()
        self.hidden: set[tuple[str, str]] = set(hidden_fields())
        self.revision = 0
        self._person_accounts = options.person_accounts
        if options.person_accounts:
            self._add_person_accounts()
        stages = tuple(PicklistValue(stage.name, stage.name) for stage in options.stages)
        self.replace("Opportunity", "StageName", choices=stages)
        self._index()

    def find(self, name: str) -> SObject | None:
        """The object of this API name, in any case of letters."""
        return self.objects.get(name) or self._by_lower.get(name.lower())

    def kind(self, name: str) -> SObject:
        """The object of this API name. Raises: ApiError (404)."""
        found = self.find(name)
        if found is None:
            raise not_found()
        return found

    def of_id(self, record_id: str) -> SObject | None:
        """The object that an id belongs to, by its first three characters."""
        return self._by_prefix.get(record_id[:3])

    def children(self, name: str) -> tuple[ChildRelationship, ...]:
        """What points at an object."""
        return self._children.get(name, ())

    def define(self, kind: SObject) -> None:
        """Add an object. Raises: ApiError (400) for a name that is taken."""
        if self.find(kind.name):
            message = f"There is already an object named {kind.name}."
            raise ApiError(400, "DUPLICATE_DEVELOPER_NAME", message, [])
        self.objects[kind.name] = kind
        self._index()

    def custom_object(self, name: str, label: str) -> SObject:
        """A custom object with nothing but its name and its stamps. Raises: ApiError (400)."""
        number = sum(kind.custom for kind in self.objects.values())
        fields: dict[str, Field] = dict(system_fields())
        fields["Name"] = Field(
            "Name",
            f"{label} Name",
            "string",
            80,
            nillable=True,
            defaulted=True,
            id_lookup=True,
            name_field=True,
            permissionable=False,
        )
        fields["OwnerId"] = Field(
            "OwnerId",
            "Owner ID",
            "reference",
            18,
            nillable=False,
            defaulted=True,
            permissionable=False,
            reference_to=("Group", "User"),
            relationship="Owner",
        )
        kind = SObject(name, label, f"{label}s", f"a{number:02d}", fields, custom=True)
        self.define(kind)
        what = self.objects["Task"].fields["WhatId"]
        self.replace("Task", "WhatId", reference_to=(*what.reference_to, name))
        return kind

    def add_field(self, object_name: str, field: Field, *, hidden: bool) -> None:
        """Add a field; with person accounts a contact's custom field is an account's X__pc too."""
        self.objects[object_name].add(field)
        if hidden:
            self.hidden.add((object_name, field.name))
        if self._person_accounts and object_name == "Contact" and field.custom:
            mirrored = changed(
                field, name=person_name(field.name), external_id=False, unique=False, id_lookup=False
            )
            self.add_field("Account", mirrored, hidden=hidden)
        self._index()

    def remove_field(self, object_name: str, name: str) -> None:
        """Delete a custom field's definition."""
        self.objects[object_name].remove(name)
        self.hidden.discard((object_name, name))
        if self._person_accounts and object_name == "Contact":
            self.remove_field("Account", person_name(name))
        self._index()

    def replace(self, object_name: str, field_name: str, **changes: object) -> None:
        """Change some properties of a field."""
        kind = self.objects[object_name]
        kind.add(changed(kind.fields[field_name], **changes))
        self._index()

    def _add_person_accounts(self) -> None:
        account = self.objects["Account"]
        for field in person_account_fields():
            account.add(field)
        self.replace("Account", "Name", nillable=True)
        person = Field(
            "IsPersonType",
            "Is Person Type",
            "boolean",
            createable=False,
            updateable=False,
            nillable=False,
            defaulted=True,
            permissionable=False,
            default=False,
        )
        self.objects["RecordType"].add(person)
        mark = changed(account.fields["IsPersonAccount"])
        self.objects["Contact"].add(mark)

    def _index(self) -> None:
        self.revision += 1
        self._by_lower = {name.lower(): kind for name, kind in self.objects.items()}
        self._by_prefix = {kind.prefix: kind for kind in self.objects.values() if kind.prefix}
        self._children: Mapping[str, tuple[ChildRelationship, ...]] = self._relationships()

    def _relationships(self) -> dict[str, tuple[ChildRelationship, ...]]:
        found: dict[str, list[ChildRelationship]] = {}
        for kind in self.objects.values():
            for field in kind.fields.values():
                name, cascade = _CHILDREN.get((kind.name, field.name), (None, False))
                if field.custom and field.relationship:
                    name = f"{kind.plural.replace(' ', '_')}__r"
                for target in field.reference_to:
                    found.setdefault(target, []).append(
                        ChildRelationship(kind.name, field.name, name, cascade)
                    )
        return {name: tuple(one) for name, one in found.items()}


def changed(field: Field, **changes: object) -> Field:
    """A copy of a field with some properties replaced."""
    return replace(field, **changes)  # type: ignore[arg-type]  # names are checked by the dataclass


def person_name(contact_field: str) -> str:
    """The name on Account of a person's contact field: Email → PersonEmail, Loan__c → Loan__pc."""
    if contact_field.endswith("__c"):
        return f"{contact_field[:-3]}__pc"
    return (
        contact_field
        if contact_field in ("FirstName", "LastName", "Salutation", "Phone", "Fax")
        else PERSON + contact_field
    )
