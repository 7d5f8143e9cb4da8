"""Twilio: text messages to the brokerage's numbers, and calls to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.intake.base import (
    Adapter,
    Document,
    JsonValue,
    NotTrusted,
    Options,
    RawRequest,
    Reply,
    Unreadable,
)
from connectors.intake.envelope import usable_id
from connectors.intake.json_shape import JsonObject, answer, in_words, object_in, text_in
from connectors.intake.proof import secrets_in
from connectors.intake.text_message import read_text_message
from connectors.intake.twilio_signature import is_signed
from mapping.answers import UNMAPPED, Answer, Answers
from mapping.consent.opt_out import Wish
from mapping.reading.caller_names import callable_number, trusted_caller_name

_WISHES: dict[str, Wish] = {"STOP": "stop", "START": "start", "HELP": "help"}
_ENDED = {"completed": "yes", "no-answer": "no", "busy": "no", "failed": "no", "canceled": "no"}
# Where a number is registered is not where its owner lives.
_REGISTERED = ("FromCity", "FromState", "FromZip", "FromCountry")
_MOST_MEDIA = 10

EMPTY = Reply(b'<?xml version="1.0" encoding="UTF-8"?><Response/>', "text/xml; charset=utf-8")


class Twilio(Adapter):
    """One message or call per request; Twilio waits for TwiML and gets an empty one: we never answer."""

    vendor = "twilio-sms"
    takes = frozenset({"form", "json"})
    signs = True

    def verify(self, request: RawRequest, secret: str) -> None:
        """X-Twilio-Signature, over the public address and every field."""
        secrets = secrets_in(secret)
        if secrets and not sum(is_signed(request, one) for one in secrets):
            raise NotTrusted(
                "bad_signature",
                "The X-Twilio-Signature header is missing or was not made with this path's auth token for "
                "this address; check the token, and the path's address as Twilio was given it.",
                status=401,
            )

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers]:
        """A message or a call. Raises Unreadable: wrong_shape."""
        sent: JsonObject = dict(document.form) if document.kind == "form" else object_in(document.json)
        if options.account and text_in(sent, "AccountSid") != options.account:
            why = "This comes from another Twilio account than this path's."
            return [Answers(self.vendor, (), distrust=why)]
        message = text_in(sent, "MessageSid") or text_in(sent, "SmsMessageSid") or text_in(sent, "SmsSid")
        if message:
            return [self._message(usable_id(message), sent, request)]
        if text_in(sent, "CallSid"):
            return [_call(usable_id(text_in(sent, "CallSid")), sent, request)]
        raise Unreadable("wrong_shape", "This is neither a Twilio message nor a call.", keep=True)

    def reply(self, request: RawRequest, submission_id: str) -> Reply | None:
        """An empty TwiML."""
        return EMPTY

    def _message(self, id_: str, sent: JsonObject, request: RawRequest) -> Answers:
        status = text_in(sent, "SmsStatus") or text_in(sent, "MessageStatus")
        if status and status not in ("received", "receiving"):
            why = "A report on a message that the brokerage sent."
            return Answers(self.vendor, (), ignored=why, ignored_code="not_an_inquiry")
        return read_text_message(
            self.vendor,
            id_=id_,
            sender=text_in(sent, "From"),
            ours=text_in(sent, "To"),
            body=text_in(sent, "Body"),
            at=request.received_at,
            wish=_WISHES.get(text_in(sent, "OptOutType").upper()),
            more=(*_media(sent), *_registered(sent)),
        )


def _call(id_: str, sent: JsonObject, request: RawRequest) -> Answers:
    vendor, status = "twilio-voice", text_in(sent, "CallStatus").lower()
    if text_in(sent, "Direction").lower().startswith("outbound"):
        why = "A call that the brokerage itself made."
        return Answers(vendor, (), ignored=why, ignored_code="not_an_inquiry")
    if status in ("queued", "initiated", "in-progress"):
        why = "The call is still going on; its end will be told."
        return Answers(vendor, (), ignored=why, ignored_code="not_an_inquiry")
    return Answers(
        vendor,
        tuple(_call_items(status, sent)),
        external_id=id_,
        event_id=f"{id_}:{status}",
        submitted_at=request.received_at,
        # A call rings and ends: two events, one inquiry.
        kind="update",
        refs=(f"call:twilio:{id_}",),
    )


def _call_items(status: str, sent: JsonObject) -> Iterator[Answer]:
    name = trusted_caller_name(text_in(sent, "CallerName"), text_in(sent, "FromCity"))
    yield from answer("CallerName", name, "full_name", "Caller id")
    yield from answer("From", callable_number(text_in(sent, "From") or text_in(sent, "Caller")), "phone")
    yield Answer("Direction", "", ("inbound",), "call_direction")
    yield from answer("CallDuration", sent.get("CallDuration"), "call_duration")
    yield from answer("CallStatus", _ENDED.get(status), "call_answered")
    yield from answer("RecordingUrl", sent.get("RecordingUrl"), "call_recording")
    for name in ("TranscriptionText", "SpeechResult"):
        yield from answer(name, sent.get(name), "message")
    yield from _registered(sent)


def _registered(sent: JsonObject) -> Iterator[Answer]:
    places: list[JsonValue] = [text for name in _REGISTERED if (text := text_in(sent, name))]
    yield from answer("registered", places, UNMAPPED, "Where the number is registered")


def _media(sent: JsonObject) -> Iterator[Answer]:
    """Pictures and files: their addresses are told, never followed."""
    for number in range(_MOST_MEDIA):
        name = f"MediaUrl{number}"
        yield from answer(name, sent.get(name), "attachments", in_words(name))
