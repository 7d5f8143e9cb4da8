"""Calendly v2: bookings made, moved, cancelled and missed, and routing forms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from connectors.intake.base import Adapter, Document, Options, RawRequest, Unreadable
from connectors.intake.envelope import aware_time, usable_id
from connectors.intake.json_shape import JsonObject, answer, object_in, objects_in, text_in
from connectors.intake.proof import hex_hmac, require_recent, require_signature
from mapping.answers import UNMAPPED, Answer, Answers, Origin, PartKind
from mapping.canonical import UTM

TOLERANCE_SECONDS = 300
HEADER = "Calendly-Webhook-Signature"

_SIGNATURE = re.compile(r"\s*([a-z0-9]{1,4})=([^,\s]{1,200})\s*")
_CREATED, _CANCELED = "invitee.created", "invitee.canceled"
_NO_SHOW, _SHOWED = "invitee_no_show.created", "invitee_no_show.deleted"
_ROUTED = "routing_form_submission.created"
_KNOWN = (_CREATED, _CANCELED, _NO_SHOW, _SHOWED, _ROUTED, "routing_form_submission")


class Calendly(Adapter):
    """One event per call. A booking that is moved is cancelled and made anew: two events, one booking."""

    vendor = "calendly"
    takes = frozenset({"json"})
    signs = True

    def verify(self, request: RawRequest, secret: str) -> None:
        """The header is t=<epoch>,v1=<hex HMAC-SHA256 of "<t>.<body>">, not older than five minutes."""
        found = dict(_SIGNATURE.findall(request.headers.get(HEADER.lower(), "")))
        stamp = found.get("t", "")
        require_signature(
            found.get("v1", ""),
            secret,
            lambda one: hex_hmac(one, stamp.encode() + b"." + request.body),
            header=HEADER,
            where="Calendly (the signing key)",
        )
        if secret.strip():
            require_recent(stamp, request.received_at, TOLERANCE_SECONDS, header=HEADER)

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers]:
        """A booking is an inquiry; what happens to it later is an update of it.

        Raises Unreadable: wrong_shape.
        """
        event, payload = object_in(document.json), object_in(document.json, "payload")
        kind = text_in(event, "event")
        if not kind or not payload:
            raise Unreadable(
                "wrong_shape", "This is not a Calendly event: no event or no payload.", keep=True
            )
        if kind not in _KNOWN:
            why = "This Calendly event is about no booking."
            return [Answers(self.vendor, (), ignored=why, ignored_code="not_an_inquiry")]
        if kind.startswith("routing_form_submission"):
            return [self._routed(payload)]
        return [self._booking(kind, event, payload)]

    def _booking(self, kind: str, event: JsonObject, payload: JsonObject) -> Answers:
        uri, old, new = _uris(payload)
        if not uri:
            raise Unreadable("wrong_shape", "This Calendly event names no invitee.", keep=True)
        moved = payload.get("rescheduled") is True or bool(new)
        part: PartKind = "inquiry" if kind == _CREATED and not old else "update"
        scheduled = object_in(payload, "scheduled_event")
        return Answers(
            self.vendor,
            tuple(_items(kind, payload, gone=kind == _CANCELED and moved, moved=bool(old))),
            external_id=usable_id(uri),
            event_id=f"{kind}:{uri}:{text_in(event, 'created_at')}",
            submitted_at=aware_time(text_in(payload, "created_at") or text_in(event, "created_at")),
            origin=Origin(form_id=text_in(scheduled, "event_type"), form_title=text_in(scheduled, "name")),
            kind=part,
            refs=tuple(f"booking:{one}" for one in (uri, old, new) if one),
        )

    def _routed(self, payload: JsonObject) -> Answers:
        """A routing form that was filled in; if a booking follows, the booking is told by itself."""
        uri = text_in(payload, "uri")
        return Answers(
            self.vendor,
            (*_questions(payload), *_tags(payload)),
            external_id=usable_id(uri),
            submitted_at=aware_time(text_in(payload, "created_at")),
            origin=Origin(form_id=text_in(payload, "routing_form")),
            refs=(f"booking:{uri}",) if uri else (),
        )


def _uris(payload: JsonObject) -> tuple[str, str, str]:
    """The invitee, the one it replaces, the one that replaces it; a no-show names its invitee."""
    invitee = payload.get("invitee")
    uri = text_in(invitee) or text_in(invitee, "uri") or text_in(payload, "uri")
    return uri, text_in(payload, "old_invitee"), text_in(payload, "new_invitee")


def _items(kind: str, payload: JsonObject, *, gone: bool, moved: bool) -> Iterator[Answer]:
    """gone: moved to another time, which the other event tells. Nothing of the old time is said then."""
    scheduled = object_in(payload, "scheduled_event")
    first, last = payload.get("first_name"), payload.get("last_name")
    yield from answer("first_name", first, "first_name")
    yield from answer("last_name", last, "last_name")
    if not first and not last:
        yield from answer("name", payload.get("name"), "full_name")
    yield from answer("email", payload.get("email"), "email")
    yield from _phones(payload, object_in(scheduled, "location"))
    yield from _questions(payload)
    yield from _tags(payload)
    yield Answer("meeting status", "", (_status(kind, gone=gone, moved=moved),), "meeting_status")
    yield from answer("meeting title", scheduled.get("name"), "meeting_title")
    if not gone:
        yield from answer("start_time", scheduled.get("start_time"), "meeting_start")
        yield from answer("end_time", scheduled.get("end_time"), "meeting_end")
        yield from answer("reschedule_url", payload.get("reschedule_url"), "meeting_url")
    hosts = objects_in(scheduled.get("event_memberships"))
    yield from answer("host", [text_in(host, "user_email") for host in hosts[:1]], "assigned_to")
    yield from answer("timezone", payload.get("timezone"), UNMAPPED, "Time zone")
    yield from answer("reason", object_in(payload, "cancellation").get("reason"), "message", "Reason")


def _status(kind: str, *, gone: bool, moved: bool) -> str:
    if kind == _CANCELED:
        return "rescheduled" if gone else "canceled"
    if kind == _NO_SHOW:
        return "no_show"
    return "rescheduled" if moved and kind == _CREATED else "active"


def _phones(payload: JsonObject, location: JsonObject) -> Iterator[Answer]:
    reminder = text_in(payload, "text_reminder_number")
    yield from answer("text_reminder_number", reminder, "phone")
    if not reminder and text_in(location, "type") == "outbound_call":
        yield from answer("location", location.get("location"), "phone")


def _questions(payload: JsonObject) -> Iterator[Answer]:
    for each in objects_in(payload.get("questions_and_answers")):
        question = text_in(each, "question")
        yield from answer(question or "question", each.get("answer"), "", question)


def _tags(payload: JsonObject) -> Iterator[Answer]:
    tracking = object_in(payload, "tracking")
    for name in UTM:
        yield from answer(name, tracking.get(name), name)
