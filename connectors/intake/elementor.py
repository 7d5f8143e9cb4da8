"""Elementor Pro's webhook action: labels as names (simple), or fields and meta apart ("Advanced Data")."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.intake.base import Document, RawRequest
from connectors.intake.flatten import answer_text, as_tree, flatten_value
from connectors.intake.json_shape import JsonObject, object_in
from connectors.intake.json_values import text_at
from connectors.intake.typed_questions import with_types
from connectors.intake.website_form import Opened, WebsiteForm, as_sent
from mapping.answers import Answer, Origin

_NO_QUESTION = frozenset({"recaptcha", "recaptcha_v3", "hcaptcha", "step", "html", "password"})
_NO_LABEL = "No Label "
# Meta data in the simple form, where the website is in English; the signature tells it from questions.
_META = {"page url": "page_url", "remote ip": "ip", "user agent": "user_agent"}
_SIGNED = ("Powered by", "Elementor")
_NO_ANSWER = frozenset({"date", "time", "powered by", "form_id", "form_name"})


class Elementor(WebsiteForm):
    """It takes only exactly 200 for success, sends no id, repeats nothing and signs nothing."""

    vendor = "elementor"

    def fits(self, tree: JsonObject) -> bool:
        """fields[..][raw_value] beside form[id], or Elementor's signature under a simple form."""
        return _is_advanced(tree) or text_at(tree, _SIGNED[0]) == _SIGNED[1]

    def open(self, document: Document, request: RawRequest) -> Opened:
        """Field id or label and value; the date in the meta data has the website's language and no zone."""
        tree = as_tree(document)
        if _is_advanced(tree):
            return _advanced(tree)
        return _simple(tree) if tree else as_sent(document)


def _is_advanced(tree: JsonObject) -> bool:
    return bool(object_in(tree.get("fields"))) and bool({"id", "name"} & object_in(tree.get("form")).keys())


def _advanced(tree: JsonObject) -> Opened:
    form, meta = object_in(tree.get("form")), object_in(tree.get("meta"))
    typed = [
        pair for key, field in object_in(tree["fields"]).items() for pair in _field(key, object_in(field))
    ]
    rest = {key: value for key, value in tree.items() if key not in ("form", "fields", "meta")}
    return Opened(
        [*with_types(typed), *flatten_value(rest)],
        origin=Origin(
            page_url=_meta(meta, "page_url"),
            ip=_meta(meta, "remote_ip"),
            user_agent=_meta(meta, "user_agent"),
            form_id=text_at(form, "id"),
            form_title=text_at(form, "name"),
        ),
    )


def _field(key: str, field: JsonObject) -> Iterator[tuple[str, Answer]]:
    kind, value = text_at(field, "type"), field.get("value")
    raw = field.get("raw_value")
    given = raw if isinstance(raw, list) and raw else value
    values = tuple(filter(None, map(answer_text, given if isinstance(given, list) else [given])))
    name = "honeypot" if kind == "honeypot" else text_at(field, "id") or key
    if values and kind not in _NO_QUESTION:
        yield kind, Answer(name, text_at(field, "title"), values)


def _meta(meta: JsonObject, name: str) -> str:
    return text_at(meta, f"{name}.value")


def _simple(tree: JsonObject) -> Opened:
    """Labels are the keys; of two fields with one label only the last one comes."""
    is_signed = text_at(tree, _SIGNED[0]) == _SIGNED[1]
    found = {
        _META[key.lower()]: text_at({key: value}, key) for key, value in tree.items() if key.lower() in _META
    }
    hidden = {*_NO_ANSWER, *_META} if is_signed else {"form_id", "form_name"}
    answers = flatten_value({key: value for key, value in tree.items() if key.lower() not in hidden})
    return Opened(
        [Answer(item.key.removeprefix(_NO_LABEL), item.label, item.values) for item in answers],
        origin=Origin(
            page_url=found.get("page_url", ""),
            ip=found.get("ip", ""),
            user_agent=found.get("user_agent", ""),
            form_id=text_at(tree, "form_id"),
            form_title=text_at(tree, "form_name"),
        )
        if is_signed
        else Origin(form_id=text_at(tree, "form_id"), form_title=text_at(tree, "form_name")),
    )
