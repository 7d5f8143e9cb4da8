"""Objects and fields read from the files beside this one."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from connectors.sandbox.salesforce.fields import LONG_TEXT, Field, PicklistValue
from connectors.sandbox.salesforce.objects import SObject

BUSINESS_OBJECTS = ("Account", "Contact", "Lead", "Opportunity", "OpportunityContactRole", "Task")
_LENGTHS = {"phone": 40, "email": 80, "url": 255, "reference": 18, "id": 18, "picklist": 255, "textarea": 255}
_ORDINARY = "create update null permission"


@lru_cache
def _page(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))


def field_of(name: str, row: dict[str, Any]) -> Field:
    """One field from its line."""
    kind = row.get("type") or ("reference" if "to" in row else "picklist" if "choices" in row else "string")
    may = row.get("is", _ORDINARY).split()
    default = row.get("default", False if kind == "boolean" else None)
    length = row.get("length", _LENGTHS.get(kind, 0))
    precision, scale = row.get("digits", (0, 0))
    return Field(
        name=name,
        label=row["label"],
        type=kind,
        length=length,
        precision=precision,
        scale=scale,
        createable="create" in may,
        updateable="update" in may,
        nillable="null" in may,
        defaulted="default" in may,
        permissionable="permission" in may,
        id_lookup="lookup" in may,
        restricted=row.get("restricted", False),
        name_field=row.get("names", name == "Name"),
        filterable=kind != "complexvalue" and not (kind == "textarea" and length >= LONG_TEXT),
        reference_to=tuple(row.get("to", ())),
        relationship=row.get("relation"),
        choices=tuple(PicklistValue(one, one, default=one == default) for one in row.get("choices", ())),
        default=default,
        compound=row.get("compound"),
    )


def _object(name: str, page: dict[str, Any]) -> SObject:
    lines = {**_page("system")["fields"], **page["fields"]}
    return SObject(
        name=name,
        label=page["label"],
        plural=page["plural"],
        prefix=page["prefix"],
        fields={key: field_of(key, row) for key, row in lines.items()},
        mergeable=page.get("mergeable", False),
        setup=page.get("setup", False),
        restorable=page.get("restorable", True),
    )


def standard_objects() -> dict[str, SObject]:
    """Fresh copies of every standard object, by name."""
    found = {name: _object(name, _page(name)) for name in BUSINESS_OBJECTS}
    found.update((name, _object(name, page)) for name, page in _page("directory").items())
    return found


def tooling_objects() -> dict[str, SObject]:
    """What the Tooling API can be asked for, by name."""
    return {name: _object(name, page) for name, page in _page("tooling").items()}


def person_account_fields() -> list[Field]:
    """What the feature person accounts adds to Account."""
    return [field_of(name, row) for name, row in _page("person_account")["fields"].items()]


@lru_cache
def hidden_fields() -> frozenset[tuple[str, str]]:
    """(object, field) of the standard fields that a new org shows to nobody until they are granted."""
    pages = {name: _page(name) for name in BUSINESS_OBJECTS}
    pages["Account"] = {"fields": {**pages["Account"]["fields"], **_page("person_account")["fields"]}}
    return frozenset(
        (name, field)
        for name, page in pages.items()
        for field, row in page["fields"].items()
        if row.get("hidden")
    )


def system_fields() -> dict[str, Field]:
    """Id, IsDeleted and the stamps: what custom objects begin with."""
    return {name: field_of(name, row) for name, row in _page("system")["fields"].items()}
