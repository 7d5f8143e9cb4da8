"""Person accounts: an account of a person's record type and its contact are two faces of one record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.salesforce.derived import derive
from connectors.sandbox.salesforce.errors import ApiError, required_missing
from connectors.sandbox.salesforce.objects import SObject
from connectors.sandbox.salesforce.records import Row
from connectors.sandbox.salesforce.schema import person_name
from connectors.sandbox.salesforce.state import OrgState

Values = dict[str, Any]
_PERSON_ONLY = ("LastName", "FirstName", "Salutation")


def _has_feature(org: OrgState) -> bool:
    return org.options.person_accounts


def _is_person_type(org: OrgState, record_type_id: str | None) -> bool:
    row = org.tables["RecordType"].find(record_type_id or "")
    return bool(row and row.get("IsPersonType"))


def before_create(org: OrgState, kind: SObject, values: Values, row: Values) -> None:
    """Settle what a new account is, and refuse fields of the other kind. Raises: ApiError (400)."""
    if kind.name != "Account" or not _has_feature(org):
        return
    if "RecordTypeId" not in row:
        types = org.tables["RecordType"]
        row["RecordTypeId"] = next(iter(types.holders("DeveloperName", "Business_Account")))
    row["IsPersonAccount"] = _is_person_type(org, row["RecordTypeId"])
    _check_fields(values, person=row["IsPersonAccount"])
    needed = "LastName" if row["IsPersonAccount"] else "Name"
    if row.get(needed) is None:
        raise required_missing([needed])


def before_update(org: OrgState, kind: SObject, values: Values, row: Values) -> None:
    """Refuse fields of the other kind, and a change of kind together with others. Raises: ApiError (400)."""
    if kind.name != "Account" or not _has_feature(org):
        return
    person = bool(row.get("IsPersonAccount"))
    if "RecordTypeId" in values and _is_person_type(org, values["RecordTypeId"]) is not person:
        message = "The record type's family cannot be changed here"
        raise ApiError(400, "INVALID_FIELD_FOR_INSERT_UPDATE", message, ["RecordTypeId"])
    _check_fields(values, person=person)
    needed = "LastName" if person else "Name"
    if needed in values and values[needed] is None:
        raise required_missing([needed])


def before_delete(kind: SObject, row: Row) -> None:
    """The contact of a person account goes only with its account. Raises: ApiError (400)."""
    if kind.name == "Contact" and row.get("IsPersonAccount"):
        message = "Contacts of person accounts cannot be deleted: delete the account"
        raise ApiError(400, "DELETE_FAILED", message, [])


def _check_fields(values: Mapping[str, Any], *, person: bool) -> None:
    wrong = [name for name in values if (name == "Name" if person else _is_person_field(name))]
    if wrong:
        message = f"Account: bad field names on insert/update call: {', '.join(sorted(wrong))}"
        raise ApiError(400, "INVALID_FIELD_FOR_INSERT_UPDATE", message, sorted(wrong))


def _is_person_field(name: str) -> bool:
    return name in _PERSON_ONLY or name.startswith("Person") or name.endswith("__pc")


def after_write(org: OrgState, user_id: str, kind: SObject, row: Row) -> None:
    """Bring the other face up to date, making it first when the account is new."""
    if not row.get("IsPersonAccount"):
        return
    if kind.name == "Account":
        _write_contact(org, user_id, row)
    else:
        _write_account(org, row)


def _write_contact(org: OrgState, user_id: str, account: Row) -> None:
    contact_kind = org.schema.objects["Contact"]
    contact_id = account.get("PersonContactId")
    if contact_id is None:
        contact_id = org.ids.next(contact_kind.prefix)
        org.put("Account", {**account, "PersonContactId": contact_id})
    before = org.tables["Contact"].find(contact_id)
    contact: Values = dict(before or {"Id": contact_id, "CreatedDate": org.now, "CreatedById": user_id})
    contact.update(AccountId=account["Id"], IsPersonAccount=True, IsDeleted=False, OwnerId=account["OwnerId"])
    for name, field in contact_kind.fields.items():
        face = person_name(name)
        if (
            field.updateable
            and face in org.schema.objects["Account"].fields
            and name not in ("OwnerId", "AccountId")
        ):
            contact[name] = account.get(face)
    _stamp(contact, account)
    derive(org, contact_kind, contact, before)
    org.put("Contact", {name: value for name, value in contact.items() if value is not None})


def _write_account(org: OrgState, contact: Row) -> None:
    kind = org.schema.objects["Account"]
    before = org.tables["Account"].live[contact["AccountId"]]
    account: Values = dict(before)
    for name, field in org.schema.objects["Contact"].fields.items():
        face = person_name(name)
        if field.updateable and face in kind.fields and name not in ("OwnerId", "AccountId"):
            account[face] = contact.get(name)
    _stamp(account, contact)
    derive(org, kind, account, before)
    org.put("Account", {name: value for name, value in account.items() if value is not None})


def _stamp(row: Values, like: Row) -> None:
    for name in ("LastModifiedDate", "SystemModstamp", "LastModifiedById"):
        row[name] = like[name]
