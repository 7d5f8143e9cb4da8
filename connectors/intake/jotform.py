"""Jotform's webhook: the answers are JSON in one part of a multipart form, by q<number>_<name>."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from connectors.intake.base import Document, JsonValue, RawRequest, Unreadable
from connectors.intake.flatten import answer_text, as_tree, flatten_value
from connectors.intake.json_body import parse_json
from connectors.intake.json_shape import JsonObject
from connectors.intake.json_values import text_at
from connectors.intake.website_form import Opened, WebsiteForm, as_sent
from mapping.answers import Answer, Origin
from mapping.labels.vocabulary import field_for

# What rawRequest holds beside the answers.
_NOISE = frozenset(
    {"slug", "jsexecutiontracker", "submitsource", "builddate", "uploadserverurl", "eventobserver"}
    | {"event_id", "timetosubmit", "validatednewrequiredfieldids", "path", "submitdate", "visitedpages"}
    | {"preview", "temp_upload", "file_server", "target_env", "input_language", "simple_spc", "formopenid_v5"}
    | {"embedurl", "formid", "submissionid", "stopcountdown", "event_observer", "uploadserver"}
)
_QUESTION = re.compile(r"q\d+_|\d+$")
_UNNAMED = re.compile(r"q(\d+)_([^\d.]+)\1((?:\..*)?)")
_DATE = ("year", "month", "day")


class Jotform(WebsiteForm):
    """https://www.jotform.com/help/245-how-to-setup-a-webhook-with-jotform/. It signs nothing."""

    vendor = "jotform"

    def fits(self, tree: JsonObject) -> bool:
        """A rawRequest beside Jotform's ids."""
        return "rawRequest" in tree and ("formID" in tree or "submissionID" in tree)

    def open(self, document: Document, request: RawRequest) -> Opened:
        """The answers of rawRequest; "pretty", where commas are ambiguous, is never read.

        Raises Unreadable: malformed_json and others of parse_json, wrong_shape.
        """
        tree = as_tree(document)
        if "rawRequest" not in tree:
            return as_sent(document)
        raw = tree["rawRequest"]
        answers = parse_json(raw) if isinstance(raw, str) else raw
        if not isinstance(answers, dict):
            raise Unreadable("wrong_shape", "Jotform's rawRequest holds no JSON object.", keep=True)
        return Opened(
            _with_names([_labelled(item) for item in flatten_value(dict(_questions(answers)))]),
            external_id=text_at(tree, "submissionID"),
            origin=Origin(
                ip=text_at(tree, "ip"),
                form_id=text_at(tree, "formID"),
                form_title=text_at(tree, "formTitle"),
            ),
        )


def _questions(answers: JsonObject) -> Iterator[tuple[str, JsonValue]]:
    for key, value in answers.items():
        if key.lower() in _NOISE or key.startswith("lite_mode_"):
            continue
        if isinstance(value, str) and value.startswith("data:"):
            continue  # a signature, as a picture
        yield key, _joined(value) if _QUESTION.match(key) and isinstance(value, dict) else value


def _labelled(item: Answer) -> Answer:
    """Jotform calls a question that nobody named after its type and number: q4_email4 asks for the email."""
    unnamed = _UNNAMED.fullmatch(item.key)
    return replace(item, label=(unnamed[2] + unnamed[3]).replace(".", " ")) if unnamed else item


def _with_names(items: list[Answer]) -> list[Answer]:
    """The parts of a name field, whatever the form's language calls the field."""
    asked = {item.key.rpartition(".")[0] for item in items if item.key.endswith((".first", ".last"))}
    whose = {question: _whose(question, alone=len(asked) == 1) for question in asked}
    return [_named(item, whose.get(item.key.rpartition(".")[0], "")) for item in items]


def _whose(question: str, *, alone: bool) -> str:
    """Which canonical names the parts of a question fill; "" when that is not certain."""
    field = field_for(question, "")
    if field in ("full_name", "co_full_name"):
        return field.replace("full", "{}")
    return "{}_name" if alone and not field else ""


def _named(item: Answer, names: str) -> Answer:
    part = item.key.rpartition(".")[2]
    certain = bool(names) and part in ("first", "last")
    return replace(item, field=names.format(part)) if certain else item


def _joined(value: JsonObject) -> JsonValue:
    """A date or a phone number that Jotform sends in parts, as one text."""
    parts = {name: answer_text(part) for name, part in value.items() if not isinstance(part, dict | list)}
    if all(parts.get(name, "").isdigit() for name in _DATE):
        return f"{parts['year']}-{parts['month']:0>2}-{parts['day']:0>2}"
    if "phone" in parts and set(parts) <= {"country", "area", "phone"}:
        country = parts.get("country", "").removeprefix("+")
        return " ".join(filter(None, (f"+{country}" if country else "", parts.get("area"), parts["phone"])))
    return value
