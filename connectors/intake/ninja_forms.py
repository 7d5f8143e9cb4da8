"""Ninja Forms through its webhooks add-on: the admin's own keys, as a form or as JSON in one argument."""

from __future__ import annotations

from connectors.intake.base import Document, RawRequest
from connectors.intake.flatten import as_tree, flatten_value, json_inside
from connectors.intake.json_shape import JsonObject, objects_in
from connectors.intake.json_values import text_at
from connectors.intake.typed_questions import with_types
from connectors.intake.website_form import Opened, WebsiteForm, as_sent
from mapping.answers import Answer, Origin

_NO_QUESTION = frozenset({"submit", "html", "hr", "recaptcha", "recaptcha_v3", "spam", "confirm", "divider"})


class NinjaForms(WebsiteForm):
    """https://ninjaforms.com/docs/webhooks/. It sends no id and signs nothing."""

    vendor = "ninja-forms"

    def open(self, document: Document, request: RawRequest) -> Opened:
        """The arguments; JSON that is the only argument is opened."""
        tree = as_tree(document)
        if document.kind == "form" and len(tree) == 1:
            tree = json_inside(next(iter(tree.values()))) or tree
        fields = _fields(tree)
        if fields:
            return Opened(
                with_types((text_at(field, "type"), answer) for field in fields for answer in _answer(field)),
                external_id=text_at(tree, "sub_id", "submission_id"),
                origin=Origin(form_id=text_at(tree, "form_id"), form_title=text_at(tree, "settings.title")),
            )
        return Opened(flatten_value(tree)) if tree else as_sent(document)


def _fields(tree: JsonObject) -> list[JsonObject]:
    """The plugin's own list, {"fields": {"1": {"key", "label", "type", "value"}}}; [] when not sent."""
    sent = tree.get("fields")
    fields = objects_in(list(sent.values()) if isinstance(sent, dict) else sent)
    return fields if fields and all("value" in field and "key" in field for field in fields) else []


def _answer(field: JsonObject) -> list[Answer]:
    if text_at(field, "type") in _NO_QUESTION:
        return []
    values = tuple(value for item in flatten_value({"value": field["value"]}) for value in item.values)
    return [Answer(text_at(field, "key"), text_at(field, "label"), values)] if values else []
