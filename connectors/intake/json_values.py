"""Values out of JSON whose shape nobody promised, by the several places where they may stand."""

from __future__ import annotations

import re

from connectors.intake.base import Document, JsonValue
from connectors.intake.flatten import answer_text
from connectors.intake.json_shape import JsonObject, object_in
from mapping.answers import Answer

_NOTHING = re.compile(r"[$€£\s]*0*[.,]?0*")
_LONGEST = 4000


def fields_of(document: Document) -> JsonObject:
    """The object that was sent, or the fields of a form as one; {} for anything else."""
    if document.kind == "form":
        return {**dict(reversed(document.form))}
    return object_in(document.json)


def at(value: JsonValue, path: str) -> JsonValue:
    """What stands at "loan.property.0.state"; None where the path ends early. Case does not matter."""
    for name in path.split("."):
        if isinstance(value, list):
            value = value[int(name)] if name.isdecimal() and int(name) < len(value) else None
        elif isinstance(value, dict):
            folded = name.lower()
            value = next((item for key, item in value.items() if key.lower() == folded), None)
        else:
            return None
    return value


def text_at(value: JsonValue, *paths: str) -> str:
    """The first of these places that holds a text or a number, as text; "" when none does."""
    for path in paths:
        found = at(value, path)
        if not isinstance(found, dict | list) and (text := answer_text(found)):
            return text[:_LONGEST]
    return ""


def money_at(value: JsonValue, *paths: str) -> str:
    """As text_at, for amounts: portals write 0 where nothing was said."""
    found = (text_at(value, path) for path in paths)
    return next((text for text in found if text and not _NOTHING.fullmatch(text)), "")


def known(field: str, text: str, label: str = "") -> list[Answer]:
    """The answer to a canonical field, none when nothing was said. label is for what no field holds."""
    return [Answer(field or label, label, (text,), field)] if text else []
