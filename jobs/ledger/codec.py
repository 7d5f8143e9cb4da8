"""Dataclasses to JSON and back, for what is kept sealed: inquiries, bundles, requests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from cattrs.preconf.json import JsonConverter, make_converter

T = TypeVar("T")


@cache
def _converter() -> JsonConverter:
    # What is read was written by us: the first mistake in it is enough, all of them cost half the time.
    converter = make_converter(omit_if_default=True, detailed_validation=False)
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, lambda value, _: Decimal(value))
    converter.register_unstructure_hook(datetime, lambda value: value.isoformat())
    converter.register_structure_hook(datetime, lambda value, _: datetime.fromisoformat(value))
    # Texts are texts in both: nothing is to be converted one by one.
    converter.register_structure_hook_func(_is(tuple[str, ...]), lambda value, _: tuple(value))
    converter.register_structure_hook_func(_is(dict[str, str]), lambda value, _: dict(value))
    converter.register_unstructure_hook_func(_is(tuple[str, ...]), list)
    converter.register_unstructure_hook_func(_is(dict[str, str]), dict)
    return converter


def _is(kind: Any) -> Callable[[Any], bool]:
    return lambda asked: bool(asked == kind)


def to_json(value: Any) -> Any:
    """A dataclass as plain JSON data; fields at their default are left out."""
    return _converter().unstructure(value)


def from_json(data: Any, kind: type[T]) -> T:
    """The dataclass again. Raises KeyError, TypeError or ValueError when the data has another shape."""
    return _converter().structure(data, kind)
