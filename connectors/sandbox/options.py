"""What the options of every sandbox can do: be shown as JSON, and be changed by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, ClassVar, Self


class OptionsError(Exception):
    """Options, faults or seed data that make no sense; str(error) says which and why."""


class ChangeableOptions:
    """For a frozen dataclass whose fields are texts, numbers, truths or frozensets of texts.

    FIXED names the fields that are only given at the start: they are neither shown nor changed. A field
    may be of type str, bool, int, float, "int | None" or "frozenset[str]" (a list of texts in JSON).
    """

    __slots__ = ()
    FIXED: ClassVar[frozenset[str]] = frozenset()

    def changed(self, changes: Mapping[str, Any]) -> Self:
        """The options after a JSON object of changes was applied.

        Raises: OptionsError for unknown names and wrong types.
        """
        known = self._kinds()
        values: dict[str, Any] = {}
        for name, value in changes.items():
            if name not in known:
                raise OptionsError(f"There is no option {name!r}; known are {', '.join(sorted(known))}.")
            values[name] = _typed(name, value, known[name])
        return replace(self, **values)  # type: ignore[type-var]  # a mix-in: the class itself is a dataclass

    def json(self) -> dict[str, Any]:
        """The options as JSON, without the fixed ones."""
        shown = {name: getattr(self, name) for name in self._kinds()}
        return {name: sorted(v) if isinstance(v, frozenset) else v for name, v in shown.items()}

    def _kinds(self) -> dict[str, str]:
        every = fields(self)  # type: ignore[arg-type]  # as above
        return {one.name: str(one.type) for one in every if one.name not in self.FIXED}


def _typed(name: str, value: object, kind: str) -> object:
    if kind.startswith("frozenset"):
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return frozenset(value)
        raise OptionsError(f"{name} must be a list of texts.")
    if kind == "float" and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    accepted: dict[str, tuple[type, ...]] = {
        "str": (str,),
        "bool": (bool,),
        "int": (int,),
        "int | None": (int, type(None)),
    }
    if isinstance(value, accepted.get(kind, ())) and (kind == "bool" or not isinstance(value, bool)):
        return value
    raise OptionsError(f"{name} must be of type {kind}.")
