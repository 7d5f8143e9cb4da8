"""The properties that every account has, read from catalog.toml."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from connectors.sandbox.hubspot.errors import JsonObject
from connectors.sandbox.hubspot.property_definition import BOOL_OPTIONS, Property, allowed_values


@lru_cache(maxsize=1)
def _pages() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("catalog.toml").read_text("utf-8"))


def _built_in(name: str, group: str, row: dict[str, Any]) -> Property:
    pairs = [text.split("=", 1) for text in row.get("options", ())]
    options: tuple[JsonObject, ...] = tuple(
        {"label": label, "value": value, "displayOrder": order, "hidden": False}
        for order, (value, label) in enumerate(pairs)
    )
    if row.get("type") == "bool":
        options = BOOL_OPTIONS
    return Property(
        name=name,
        label=row["label"],
        type=row.get("type", "string"),
        field_type=row.get("field", "text"),
        group=group,
        options=options,
        read_only=row.get("readonly", False),
        built_in=True,
        external=row.get("external", False),
        form_field=not row.get("readonly", False),
        values=allowed_values(options),
    )


def built_in_group(kind: str) -> tuple[str, str]:
    """Name and label of the group that a kind's own properties stand in."""
    page = _pages()[kind]
    return page["group"], page["group_label"]


@lru_cache(maxsize=8)
def built_in_properties(kind: str) -> tuple[Property, ...]:
    """Every property that records of this kind have from the start."""
    page = _pages()[kind]
    return tuple(_built_in(name, page["group"], row) for name, row in page["properties"].items())
