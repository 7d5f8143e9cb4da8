"""Cal.com: bookings made, moved, cancelled, rejected and missed, and routing forms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.intake.base import Adapter, Document, JsonValue, Options, RawRequest, Unreadable
from connectors.intake.envelope import aware_time, usable_id
from connectors.intake.flatten import flatten
from connectors.intake.json_shape import JsonObject, answer, in_words, object_in, objects_in, text_in
from connectors.intake.proof import hex_hmac, require_signature
from mapping.answers import UNMAPPED, Answer, Answers, Origin
from mapping.canonical import UTM

# What happened, and how the booking stands after it. A request waits for the host's yes.
_STATUS = {
    "BOOKING_CREATED": "active",
    "BOOKING_REQUESTED": "requested",
    "BOOKING_RESCHEDULED": "rescheduled",
    "BOOKING_CANCELLED": "canceled",
    "BOOKING_REJECTED": "canceled",
    "BOOKING_NO_SHOW_UPDATED": "no_show",
}
_NEW = ("BOOKING_CREATED", "BOOKING_REQUESTED")
# Fields of Cal.com's own booking form; every other is a question of the host's.
_RESPONSES = {
    "email": "email",
    "attendeePhoneNumber": "phone",
    "smsReminderNumber": "phone",
    "phone": "phone",
    "notes": "message",
    "rescheduleReason": "message",
    "name": "full_name",
}
_MACHINERY = ("guests", "location", "title")


class CalCom(Adapter):
    """One event per call."""

    vendor = "cal-com"
    takes = frozenset({"json"})
    signs = True

    def verify(self, request: RawRequest, secret: str) -> None:
        """X-Cal-Signature-256 is the hex HMAC-SHA256 of the raw body."""
        require_signature(
            request.headers.get("x-cal-signature-256", "").removeprefix("sha256="),
            secret,
            lambda one: hex_hmac(one, request.body),
            header="X-Cal-Signature-256",
            where="Cal.com (the webhook's secret)",
        )

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers]:
        """A booking is an inquiry, what happens to it an update.

        Raises Unreadable: wrong_shape.
        """
        event, payload = object_in(document.json), object_in(document.json, "payload")
        trigger = text_in(event, "triggerEvent").upper()
        if not trigger:
            return [self._templated(document)]
        if trigger == "PING":
            why = "Cal.com tries the webhook out."
            return [Answers(self.vendor, (), ignored=why, ignored_code="handshake")]
        if trigger == "FORM_SUBMITTED":
            return [self._form(event, payload or event)]
        if trigger not in _STATUS:
            why = "This Cal.com event changes no booking."
            return [Answers(self.vendor, (), ignored=why, ignored_code="not_an_inquiry")]
        return [self._booking(trigger, event, payload)]

    def _booking(self, trigger: str, event: JsonObject, payload: JsonObject) -> Answers:
        uid = text_in(payload, "uid") or text_in(payload, "bookingUid")
        if not uid:
            raise Unreadable("wrong_shape", "This Cal.com event names no booking (uid).", keep=True)
        old = text_in(payload, "rescheduleUid") or text_in(payload, "fromReschedule")
        return Answers(
            self.vendor,
            tuple(_items(trigger, payload)),
            external_id=usable_id(uid),
            event_id=f"{trigger}:{uid}:{text_in(event, 'createdAt')}",
            submitted_at=aware_time(text_in(event, "createdAt")),
            origin=Origin(form_title=_title(payload)),
            kind="inquiry" if trigger in _NEW else "update",
            refs=tuple(f"booking:cal.com:{one}" for one in (uid, old) if one),
        )

    def _templated(self, document: Document) -> Answers:
        """Whoever set the webhook up may have written a body of their own: then it is any form."""
        if not isinstance(document.json, dict):
            raise Unreadable("wrong_shape", "This is not a Cal.com event: it has no triggerEvent.", keep=True)
        return Answers(self.vendor, tuple(flatten(document)))

    def _form(self, event: JsonObject, payload: JsonObject) -> Answers:
        return Answers(
            self.vendor,
            tuple(_responses(object_in(payload, "responses") or object_in(payload, "data"))),
            external_id=usable_id(text_in(payload, "formResponseId")),
            submitted_at=aware_time(text_in(event, "createdAt")),
            origin=Origin(form_id=text_in(payload, "formId"), form_title=text_in(payload, "formName")),
        )


def _items(trigger: str, payload: JsonObject) -> Iterator[Answer]:
    attendees = objects_in(payload.get("attendees"))
    person = attendees[0] if attendees else {}
    responses = object_in(payload, "responses")
    asked = {name.lower() for name in responses}
    yield from _responses(responses)
    if "name" not in asked:
        yield from answer("name", person.get("name"), "full_name")
    if "email" not in asked:
        yield from answer("email", person.get("email"), "email")
    yield from answer("phoneNumber", person.get("phoneNumber"), "phone")
    yield from answer("additionalNotes", payload.get("additionalNotes"), "message")
    for name in ("cancellationReason", "rejectionReason"):
        yield from answer(name, payload.get(name), "message", in_words(name))
    yield Answer("meeting status", "", (_STATUS[trigger],), "meeting_status")
    yield from answer("title", payload.get("title"), "meeting_title")
    yield from answer("startTime", payload.get("startTime"), "meeting_start")
    yield from answer("endTime", payload.get("endTime"), "meeting_end")
    yield from answer("organizer", text_in(payload, "organizer", "email"), "assigned_to")
    yield from answer("timeZone", person.get("timeZone"), UNMAPPED, "Time zone")
    tracking = {**object_in(payload, "metadata"), **object_in(payload, "tracking")}
    for name in UTM:
        yield from answer(name, tracking.get(name), name)


def _responses(responses: JsonObject) -> Iterator[Answer]:
    """What was answered: {name: {label, value}}; the value may be a text, a list, a name in parts."""
    for name, response in responses.items():
        said = response.get("value") if isinstance(response, dict) and "value" in response else response
        label = text_in(response, "label")
        if name in _MACHINERY:
            continue
        if name == "name" and isinstance(said, dict):
            yield from answer("firstName", said.get("firstName"), "first_name")
            yield from answer("lastName", said.get("lastName"), "last_name")
            continue
        # Labels of Cal.com's own fields are keys of its translations.
        field = _RESPONSES.get(name, "")
        yield from answer(name, _plain(said), field, "" if field else label)


def _plain(said: JsonValue) -> JsonValue:
    """A choice may come as {value, label} or {value, optionValue}."""
    if isinstance(said, dict):
        return said.get("label") or said.get("value") or said.get("optionValue")
    if isinstance(said, list):
        return [_plain(one) for one in said]
    return said


def _title(payload: JsonObject) -> str:
    return text_in(payload, "eventTitle") or text_in(payload, "type")
