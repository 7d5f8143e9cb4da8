"""Google Forms through our Apps Script (docs/intake/google-forms.gs), or a script that sends namedValues."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.intake.base import Document, RawRequest
from connectors.intake.envelope import aware_time
from connectors.intake.flatten import as_tree, flatten_value
from connectors.intake.json_shape import JsonObject, objects_in
from connectors.intake.json_values import text_at
from connectors.intake.typed_questions import with_types
from connectors.intake.website_form import Opened, WebsiteForm, as_sent
from mapping.answers import Answer, Origin

OURS = "google-forms"
# The sheet's own column, in the sheet's language, format and zone: no instant can be read from it.
_TIMESTAMP = frozenset({"timestamp", "horodateur", "marca temporal"})
_TYPES = {"PARAGRAPH_TEXT": "textarea", "FILE_UPLOAD": "upload"}


class GoogleForms(WebsiteForm):
    """Nothing of Google's: the script shows the path's secret in X-Intake-Token."""

    vendor = OURS

    def fits(self, tree: JsonObject) -> bool:
        """Our script's mark, or an event of a form or its sheet."""
        return text_at(tree, "source") == OURS or isinstance(tree.get("namedValues"), dict)

    def open(self, document: Document, request: RawRequest) -> Opened:
        """Questions by their titles."""
        tree = as_tree(document)
        named = tree.get("namedValues")
        if text_at(tree, "source") != OURS and not isinstance(named, dict):
            return _of_titles(tree) if tree else as_sent(document)
        answers = with_types(_answers(tree)) if "answers" in tree else _of_titles(named).items
        return Opened(
            [*answers, *_respondent(tree)],
            external_id=text_at(tree, "response_id"),
            submitted_at=aware_time(text_at(tree, "submitted_at")),
            origin=Origin(form_id=text_at(tree, "form_id"), form_title=text_at(tree, "form_title")),
        )


def _of_titles(named: object) -> Opened:
    titles = named if isinstance(named, dict) else {}
    return Opened(
        [
            Answer(title, "", item.values)
            for title, value in titles.items()
            if title.strip().lower() not in _TIMESTAMP
            for item in flatten_value({"answer": value})
        ]
    )


def _answers(tree: JsonObject) -> Iterator[tuple[str, Answer]]:
    for number, one in enumerate(objects_in(tree.get("answers"))):
        title = text_at(one, "title")
        for item in flatten_value({"value": one.get("value")}):
            # A grid's rows are questions of their own.
            row = item.key.removeprefix("value").removeprefix(".")
            label = f"{title}: {row}" if row else title
            key = text_at(one, "id") or str(number)
            yield (
                _TYPES.get(text_at(one, "type"), ""),
                Answer(f"{key}.{row}" if row else key, label, item.values),
            )


def _respondent(tree: JsonObject) -> list[Answer]:
    """The address that Google collected; a question of the form's own comes before it."""
    address = text_at(tree, "respondent_email")
    return [Answer("respondent_email", "Email address", (address,))] if address else []
