"""Intercom (and chats that speak like it): a conversation is a form with a message."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import unescape

from connectors.intake.base import Adapter, Document, JsonValue, Options, RawRequest, Unreadable
from connectors.intake.envelope import usable_id
from connectors.intake.json_shape import JsonObject, answer, object_in, objects_in, text_in
from connectors.intake.proof import hex_hmac, require_signature
from mapping.answers import UNMAPPED, Answer, Answers, Origin

_NEW = ("conversation.user.created", "conversation.created")
_MORE = ("conversation.user.replied",)
_PEOPLE = ("contact.lead.created", "contact.lead.added_email", "contact.user.created", "contact.created")
_BREAK = re.compile(r"<(?:br|/p|/div|/li)\b[^<>]{0,100}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_STAFF = ("admin", "bot", "team", "operator")


class Intercom(Adapter):
    """One notification per call."""

    vendor = "intercom"
    takes = frozenset({"json"})
    signs = True

    def verify(self, request: RawRequest, secret: str) -> None:
        """X-Hub-Signature is "sha1=" and the hex HMAC-SHA1 of the raw body."""
        require_signature(
            request.headers.get("x-hub-signature", ""),
            secret,
            lambda one: "sha1=" + hex_hmac(one, request.body, "sha1"),
            header="X-Hub-Signature",
            where="Intercom (the client secret)",
        )

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers]:
        """A conversation begun, a message more in it, or a new contact. Raises Unreadable: wrong_shape."""
        event, item = object_in(document.json), object_in(document.json, "data", "item")
        topic = text_in(event, "topic")
        if not topic or text_in(event, "type") not in ("notification_event", ""):
            raise Unreadable("wrong_shape", "This is not an Intercom notification.", keep=True)
        if topic == "ping":
            return [self._nothing("Intercom tries the webhook out.", "handshake")]
        if options.account and text_in(event, "app_id") != options.account:
            return [self._nothing("A notification of another workspace than this path's.", "not_an_inquiry")]
        if topic in _PEOPLE:
            return [self._told(event, item, tuple(_person(item)), ref="contact")]
        if topic not in (*_NEW, *_MORE):
            return [self._nothing("Nobody asks for anything in this Intercom event.", "not_an_inquiry")]
        return [self._told(event, item, tuple(_conversation(item)), more=topic in _MORE)]

    def _told(
        self,
        event: JsonObject,
        item: JsonObject,
        items: tuple[Answer, ...],
        *,
        more: bool = False,
        ref: str = "conversation",
    ) -> Answers:
        id_ = usable_id(text_in(item, "id"))
        return Answers(
            self.vendor,
            items,
            external_id=id_,
            event_id=usable_id(text_in(event, "id")),
            submitted_at=_moment(item.get("updated_at") if more else item.get("created_at")),
            origin=Origin(page_url=text_in(item, "source", "url")),
            kind="update" if more else "inquiry",
            refs=(f"{ref}:intercom:{id_}",) if id_ else (),
        )

    def _nothing(self, why: str, code: str) -> Answers:
        return Answers(self.vendor, (), ignored=why, ignored_code=code)


def _conversation(item: JsonObject) -> Iterator[Answer]:
    """Who wrote is the contact of the conversation, else whoever wrote its first message."""
    contacts = item.get("contacts")
    people = objects_in(object_in(contacts).get("contacts") or contacts)
    author = object_in(item, "source", "author")
    person = next((one for one in people if one.get("email") or one.get("phone") or one.get("name")), {})
    if text_in(author, "type") in _STAFF:
        author = {}
    for name, field in (("name", "full_name"), ("email", "email"), ("phone", "phone")):
        yield from answer(name, person.get(name) or author.get(name), field)
    parts = objects_in(object_in(item, "conversation_parts").get("conversation_parts"))
    theirs = [one for one in parts if text_in(one, "author", "type") not in _STAFF]
    bodies = [part.get("body") for part in theirs] or [object_in(item, "source").get("body")]
    yield from answer("subject", plain(object_in(item, "source").get("subject")), UNMAPPED, "Subject")
    for body in bodies:
        yield from answer("message", plain(body), "message")


def _person(item: JsonObject) -> Iterator[Answer]:
    for name, field in (("name", "full_name"), ("email", "email"), ("phone", "phone")):
        yield from answer(name, item.get(name), field)
    for name, value in object_in(item, "custom_attributes").items():
        yield from answer(name, value)


def plain(value: JsonValue) -> str:
    """HTML as the text that is seen, with its line breaks."""
    text = _TAG.sub("", _BREAK.sub("\n", text_in(value)[:50_000]))
    return "\n".join(line.strip() for line in unescape(text).splitlines() if line.strip())


def _moment(value: JsonValue) -> datetime | None:
    """Epoch seconds as an instant."""
    text = text_in(value)
    return datetime.fromtimestamp(int(text), UTC) if re.fullmatch(r"[0-9]{9,10}", text) else None
