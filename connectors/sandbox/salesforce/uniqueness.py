"""Unique fields: one live record per value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.salesforce.errors import ApiError
from connectors.sandbox.salesforce.fields import Field
from connectors.sandbox.salesforce.objects import SObject
from connectors.sandbox.salesforce.state import OrgState


def holders(org: OrgState, kind: SObject, field: Field, value: Any) -> list[str]:
    """Ids of the live records with this value, letters compared as the field says."""
    table = org.tables[kind.name]
    found = list(table.holders(field.name, value))
    if field.case_sensitive:
        found = [one for one in found if table.live[one][field.name] == value]
    return found


def check_unique(org: OrgState, kind: SObject, changes: Mapping[str, Any], record_id: str) -> None:
    """Refuse values that another live record holds. Raises: ApiError (400), which names that record."""
    for field in kind.unique:
        value = changes.get(field.name)
        if value is None:
            continue
        for holder in holders(org, kind, field, value):
            if holder != record_id:
                raise duplicate_value(field.name, holder)


def duplicate_value(name: str, holder: str) -> ApiError:
    """400 with the holder's 15-character id in the text, as real orgs write it."""
    message = f"duplicate value found: {name} duplicates value on record with id: {holder[:15]}"
    return ApiError(400, "DUPLICATE_VALUE", message, [])
