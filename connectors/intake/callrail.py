"""CallRail: calls (answered or missed), text messages and forms that it tracked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from connectors.intake.base import Adapter, Document, JsonValue, Options, RawRequest, Unreadable
from connectors.intake.envelope import aware_time, usable_id
from connectors.intake.json_shape import JsonObject, answer, in_words, object_in, text_in
from connectors.intake.proof import base64_sha1, require_signature
from connectors.intake.text_message import read_text_message
from mapping.answers import UNMAPPED, Answer, Answers, Origin
from mapping.canonical import CLICK_IDS, UTM
from mapping.reading.caller_names import callable_number, trusted_caller_name

# What the webhook says beside the call: of our own numbers, of the visit, of money.
_SHOWN = ("source", "medium", "keywords", "customer_city", "customer_state", "tracking_phone_number", "note")
_OUTBOUND = "outbound"


class CallRail(Adapter):
    """One event per call. The same is mirrored in the query string, which nobody signed: it is not read."""

    vendor = "callrail"
    takes = frozenset({"json", "form"})
    signs = True

    def verify(self, request: RawRequest, secret: str) -> None:
        """Signature is the base64 HMAC-SHA1 of the raw body."""
        require_signature(
            request.headers.get("signature", ""),
            secret,
            lambda one: base64_sha1(one, request.body),
            header="Signature",
            where="CallRail (the signing key)",
        )

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers]:
        """A call, a text message or a form. Raises Unreadable: wrong_shape."""
        event: JsonObject = dict(document.form) if document.kind == "form" else object_in(document.json)
        if not event.get("resource_id") and not event.get("id"):
            raise Unreadable("wrong_shape", "This is not a CallRail event: it has no id.", keep=True)
        if text_in(event, "direction").lower() == _OUTBOUND:
            return [self._nothing("A call or message that the brokerage itself made.", "not_an_inquiry")]
        if event.get("form_data") is not None:
            return [self._form(event)]
        if "content" in event or text_in(event, "type").lower() in (
            "sms",
            "mms",
            "sms_received",
            "text_message",
        ):
            return [self._text(event)]
        return [self._call(event)]

    def _call(self, event: JsonObject) -> Answers:
        id_ = _id(event)
        if event.get("answered") is None and event.get("duration") in (None, ""):
            return self._nothing("The call is still going on; its end will be told.", "not_an_inquiry")
        changed = isinstance(event.get("changes"), list)
        return Answers(
            self.vendor,
            (*_caller(event), *_call_facts(event), *_visit(event)),
            external_id=id_,
            event_id=f"{id_}:{text_in(event, 'timestamp')}" if changed else "",
            submitted_at=aware_time(text_in(event, "start_time") or text_in(event, "timestamp")),
            origin=_origin(event),
            kind="update" if changed else "inquiry",
            refs=(f"call:callrail:{id_}",) if id_ else (),
        )

    def _text(self, event: JsonObject) -> Answers:
        sender = text_in(event, "customer_phone_number") or text_in(event, "source_number")
        ours = text_in(event, "tracking_phone_number") or text_in(event, "destination_number")
        read = read_text_message(
            self.vendor,
            id_=_id(event),
            sender=sender,
            ours=ours,
            body=text_in(event, "content") or text_in(event, "message"),
            at=aware_time(text_in(event, "timestamp") or text_in(event, "sent_at")),
        )
        if read.ignored or read.kind == "withdrawal":
            return read
        return replace(read, items=(*read.items, *_name(event), *_visit(event)))

    def _form(self, event: JsonObject) -> Answers:
        id_ = _id(event)
        return Answers(
            self.vendor,
            (*_form_items(event.get("form_data")), *_caller(event), *_visit(event)),
            external_id=id_,
            submitted_at=aware_time(text_in(event, "submitted_at") or text_in(event, "timestamp")),
            origin=replace(_origin(event), page_url=text_in(event, "form_url")),
        )

    def _nothing(self, why: str, code: str) -> Answers:
        return Answers(self.vendor, (), ignored=why, ignored_code=code)


def _id(event: JsonObject) -> str:
    return usable_id(text_in(event, "resource_id") or text_in(event, "id"))


def _name(event: JsonObject) -> Iterator[Answer]:
    said = text_in(event, "formatted_customer_name") or text_in(event, "customer_name")
    name = trusted_caller_name(said, text_in(event, "customer_city"))
    yield from answer("customer_name", name, "full_name", "Caller id")


def _caller(event: JsonObject) -> Iterator[Answer]:
    yield from _name(event)
    yield from answer(
        "customer_phone_number", callable_number(text_in(event, "customer_phone_number")), "phone"
    )
    yield from answer("customer_email", event.get("customer_email"), "email")


def _call_facts(event: JsonObject) -> Iterator[Answer]:
    yield from answer("direction", text_in(event, "direction").lower() or "inbound", "call_direction")
    yield from answer("duration", event.get("duration"), "call_duration")
    yield from answer("answered", event.get("answered"), "call_answered")
    yield from answer("voicemail", event.get("voicemail"), UNMAPPED, "Voicemail")
    yield from answer("recording", event.get("recording"), "call_recording")
    yield from answer("call_summary", event.get("call_summary"), "message", "Summary of the call")
    yield from answer("transcription", event.get("transcription"), "message", "Transcription")
    for tag in _list(event.get("tags")):
        yield from answer("tags", object_in(tag).get("name") or tag, "inquiry_type", "Tag")


def _visit(event: JsonObject) -> Iterator[Answer]:
    yield from answer("campaign", event.get("campaign"), "campaign")
    for name in (*CLICK_IDS, *UTM):
        yield from answer(name, event.get(name), name)
    yield from answer("landing_page_url", event.get("landing_page_url"), "landing_page")
    for name in _SHOWN:
        yield from answer(name, event.get(name), UNMAPPED, in_words(name))


def _origin(event: JsonObject) -> Origin:
    return Origin(referrer=text_in(event, "referring_url") or text_in(event, "referrer"))


def _form_items(data: JsonValue) -> Iterator[Answer]:
    if isinstance(data, list):
        for each in data:
            yield from answer(text_in(each, "name") or "field", object_in(each).get("value"))
    for name, value in object_in(data).items():
        yield from answer(name, value)


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
