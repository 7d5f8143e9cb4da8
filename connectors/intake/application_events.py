"""Events about applications from portals whose payload is read by the names in it and the path's mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from connectors.intake.application_status import told_status
from connectors.intake.application_words import application_field
from connectors.intake.base import Adapter, Document, JsonValue, Options, RawRequest, Unreadable
from connectors.intake.envelope import aware_time, usable_id
from connectors.intake.flatten import flatten
from connectors.intake.json_values import fields_of, text_at
from connectors.intake.link_id import link_in, link_refs
from connectors.intake.proof import require_token
from mapping.answers import Answer, Answers

_EVENT_IDS = ("eventId", "event_id", "_id", "webhookId", "webhook_id", "messageId", "event.id")
_TIMES = ("eventTime", "event_time", "timestamp", "_timestamp", "occurredAt", "created_at", "createdAt")
_EVENTS = ("event", "eventType", "event_type", "eventName", "trigger", "action")
_TESTS = ("ping", "test", "webhook.test", "test_event")
_ABOUT_EVENT = frozenset({*_EVENT_IDS, *_TIMES, *_EVENTS, "version", "_links", "links"})


class ApplicationEvents(Adapter):
    """Any portal that posts JSON or a form for each event: the path's field mapping says what is what.

    keeps_rest: what nobody could place is kept for the note; portals known by name send too much for that.
    """

    vendor = "application-events"
    takes = frozenset({"json", "form"})
    keeps_rest = True

    def verify(self, request: RawRequest, secret: str) -> None:
        """Raise NotTrusted unless the path's secret was shown ("" = the address alone is the secret)."""
        require_token(request, secret)

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers]:
        """One part for each event. Raises Unreadable: wrong_shape, too_many_fields."""
        if document.kind == "json" and not isinstance(document.json, dict | list):
            raise Unreadable("wrong_shape", "This is no event: send an object.", keep=True)
        documents = [Document("json", json=one) for one in self.events(document.json)]
        return [self._event(one, options) for one in (documents if document.kind == "json" else [document])]

    def events(self, body: JsonValue) -> list[JsonValue]:
        """The events of one call."""
        found = body if isinstance(body, list) else [body]
        return [one for one in found if isinstance(one, dict)] or [{}]

    def status(self, word: str, event: str) -> str:
        """What the event tells of the application: its status word, else the event's name."""
        return told_status(word, event)

    def ref(self, number: str, options: Options) -> str:
        """The name of an application: each path may be another portal, whose numbers are its own."""
        return f"application:{self.vendor}:{options.path}:{number}"

    def _event(self, document: Document, options: Options) -> Answers:
        body = fields_of(document)
        event = text_at(body, *_EVENTS)
        event_id = usable_id(text_at(body, *_EVENT_IDS))
        if event.lower() in _TESTS:
            why = "The sender tries the address out."
            return Answers(self.vendor, (), event_id=event_id, ignored=why, ignored_code="handshake")
        mapped = {name.lower(): field for name, field in options.sheet.items()}
        items = [_placed(one, mapped) for one in flatten(document) if one.key not in _ABOUT_EVENT]
        said = {one.field: one.text for one in reversed(items) if one.field}
        status = self.status(said.get("application_status", ""), event)
        items = [one for one in items if one.field != "application_status"]
        items += [Answer("application_status", "", (status,), "application_status")] if status else []
        number = usable_id(said.get("application_id", ""))
        link = link_in(said.get("application_link", ""))
        kept = [one for one in items if one.field or self.keeps_rest]
        return Answers(
            self.vendor,
            tuple(_with_link(one, link) for one in kept),
            external_id=number,
            event_id=event_id,
            submitted_at=aware_time(text_at(body, *_TIMES)),
            kind="update",
            refs=(*((self.ref(number, options),) if number else ()), *link_refs(link)),
        )


def _placed(answer: Answer, mapped: Mapping[str, str]) -> Answer:
    """The answer with its field: the path's mapping decides before the vocabulary."""
    if answer.key.lower() in mapped:
        return replace(answer, field=mapped[answer.key.lower()])
    return replace(answer, field=application_field(answer.key))


def _with_link(answer: Answer, link: str) -> Answer:
    return replace(answer, values=(link,)) if link and answer.field == "application_link" else answer
