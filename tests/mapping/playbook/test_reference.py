"""docs/playbook.md cannot drift: it is the schema's own words, and its examples make a playbook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from marshmallow import Schema, fields

from mapping.facts import SOURCES
from mapping.playbook import load_playbook
from mapping.playbook.reference import is_table, may_be, render_reference
from mapping.playbook.schema import PlaybookSchema
from mapping.playbook.table import keys_of

PAGE = Path(__file__).resolve().parents[3] / "docs" / "playbook.md"
RENDER = "run: python -m mapping.playbook.reference > docs/playbook.md"


def every_key(schema: Schema, path: str = "") -> Iterator[tuple[str, fields.Field[Any]]]:
    for name, field in keys_of(schema).items():
        yield f"{path}{name}", field
        inner = field
        if isinstance(inner, fields.Dict) and inner.value_field is not None:
            inner = inner.value_field
        if isinstance(inner, fields.List):
            inner = inner.inner
        if isinstance(inner, fields.Nested):
            yield from every_key(inner.schema, f"{path}{name}.")


KEYS = dict(every_key(PlaybookSchema()))


@pytest.mark.parametrize("path", KEYS)
def test_every_key_says_what_it_is_and_has_an_example(path: str) -> None:
    field = KEYS[path]
    told = field.metadata
    assert told, f"{path}: pass metadata=told(...) of mapping.playbook.table"
    assert re.fullmatch(r"\S.+[.]", told["about"], re.DOTALL), f"{path}: about is a sentence"
    value = field.inner if isinstance(field, fields.List) else field
    if isinstance(getattr(value, "value_field", value), fields.Nested):
        assert told["example"] is None, f"{path}: the examples of a table are those of its keys"
    else:
        assert told["example"] is not None, f"{path}: an example is missing"
        assert may_be(field), f"{path}: the function that reads it has no docstring"
        assert not may_be(field).endswith(": "), f"{path}: the function that reads it has no docstring"


def test_the_page_is_what_the_schema_says() -> None:
    assert PAGE.read_text("utf-8") == render_reference(), RENDER


def test_the_examples_of_the_page_make_one_valid_playbook() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    playbook = load_playbook("\n".join(blocks), name="examples")
    assert [member.name for member in playbook.team] == ["Maya Whitfield"]
    assert playbook.crm["hubspot"].contact[0].options == ("Phone", "Text message", "Email", "Any")


def test_the_page_names_every_key_and_every_canonical_field() -> None:
    page = PAGE.read_text("utf-8")
    absent = [
        path
        for path, field in KEYS.items()
        if not is_table(field) and f"| `{path.rpartition('.')[2]}` |" not in page
    ]
    assert absent == []
    assert [name for name in SOURCES if f"| `{name}` |" not in page] == []
