"""Fluent Forms' webhook: answers by the fields' names, and __submission with everything about the entry."""

from __future__ import annotations

import re
from dataclasses import replace

from connectors.intake.base import Document, RawRequest
from connectors.intake.flatten import as_tree, flatten_value
from connectors.intake.json_shape import JsonObject, object_in
from connectors.intake.json_values import text_at
from connectors.intake.website_form import Opened, WebsiteForm, as_sent
from mapping.answers import Answer, Origin

_SUBMISSION = "__submission"
_MACHINERY = re.compile(r"__fluent_form\w*|_fluentform_\w+|__stripe\w*|item__\d+__fluent_sf")
# The plugin's names for fields of several parts; their parts' names say what is asked.
_PARTS = re.compile(r"(?:names|address_\d+)(?:_\d+)?\.(\w+)")


class FluentForms(WebsiteForm):
    """https://fluentforms.com/docs/webhook-integration/. It signs nothing; created_at has no zone."""

    vendor = "fluent-forms"

    def fits(self, tree: JsonObject) -> bool:
        """__submission with the id of an entry."""
        return "id" in object_in(tree.get(_SUBMISSION))

    def open(self, document: Document, request: RawRequest) -> Opened:
        """The answers at the top; __submission.user_inputs has them again, or alone."""
        tree = as_tree(document)
        if not tree:
            return as_sent(document)
        entry = object_in(tree.get(_SUBMISSION))
        top = {
            key: value for key, value in tree.items() if key != _SUBMISSION and not _MACHINERY.fullmatch(key)
        }
        answers = flatten_value(top) or flatten_value(_inputs(entry))
        return Opened(
            [_named(item) for item in answers],
            external_id=text_at(entry, "id"),
            origin=Origin(
                page_url=text_at(entry, "source_url"),
                ip=text_at(entry, "ip"),
                form_id=text_at(entry, "form_id"),
                form_title=text_at(tree, "form_title"),
            ),
        )


def _inputs(entry: JsonObject) -> JsonObject:
    inputs = object_in(entry.get("user_inputs"))
    return {key: value for key, value in inputs.items() if not _MACHINERY.fullmatch(key)}


def _named(item: Answer) -> Answer:
    """names.first_name asks for the first name; what it is called in full only tells two addresses apart."""
    part = _PARTS.fullmatch(item.key)
    return replace(item, label=part[1].replace("_", " ").capitalize()) if part and not item.label else item
