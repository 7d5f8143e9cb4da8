"""docs/playbook.md, written from the schema: python -m mapping.playbook.reference > docs/playbook.md"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import Schema, fields, missing

from mapping.playbook.faults import Checked
from mapping.playbook.reference_words import INTRODUCTION, vocabularies
from mapping.playbook.schema import PlaybookSchema
from mapping.playbook.table import keys_of


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a table stands: its name in the text, and the header its example has."""

    shown: str  # team.licences.<state or province>
    example: str  # team.licences.CA
    array: bool = False

    def under(self, name: str) -> _Place:
        """The table of that key."""
        return _Place(_dotted(self.shown, name), _dotted(self.example, name))

    def header(self, *, example: bool) -> str:
        """[name], or [[name]] when there may be several."""
        name = self.example if example else self.shown
        return f"[[{name}]]" if self.array else f"[{name}]"


def render_reference() -> str:
    """The whole page, as Markdown."""
    schema, seen = PlaybookSchema(), dict[type[Schema], str]()
    lines = [INTRODUCTION, ""]
    lines += _section("## The document itself", "These keys stand first, before every table.", schema, "")
    for name, field in _tables(schema):
        lines += _table(_Place(name, name), field, 2, seen)
    return "\n".join([*lines, *vocabularies()]) + "\n"


def toml(value: Any) -> str:
    """A value as TOML writes it on one line."""
    if isinstance(value, bool | str | int | float):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(name)} = {toml(one)}' for name, one in value.items())} }}"
    return f"[{', '.join(map(toml, value))}]"


def _table(
    place: _Place, field: fields.Field[Any], level: int, seen: dict[type[Schema], str]
) -> Iterator[str]:
    """A table with its keys and an example, then the tables inside it; seen has those told before."""
    place, schema = _inside(place, field)
    header = place.header(example=False)
    heading = f"{'#' * level} `{header}`"
    about = field.metadata["about"]
    if field.metadata["usual"]:
        about += f" Left out: {field.metadata['usual']}."
    if schema is None:
        yield from _free_table(heading, about, place, field)
        return
    before = seen.setdefault(type(schema), header)
    yield from _section(
        heading, about, schema, place.header(example=True), "" if before == header else before
    )
    for name, inner in _tables(schema):
        yield from _table(place.under(name), inner, min(level + 1, 4), seen)


def _inside(place: _Place, field: fields.Field[Any]) -> tuple[_Place, Schema | None]:
    """Where the keys of a table stand, and which they are; None when they are the consultant's."""
    if isinstance(field, fields.Nested):
        return place, field.schema
    if isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
        return _Place(place.shown, place.example, array=True), field.inner.schema
    if isinstance(field, fields.Dict) and isinstance(field.value_field, fields.Nested):
        what, key = field.metadata["key"]
        named = _Place(f"{place.shown}.<{what}>", _dotted(place.example, _key(key)))
        return named, field.value_field.schema
    return place, None


def _section(heading: str, about: str, schema: Schema, header: str, before: str = "") -> Iterator[str]:
    """Heading, keys and example; before names the table that told of the same keys already."""
    keys = [(name, field) for name, field in keys_of(schema).items() if not is_table(field)]
    yield from (heading, "", about, "")
    if before:
        yield from (f"The keys are those of `{before}`.", "")
    elif keys:
        yield from ("| key | what it is | may be | left out |", "| --- | --- | --- | --- |")
        yield from (_row(name, field) for name, field in keys)
        yield ""
    if not keys:
        return
    told_alone = [(name, field) for name, field in keys if field.metadata["alone"]]
    yield from ("```toml", *([header] if header else []))
    yield from (_pair(name, field) for name, field in keys if not field.metadata["alone"])
    yield from (f"# {_pair(name, field)}" for name, field in told_alone)
    yield from ("```", "")


def _free_table(heading: str, about: str, place: _Place, field: fields.Field[Any]) -> Iterator[str]:
    """A table of the consultant's own keys with plain values."""
    yield from (heading, "", about, "")
    if isinstance(field, fields.Dict) and field.key_field is not None:
        yield from (f"- keys: {may_be(field.key_field)}", f"- values: {may_be(field.value_field)}", "")
    yield from ("```toml", place.header(example=True))
    yield from (f"{_key(name)} = {toml(value)}" for name, value in field.metadata["example"].items())
    yield from ("```", "")


def _row(name: str, field: fields.Field[Any]) -> str:
    cells = (f"`{name}`", field.metadata["about"], may_be(field), _left_out(field))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def may_be(field: fields.Field[Any] | None) -> str:
    """What a value may be, in words: those of the function that reads it."""
    if isinstance(field, Checked):
        words = (field.read.__doc__ or "").strip().split("\n")[0].removesuffix(".")
        return words[:1].lower() + words[1:] if not words[1:2].isupper() else words
    if isinstance(field, fields.List):
        return f"a list; each: {may_be(field.inner)}"
    if isinstance(field, fields.Dict):
        return f"a table; each value: {may_be(field.value_field)}"
    return "a table"


def _left_out(field: fields.Field[Any]) -> str:
    if field.metadata["usual"]:
        return str(field.metadata["usual"])
    if field.load_default is missing:
        return ""
    default = field.load_default() if callable(field.load_default) else field.load_default
    return "nothing" if default in ("", [], ()) else f"`{toml(default)}`"


def is_table(field: fields.Field[Any]) -> bool:
    """Whether a key opens a table of its own on the page."""
    if isinstance(field, fields.List):
        return isinstance(field.inner, fields.Nested)
    return isinstance(field, fields.Nested | fields.Dict) and not field.metadata["inline"]


def _tables(schema: Schema) -> list[tuple[str, fields.Field[Any]]]:
    return [(name, field) for name, field in keys_of(schema).items() if is_table(field)]


def _pair(name: str, field: fields.Field[Any]) -> str:
    return f"{_key(name)} = {toml(field.metadata['example'])}"


def _dotted(table: str, name: str) -> str:
    return f"{table}.{name}" if table else name


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else json.dumps(name)


if __name__ == "__main__":
    sys.stdout.write(render_reference())
