"""Careful steps into JSON whose shape the sender decides: what is not there is empty, never an error."""

from __future__ import annotations

import re

from connectors.intake.base import JsonValue
from connectors.intake.flatten import answer_text
from mapping.answers import Answer

JsonObject = dict[str, JsonValue]

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_WORD = re.compile(r"[\W_]+")


def object_in(value: JsonValue, *path: str) -> JsonObject:
    """The object at the end of the path; {} when there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def objects_in(value: JsonValue) -> list[JsonObject]:
    """The objects of a list; a single object counts as a list of one (XML has it so)."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text_in(value: JsonValue, *path: str) -> str:
    """The scalar at the end of the path as text; "" when there is none."""
    *parents, last = path or ("",)
    found = object_in(value, *parents).get(last) if path else value
    return "" if isinstance(found, dict | list) else answer_text(found)


def answer(key: str, value: JsonValue, field: str = "", label: str = "") -> list[Answer]:
    """The answer as a list, which is empty when there is nothing in it."""
    items = value if isinstance(value, list) else [value]
    texts = (text_in(item) for item in items)
    values = tuple(text for text in texts if text)
    return [Answer(key, label, values, field)] if values else []


def in_words(name: str) -> str:
    """A name from code as a person would write it: "firstTimeBuyer" -> "First time buyer"."""
    words = _NOT_WORD.sub(" ", _CAMEL.sub(" ", name)).strip()
    return words[:1].upper() + words[1:].lower() if not words.isupper() else words.capitalize()
