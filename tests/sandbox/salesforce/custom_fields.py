"""Custom fields and grants as an administrator's script makes them."""

from __future__ import annotations

from typing import Any

from tests.sandbox.salesforce.org import Org, filled

FIELD = "/tooling/sobjects/CustomField"
KEY = {"label": "Firstpath key", "type": "Text", "length": 64, "unique": True, "externalId": True}
AMOUNT = {"label": "Loan amount", "type": "Currency", "precision": 18, "scale": 2, "required": False}


def define(org: Org, full_name: str, metadata: dict[str, Any]) -> str:
    """The id of a new custom field, which must be accepted."""
    answer = org.post(FIELD, {"FullName": full_name, "Metadata": metadata})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def grant(org: Org, *names: str, edit: bool = True) -> str:
    """The id of a permission set that shows these fields to the caller."""
    parent = org.create("PermissionSet", Name="Firstpath", Label="Firstpath")
    for name in names:
        kind = name.partition(".")[0]
        org.create(
            "FieldPermissions",
            ParentId=parent,
            SobjectType=kind,
            Field=name,
            PermissionsRead=True,
            PermissionsEdit=edit,
        )
    org.create(
        "PermissionSetAssignment", PermissionSetId=parent, AssigneeId=org.sandbox.state.integration_user
    )
    return parent


def asked(org: Org, statement: str, *values: str) -> list[dict[str, Any]]:
    """The records of a tooling query that must be accepted."""
    answer = org.get("/tooling/query/", q=filled(statement, *values))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["records"]
    return found
