"""Dataclasses to JSON and back, for what is kept sealed: inquiries, bundles, requests."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from cattrs.preconf.json import JsonConverter, make_converter

T = TypeVar("T")


@cache
def _converter() -> JsonConverter:
    converter = make_converter(omit_if_default=True)
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, lambda value, _: Decimal(value))
    converter.register_unstructure_hook(datetime, lambda value: value.isoformat())
    converter.register_structure_hook(datetime, lambda value, _: datetime.fromisoformat(value))
    return converter


def to_json(value: Any) -> Any:
    """A dataclass as plain JSON data; fields at their default are left out."""
    return _converter().unstructure(value)


def from_json(data: Any, kind: type[T]) -> T:
    """The dataclass again. Raises cattrs.BaseValidationError when the data has another shape."""
    return _converter().structure(data, kind)
