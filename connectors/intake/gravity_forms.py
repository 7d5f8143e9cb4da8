"""Gravity Forms' webhook: an entry under the numbers of its fields, or the keys that the admin chose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from connectors.intake.base import Document, RawRequest
from connectors.intake.flatten import answer_text, as_tree, flatten_value
from connectors.intake.json_shape import JsonObject, object_in
from connectors.intake.json_values import text_at
from connectors.intake.website_form import Opened, WebsiteForm, as_sent
from mapping.answers import Answer, Origin

# The entry's own properties: what the plugin keeps about it, no answers.
_ENTRY = frozenset(
    {"id", "form_id", "post_id", "date_created", "date_updated", "is_starred", "is_read", "ip", "source_url"}
    | {"user_agent", "currency", "payment_status", "payment_date", "payment_amount", "payment_method"}
    | {"transaction_id", "transaction_type", "is_fulfilled", "created_by", "status", "source_id"}
    | {"gform_field_labels", "form_title", "is_approved", "resume_token", "workflow_step", "partial_entry_id"}
)
_CERTAIN = {"form_id", "date_created", "source_url", "is_read"}
_NUMBER = re.compile(r"(?:input_)?(\d+)(?:[._](\d+))?")
# A name field has these inputs and no other; a list of check boxes begins with .1.
_NAME_INPUTS = {"3": "first_name", "4": "middle_name", "6": "last_name", "8": "suffix"}
_CONSENT_WORDS = 3


class GravityForms(WebsiteForm):
    """https://docs.gravityforms.com/category/add-ons-gravity-forms/webhooks-add-on/. It signs nothing."""

    vendor = "gravityforms"

    def fits(self, tree: JsonObject) -> bool:
        """The properties of an entry."""
        return tree.keys() >= _CERTAIN

    def open(self, document: Document, request: RawRequest) -> Opened:
        """The fields under their numbers ("1.3"): the path's mapping says what they are."""
        tree = as_tree(document)
        if not ("form_id" in tree and ("date_created" in tree or "source_url" in tree)):
            return as_sent(document)
        labels = {key: answer_text(label) for key, label in _labels(tree).items() if isinstance(label, str)}
        return Opened(
            list(_told(_answers(tree, labels))),
            external_id=text_at(tree, "id"),
            submitted_at=_utc(text_at(tree, "date_created")),
            origin=Origin(
                page_url=text_at(tree, "source_url"),
                ip=text_at(tree, "ip"),
                user_agent=text_at(tree, "user_agent"),
                form_id=text_at(tree, "form_id"),
                form_title=text_at(tree, "form_title"),
            ),
        )


def _labels(tree: JsonObject) -> JsonObject:
    return object_in(tree.get("gform_field_labels"))


def _answers(tree: JsonObject, labels: Mapping[str, str]) -> dict[str, Answer]:
    found = flatten_value({key: value for key, value in tree.items() if key not in _ENTRY})
    return {item.key: Answer(item.key, item.label or labels.get(item.key, ""), item.values) for item in found}


def _told(answers: Mapping[str, Answer]) -> Iterator[Answer]:
    """The answers, with what their numbers alone make certain: consent boxes and the parts of one name."""
    names = _name_inputs(answers)
    for key, answer in answers.items():
        number = _NUMBER.fullmatch(key)
        field, part = (number[1], number[2]) if number else ("", "")
        words = answers.get(f"{field}.2")
        if part in ("1", "2", "3") and words and _is_consent(answers, field):
            if part == "1":
                yield Answer(key, words.text, answer.values, "consent")
            elif part == "2":
                yield Answer(key, answer.label, answer.values, "consent_text")
            continue
        yield Answer(key, answer.label, answer.values, names.get(key, ""))


def _is_consent(answers: Mapping[str, Answer], field: str) -> bool:
    """A tick, the words beside it, and the number of the form's revision that had them."""
    tick, words, revision = (answers.get(f"{field}.{part}") for part in (1, 2, 3))
    return bool(
        tick
        and words
        and revision
        and tick.text == "1"
        and len(words.text.split()) >= _CONSENT_WORDS
        and revision.text.isdigit()
    )


def _name_inputs(answers: Mapping[str, Answer]) -> dict[str, str]:
    """Key -> field, when exactly one field of the form is a name without a label."""
    inputs: dict[str, set[str]] = {}
    for key in answers:
        number = _NUMBER.fullmatch(key)
        if number and number[2]:
            inputs.setdefault(number[1], set()).add(number[2])
    named = [field for field, parts in inputs.items() if {"3", "6"} <= parts <= {"2", *_NAME_INPUTS}]
    if len(named) != 1:
        return {}
    return {f"{named[0]}.{part}": field for part, field in _NAME_INPUTS.items()}


def _utc(text: str) -> datetime | None:
    """The plugin writes UTC without saying so."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
