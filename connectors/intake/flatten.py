"""Any website's data as a flat list of answers: objects, repeated fields and label/value pairs undone."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from connectors.intake.base import Document, JsonValue, Unreadable
from connectors.intake.json_body import parse_json
from mapping.answers import Answer

MAX_ANSWERS = 1_000

_LABEL_KEYS = ("label", "title", "question", "column_name", "fieldName", "field_name")
_NAME_KEYS = ("key", "name", "ref", "field", "column_id", "id")
_VALUE_KEYS = ("value", "values", "answer", "answers", "response", "string_value")

# Boxes around the answers that say nothing about them; an answer is named from inside its container.
_CONTAINERS = frozenset(
    {"data", "fields", "answers", "values", "responses", "form_data", "formdata", "form_fields"}
    | {"user_inputs", "submissions", "field_data", "user_column_data", "namedvalues"}
    | {"rawrequest", "data.json", "data_json"}
)
# Descriptions of the form itself (Webflow, Typeform): no answers.
_DESCRIPTIONS = frozenset({"schema", "definition"})
_ENVELOPES = frozenset({"payload", "body", "event", "submission", "__submission"})

_BRACKETS = re.compile(r"\[([^\[\]]+)\]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

Path = tuple[str, ...]


def flatten(document: Document) -> list[Answer]:
    """What was answered, in order; blank answers are left out, a name may stand more than once.

    Nested keys are joined with dots. Raises Unreadable: too_many_fields (over 1,000 answers).
    """
    return flatten_value(document.json if document.kind == "json" else nested(document.form))


def as_tree(document: Document) -> dict[str, JsonValue]:
    """The body as one object, a form's names in brackets undone; {} when it is a list or a bare value."""
    if document.kind == "form":
        return nested(document.form)
    return document.json if isinstance(document.json, dict) else {}


def flatten_value(value: JsonValue) -> list[Answer]:
    """As flatten, for a part of a body."""
    seen: dict[Answer, None] = {}
    for answer in _answers((), "", value):
        seen[answer] = None  # some plugins send every answer twice, in two places
        if len(seen) > MAX_ANSWERS:
            raise Unreadable("too_many_fields", f"The body has more than {MAX_ANSWERS} answers.", keep=True)
    return list(seen)


def answer_text(value: JsonValue) -> str:
    """One scalar as a person would write it: yes/no, no exponents, NFC, no control characters."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f").removesuffix(".0")
    text = str(value)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return _CONTROL.sub("", text).strip()


def nested(form: tuple[tuple[str, str], ...]) -> dict[str, JsonValue]:
    """Form fields as an object: fields[email][value] becomes {"fields": {"email": {"value": ...}}}."""
    tree: dict[str, JsonValue] = {}
    for name, value in form:
        node = tree
        *parents, last = _bracket_path(name)
        for part in parents:
            child = node.setdefault(part, {})
            if not isinstance(child, dict):  # a=1 beside a[b]=2
                node, last = tree, name
                break
            node = child
        _append(node, last, value)
    return tree


def _bracket_path(name: str) -> Path:
    """fields[email][value] → ("fields", "email", "value"); choice[] → ("choice",), as PHP has it."""
    if "[" not in name:
        return (name,)
    head, bracket, rest = name.removesuffix("[]").partition("[")
    parts = _BRACKETS.findall(bracket + rest)
    if not head or len(parts) > 8 or "".join(f"[{part}]" for part in parts) != bracket + rest:
        return (name,)
    return (head, *parts)


def _append(node: dict[str, JsonValue], name: str, value: str) -> None:
    known = node.get(name)
    if known is None:
        node[name] = value
    elif isinstance(known, list):
        known.append(value)
    elif isinstance(known, dict):
        _append(known, "", value)
    else:
        node[name] = [known, value]


def _answers(path: Path, label: str, value: JsonValue) -> Iterator[Answer]:
    if isinstance(value, str) and not value.lstrip().startswith("{"):
        # What nearly all of it is.
        if text := answer_text(value):
            yield Answer(_key(path), label, (text,))
    elif isinstance(value, dict):
        yield from _object_answers(path, label, value)
    elif isinstance(value, list) and any(isinstance(item, list | dict) for item in value):
        for number, item in enumerate(value):
            yield from _answers((*path, str(number)), label, item)
    elif (embedded := _embedded(value)) is not None:
        yield from _answers(path, label, embedded)
    else:
        items = value if isinstance(value, list) else [value]
        values = tuple(text for text in map(answer_text, items) if text)
        if values:
            yield Answer(_key(path), label, values)


def _object_answers(path: Path, label: str, value: dict[str, JsonValue]) -> Iterator[Answer]:
    value_key = next((key for key in _VALUE_KEYS if key in value), "")
    own_label = _first_text(value, _LABEL_KEYS) if value_key else ""
    own_name = _first_text(value, _NAME_KEYS) if value_key else ""
    if own_label or own_name:
        in_list = not path or path[-1].isdigit()
        here = (*path[:-1], own_name or own_label) if in_list else path
        yield from _answers(here, own_label, value[value_key])
        return
    for key, item in value.items():
        if key not in _DESCRIPTIONS or not isinstance(item, dict | list):
            yield from _answers((*path, key), label, item)


def _first_text(value: dict[str, JsonValue], keys: tuple[str, ...]) -> str:
    found = (value.get(key) for key in keys)
    return next((text.strip() for text in found if isinstance(text, str) and text.strip()), "")


def _embedded(value: JsonValue) -> dict[str, JsonValue] | None:
    """The object in a field that holds JSON text (Jotform's rawRequest, Unbounce's data.json)."""
    return json_inside(value)


def json_inside(value: JsonValue) -> dict[str, JsonValue] | None:
    """The object that a text holds as JSON; None when it is no such text."""
    if not isinstance(value, str) or not value.lstrip().startswith("{"):
        return None
    try:
        parsed = parse_json(value)
    except (Unreadable, json.JSONDecodeError):
        return None  # then it is what someone wrote
    return parsed if isinstance(parsed, dict) else None


def _key(path: Path) -> str:
    if len(path) == 1:
        return path[0]
    start = 0
    for number, part in enumerate(path[:-1]):
        if part.lower() in _CONTAINERS:
            start = number + 1
        elif part.lower() not in _ENVELOPES:
            break
    return ".".join(part for part in path[start:] if part)
