"""The kinds of values that settings have, each with its comment, an example and its own complaints."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, missing, validates_schema

from jobs.settings.mistake import Mistake, nearest, refusal

Check = Callable[[Any], None]
_SECRET_WORDS = re.compile(r"token|secret|password|api_?key|private")


def as_toml(value: object) -> str:
    """A value as it is written in TOML, whose strings are JSON's but for the character DEL."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(as_toml(item) for item in value)}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


class Section(Schema):
    """A table whose keys are fixed: an unknown one is a mistake, with the nearest name suggested."""

    class Meta:
        unknown = EXCLUDE  # reported below, with a better message

    error_messages = {  # noqa: RUF012 (marshmallow's own attribute)
        "type": Mistake("is not a table.", "Write it as a section of its own, with its name in brackets.")  # type: ignore[dict-item]
    }

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def refuse_unknown_keys(self, _data: object, original: object, **_: object) -> None:
        """Report every key that no field of this section reads."""
        if not isinstance(original, Mapping):
            return
        known = [field.data_key or name for name, field in self.fields.items()]
        unknown = {name: [_unknown_key(name, known)] for name in original if name not in known}
        if unknown:
            raise ValidationError(unknown)


def _unknown_key(name: str, known: Sequence[str]) -> Mistake:
    if _SECRET_WORDS.search(name.lower()) and not difflib.get_close_matches(name, known, n=1):
        return Mistake(
            "looks like a secret, and secrets do not belong in this file.",
            "Set FIRSTPATH_CRM_<NAME>_TOKEN (or _CLIENT_SECRET) or FIRSTPATH_PATH_<NAME>_SECRET instead.",
        )
    return Mistake("is not a setting.", nearest(name, known))


class Table(fields.Field[dict[str, Any]]):
    """A table whose keys are chosen by the user."""

    def __init__(
        self,
        values: fields.Field[Any],
        *,
        about: str,
        example: Mapping[str, str] | None = None,
        check_key: Check | None = None,
        data_key: str | None = None,
    ) -> None:
        super().__init__(
            load_default=dict,
            data_key=data_key,
            metadata={"about": about, "example": example or {}},
            error_messages=_complaints("a table"),
        )
        self.values = values
        self._check_key = check_key

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise self.make_error("invalid")
        read: dict[str, Any] = {}
        errors: dict[str, Any] = {}
        for name, item in value.items():
            try:
                if self._check_key is not None:
                    self._check_key(name)
                read[name] = self.values.deserialize(item, name, value, **kwargs)
            except ValidationError as error:
                errors[name] = error.messages
                if isinstance(error.valid_data, dict):
                    read[name] = error.valid_data
        if errors:
            raise ValidationError(errors, valid_data=read)
        return read


class _Number(fields.Integer):
    """A whole number, written as one."""

    def _validated(self, value: Any) -> int:
        if not isinstance(value, int):
            raise self.make_error("invalid")
        return super()._validated(value) or 0


class _Flag(fields.Boolean):
    """true or false, written as such."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


def section(schema: type[Section], about: str) -> fields.Nested:
    """A fixed table; when it is absent all of its defaults hold."""
    return fields.Nested(schema, load_default=dict, metadata={"about": about})


def text(
    about: str, *, example: str, default: Any = missing, check: Check | None = None, needed: bool = False
) -> fields.String:
    """One line of text or more; a needed one may not be empty."""
    checks = [_not_blank] if needed else []
    return fields.String(
        required=needed,
        load_default=missing if needed else default,
        validate=[*checks, *([check] if check else [])],
        metadata={"about": about, "example": example},
        error_messages=_complaints("text in quotes", example),
    )


def choice(about: str, options: Sequence[str], *, default: Any = missing) -> fields.String:
    """One of a few words; without a default it is needed."""

    def check(value: str) -> None:
        if value not in options:
            raise refusal(f'"{value}" is not one of the choices.', nearest(value, options, len(options)))

    field = text(about, example=options[0], default=default, check=check)
    field.required = default is missing
    return field


def number(
    about: str, low: int, high: int, *, default: int | None, example: int | None = None
) -> fields.Integer:
    """A whole number between low and high, both included."""
    shown = default if example is None else example

    def check(value: int) -> None:
        if not low <= value <= high:
            raise refusal(f"{value} is out of range.", f"Choose a whole number from {low} to {high}.")

    return _Number(
        load_default=default,
        validate=check,
        metadata={"about": about, "example": shown},
        error_messages=_complaints("a whole number", shown),
    )


def flag(about: str, *, default: Any, example: bool) -> fields.Boolean:
    """true or false."""
    return _Flag(
        load_default=default,
        metadata={"about": about, "example": example},
        error_messages=_complaints("true or false", example),
    )


def texts(
    about: str, *, example: Sequence[str], default: Sequence[str] = (), check: Check | None = None
) -> fields.List[str]:
    """A list of texts, each of them checked, none of them twice."""

    def no_repeats(values: Sequence[str]) -> None:
        if len(set(values)) < len(values):
            raise refusal("names something twice.", "Keep each entry once.")

    item = fields.String(validate=[check] if check else [], error_messages=_complaints("text in quotes"))
    return fields.List(
        item,
        load_default=lambda: list(default),
        validate=no_repeats,
        metadata={"about": about, "example": list(example)},
        error_messages=_complaints("a list", list(example)),
    )


def _not_blank(value: str) -> None:
    if not value.strip():
        raise refusal("is empty.", "Fill it in.")


def _complaints(kind: str, example: Any = None) -> dict[str, Any]:
    remedy = "" if example is None else f"Write it like this: {as_toml(example)}"
    wrong = [Mistake(f"must be {kind}.", remedy)]
    return {
        "required": [Mistake("is missing.", remedy.replace("Write it", "Add it"))],
        "null": wrong,
        "invalid": wrong,
        "invalid_utf8": wrong,
        "too_large": wrong,
    }
