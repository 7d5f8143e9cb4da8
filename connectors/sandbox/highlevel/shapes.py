"""What a body or a query may hold. Anything else is a 422 that lists all that is wrong."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.errors import invalid

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DATES = ("%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y", "%Y/%m/%d")


def moment(text: str) -> datetime | None:
    """An ISO 8601 moment, None when it is not one."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def day(text: str) -> str | None:
    """ "YYYY-MM-DD" of a date in one of the ways that HighLevel takes, None when it is not one."""
    for form in _DATES:
        try:
            return datetime.strptime(text[:10], form).date().isoformat()  # noqa: DTZ007 - a date only
        except ValueError:
            continue
    return None


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_email(value: object) -> bool:
    return isinstance(value, str) and (not value or _EMAIL.fullmatch(value) is not None)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


# kind → (whether a value is one, how HighLevel's validation says that it is not)
_KINDS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "text": (_is_text, "{name} must be a string"),
    "truth": (lambda value: isinstance(value, bool), "{name} must be a boolean value"),
    "number": (_is_number, "{name} must be a number conforming to the specified constraints"),
    "texts": (_is_texts, "each value in {name} must be a string"),
    "object": (lambda value: isinstance(value, dict), "{name} must be an object"),
    "objects": (_is_objects, "{name} must be an array"),
    "list": (lambda value: isinstance(value, list), "{name} must be an array"),
    "email": (_is_email, "{name} must be an email"),
    "moment": (
        lambda v: isinstance(v, str) and moment(v) is not None,
        "{name} must be a valid ISO 8601 date string",
    ),
    "day": (lambda v: isinstance(v, str) and (not v or day(v) is not None), "{name} must be a valid date"),
    "any": (lambda _: True, ""),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """The names that may be sent, with their kinds; which of them must be; which take only some words."""

    fields: Mapping[str, str]
    required: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def without(self, *names: str) -> Shape:
        """The same shape less some names."""
        fields = {name: kind for name, kind in self.fields.items() if name not in names}
        return Shape(fields, tuple(name for name in self.required if name not in names), self.choices)


def problems(body: Mapping[str, object], shape: Shape) -> Iterator[str]:
    """Everything that is wrong, in the words of HighLevel's validation."""
    for name in body:
        if name not in shape.fields:
            yield f"property {name} should not exist"
    for name, kind in shape.fields.items():
        value = body.get(name)
        if value is None:
            if name in shape.required:
                yield f"{name} should not be empty"
                yield _KINDS[kind][1].format(name=name)
        elif not _KINDS[kind][0](value):
            yield _KINDS[kind][1].format(name=name)
        elif value in ("", []) and name in shape.required:
            yield f"{name} should not be empty"
        elif name in shape.choices and value not in shape.choices[name]:
            yield f"{name} must be one of the following values: {', '.join(shape.choices[name])}"


def checked(body: object, shape: Shape) -> JsonObject:
    """The body without its nulls, which count as left out. Raises: ApiError (422)."""
    if not isinstance(body, dict):
        raise invalid("the body must be a JSON object")
    if found := list(problems(body, shape)):
        raise invalid(*found)
    return {name: value for name, value in body.items() if value is not None}
