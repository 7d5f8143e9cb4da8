"""RingCentral: text messages, calls and voicemail, told by a subscription that expires and is renewed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from connectors.intake.base import Adapter, Document, NotTrusted, Options, RawRequest, Reply, Unreadable
from connectors.intake.envelope import aware_time, usable_id
from connectors.intake.json_shape import JsonObject, answer, object_in, objects_in, text_in
from connectors.intake.proof import is_one_of, secrets_in
from connectors.intake.text_message import read_text_message
from mapping.answers import UNMAPPED, Answer, Answers
from mapping.reading.caller_names import callable_number, trusted_caller_name

_TOKEN = re.compile(r"[\x21-\x7e]{1,500}")
_INBOUND = "inbound"
# How a party of a call stands when nothing more will happen to it.
_ENDED = ("disconnected", "voicemail", "gone")


class RingCentral(Adapter):
    """One event per request, answered within three seconds and in fewer than 1,024 bytes."""

    vendor = "ringcentral"
    takes = frozenset({"json"})
    signs = True

    def verify(self, request: RawRequest, secret: str) -> None:
        """Verification-Token is the one that the subscription was made with; nothing is signed."""
        wanted = secrets_in(secret)
        given = request.headers.get("verification-token", "").strip()
        if wanted and not is_one_of(given, wanted):
            raise NotTrusted(
                "bad_token",
                "The Verification-Token header is missing or is not the one of this path; subscribe again "
                "with verificationToken set to this path's secret.",
                status=401,
            )

    def handshake(self, request: RawRequest, secret: str) -> Reply | None:
        """When it subscribes, RingCentral wants its Validation-Token back."""
        token = request.headers.get("validation-token", "").strip()
        if not token:
            return None
        if not _TOKEN.fullmatch(token):
            raise NotTrusted("bad_handshake", "This is not how RingCentral asks.", status=400)
        return Reply(headers={"Validation-Token": token})

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers]:
        """A message, a voicemail or the parties of a call. Raises Unreadable: wrong_shape."""
        event = object_in(document.json)
        body, name = object_in(event, "body"), text_in(event, "event")
        if not name or not body:
            raise Unreadable(
                "wrong_shape", "This is not a RingCentral event: no event or no body.", keep=True
            )
        if (
            "message-store" in name
            or text_in(body, "type") in ("SMS", "MMS", "VoiceMail")
            or "voicemail" in name
        ):
            return [self._message(event, body)]
        parties = objects_in(body.get("parties")) or ([body] if "missed-calls" in name else [])
        if parties:
            return [self._call(event, body, parties)]
        return [self._nothing("This RingCentral event is neither a message nor a call.", "not_an_inquiry")]

    def _message(self, event: JsonObject, body: JsonObject) -> Answers:
        if text_in(body, "direction").lower() not in ("", _INBOUND):
            return self._nothing("A message that the brokerage itself sent.", "not_an_inquiry")
        if "changes" in body and not body.get("from"):
            return self._nothing("A mailbox changed; the message itself is told apart.", "not_an_inquiry")
        sender, id_ = object_in(body, "from"), text_in(body, "id") or text_in(event, "uuid")
        at = aware_time(text_in(body, "creationTime") or text_in(event, "timestamp"))
        if text_in(body, "type") == "VoiceMail" or "voicemail" in text_in(event, "event"):
            return Answers(
                self.vendor,
                (*_who(sender), *_voicemail(body)),
                external_id=usable_id(id_),
                submitted_at=at,
            )
        ours = next((text_in(to, "phoneNumber") for to in objects_in(body.get("to"))), "")
        return read_text_message(
            self.vendor,
            id_=usable_id(id_),
            sender=text_in(sender, "phoneNumber"),
            ours=ours,
            body=text_in(body, "subject") or text_in(body, "text"),
            at=at,
            more=tuple(one for one in _who(sender) if one.field == "full_name"),
        )

    def _call(self, event: JsonObject, body: JsonObject, parties: Sequence[JsonObject]) -> Answers:
        inbound = [one for one in parties if text_in(one, "direction").lower() in ("", _INBOUND)]
        if not inbound:
            return self._nothing("A call that the brokerage itself made.", "not_an_inquiry")
        party = inbound[0]
        missed = party.get("missedCall") is True or "missed-calls" in text_in(event, "event")
        code = text_in(party, "status", "code").lower()
        if code not in _ENDED and not missed:
            return self._nothing("The call is still going on; its end will be told.", "not_an_inquiry")
        id_ = usable_id(
            text_in(body, "telephonySessionId") or text_in(body, "sessionId") or text_in(body, "id")
        )
        return Answers(
            self.vendor,
            (*_who(object_in(party, "from")), *_call_facts(code, missed=missed)),
            external_id=id_,
            event_id=usable_id(text_in(event, "uuid")),
            submitted_at=aware_time(text_in(body, "eventTime") or text_in(event, "timestamp")),
            # Every party of a call is told of: the first makes the inquiry, the others belong to it.
            kind="update",
            refs=(f"call:ringcentral:{id_}",) if id_ else (),
        )

    def _nothing(self, why: str, code: str) -> Answers:
        return Answers(self.vendor, (), ignored=why, ignored_code=code)


def _who(sender: JsonObject) -> Iterator[Answer]:
    yield from answer("name", trusted_caller_name(text_in(sender, "name")), "full_name", "Caller id")
    yield from answer("phoneNumber", callable_number(text_in(sender, "phoneNumber")), "phone")
    yield from answer("location", sender.get("location"), UNMAPPED, "Where the number is registered")


def _call_facts(code: str, *, missed: bool) -> Iterator[Answer]:
    yield Answer("direction", "", ("inbound",), "call_direction")
    if missed or code == "voicemail":
        yield Answer("answered", "", ("no",), "call_answered")


def _voicemail(body: JsonObject) -> Iterator[Answer]:
    yield from _call_facts("voicemail", missed=True)
    yield from answer("vmTranscription", body.get("vmTranscription"), "message", "Voicemail")
    for part in objects_in(body.get("attachments")):
        yield from answer("vmDuration", part.get("vmDuration"), "call_duration")
