"""Typeform's webhook: its signature, and its answers joined to the questions they belong to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from connectors.intake.base import Adapter, Document, JsonValue, NotTrusted, Options, RawRequest, Unreadable
from connectors.intake.envelope import aware_time, usable_id
from connectors.intake.flatten import answer_text
from connectors.intake.typed_questions import with_types
from mapping.answers import Answer, Answers, Origin

_SECRET_SEPARATOR = re.compile(r"[\s,]+")

JsonObject = dict[str, JsonValue]


class Typeform(Adapter):
    """One submission per call; https://www.typeform.com/developers/webhooks/."""

    vendor = "typeform"
    signs = True

    def verify(self, request: RawRequest, secret: str) -> None:
        """Raise NotTrusted unless Typeform-Signature was made with one of the secrets.

        The signature is "sha256=" and the base64 of HMAC-SHA256 over the raw body. Several secrets, separated
        by blanks or commas, are all good (rotation); without any, Typeform signs nothing and none is asked.
        """
        secrets = [word for word in _SECRET_SEPARATOR.split(secret) if word]
        if not secrets:
            return
        given = request.headers.get("typeform-signature", "").strip().encode(errors="replace")
        matches = [hmac.compare_digest(given, _signature(one, request.body)) for one in secrets]
        if not any(matches):
            raise NotTrusted(
                "bad_signature",
                "The Typeform-Signature header is missing or was not made with this path's secret; "
                "enter the same secret in Typeform and here.",
                status=401,
            )

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers]:
        """The answered questions under Typeform's ref with their title, then the hidden fields.

        A partial response counts once it has a way to reach the person. Raises Unreadable: wrong_shape.
        """
        event = _object(document.json)
        kind = event.get("event_type")
        response = _object(event.get("form_response"))
        if isinstance(kind, str) and kind not in ("form_response", "form_response_partial"):
            return [Answers(self.vendor, (), ignored="This Typeform event is not a form response.")]
        if not kind or not response:
            raise Unreadable("wrong_shape", "This is not a Typeform form_response event.", keep=True)
        given = _objects(response.get("answers"))
        ignored = ""
        if kind == "form_response_partial" and not any(
            answer.get("type") in ("email", "phone_number") for answer in given
        ):
            ignored = "A partial Typeform response without an email or phone."
        answers = Answers(
            self.vendor,
            (*with_types(_answered(given, response)), *_hidden(response)),
            external_id=usable_id(answer_text(response.get("token"))),
            event_id=usable_id(answer_text(event.get("event_id"))),
            submitted_at=_submitted_at(response, request),
            origin=_origin(response),
            ignored=ignored,
        )
        return [answers]


def is_response(document: Document) -> bool:
    """Whether this is an event of Typeform's, wherever it was sent."""
    event = _object(document.json)
    return isinstance(event.get("event_type"), str) and "form_response" in event


def _signature(secret: str, body: bytes) -> bytes:
    digest = hmac.digest(secret.encode(), body, hashlib.sha256)
    return b"sha256=" + base64.b64encode(digest)


def _answered(given: list[JsonObject], response: JsonObject) -> Iterator[tuple[str, Answer]]:
    """Each answer with the type of its question."""
    fields = _objects(_object(response.get("definition")).get("fields"))
    titles = {answer_text(field.get("id")): answer_text(field.get("title")) for field in fields}
    for answer in given:
        field = _object(answer.get("field"))
        field_id = answer_text(field.get("id"))
        kind = answer_text(answer.get("type"))
        values = tuple(text for text in map(answer_text, _values(kind, answer.get(kind))) if text)
        if values:
            answered = Answer(answer_text(field.get("ref")) or field_id, titles.get(field_id, ""), values)
            yield answer_text(field.get("type")) or kind, answered


def _values(kind: str, value: JsonValue) -> list[JsonValue]:
    """The scalars of one answer: payments give their amount alone, never the payer's card."""
    if not isinstance(value, dict):
        return value if isinstance(value, list) else [value]
    if kind == "choice":
        return [value.get("label"), value.get("other")]
    if kind == "choices":
        labels = value.get("labels")
        return [*(labels if isinstance(labels, list) else []), value.get("other")]
    if kind == "payment":
        return [value.get("amount")]
    return [item for item in value.values() if not isinstance(item, dict | list)]


def _hidden(response: JsonObject) -> Iterator[Answer]:
    for key, value in _object(response.get("hidden")).items():
        if text := answer_text(value):
            yield Answer(key, "", (text,))


def _submitted_at(response: JsonObject, request: RawRequest) -> datetime | None:
    return aware_time(answer_text(response.get("submitted_at"))) or request.received_at


def _origin(response: JsonObject) -> Origin:
    definition = _object(response.get("definition"))
    metadata = _object(response.get("metadata"))
    return Origin(
        referrer=answer_text(metadata.get("referer")),
        user_agent=answer_text(metadata.get("user_agent")),
        form_id=answer_text(response.get("form_id")),
        form_title=answer_text(definition.get("title")),
    )


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _objects(value: JsonValue) -> list[JsonObject]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
