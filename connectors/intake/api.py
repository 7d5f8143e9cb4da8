"""Our own JSON API: canonical names, checked by the web side before it comes here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from connectors.intake.base import Adapter, Document, JsonValue, Options, RawRequest, Unreadable
from connectors.intake.envelope import aware_time
from mapping.answers import UNMAPPED, Answer, Answers, Origin
from mapping.canonical import CANONICAL_FIELDS

#: Objects of the document whose members are canonical fields with this in front.
GROUPS: Mapping[str, str] = {
    "co_borrower": "co_",
    "partner": "partner_",
    "consent": "consent_",
    "utm": "utm_",
}
#: Members of a group that have a canonical name of their own.
_OWN_NAMES = {
    "partner_full_name": "partner_name",
    "consent_certificate_url": "certificate_url",
    "consent_lead_id_token": "lead_id_token",
}
_OF_THE_ORIGIN = ("consent_ip", "consent_page_url")


class Api(Adapter):
    """One inquiry per call, as docs/intake/api.md says."""

    vendor = "api"
    takes = frozenset({"json"})
    max_body = 262_144
    revisions = False

    def verify(self, request: RawRequest, secret: str) -> None:
        """Nothing more to show: whoever posts here holds the path's token."""

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers]:
        """The inquiry, or an opt-out, which has channels. Raises Unreadable: wrong_shape.

        It has no name here: the same request is known again by its Idempotency-Key or external_id, which is
        the web side's to choose.
        """
        sent = document.json
        if not isinstance(sent, dict):
            raise Unreadable("wrong_shape", "Send one inquiry as a JSON object.")
        if "channels" in sent:
            return [self._opt_out(sent, request)]
        items = tuple(_items(sent))
        consent = sent.get("consent")
        said = consent if isinstance(consent, dict) else {}
        return [
            Answers(
                self.vendor,
                items,
                submitted_at=aware_time(str(sent.get("submitted_at", ""))) or request.received_at,
                origin=Origin(page_url=str(said.get("page_url", "")), ip=str(said.get("ip", ""))),
            )
        ]

    def _opt_out(self, sent: Mapping[str, JsonValue], request: RawRequest) -> Answers:
        """Somebody wants to be left alone, as the caller heard it."""
        reach = (Answer(name, "", _values(sent.get(name)), name) for name in ("email", "phone"))
        said = Answer("words", "", _values(sent.get("words")), "message")
        left = (
            Answer(channel, "The borrower asked to be left alone.", ("no",), f"consent_{channel}")
            for channel in _values(sent["channels"])
        )
        items = tuple(one for one in (*reach, *left, said) if one.values)
        at = aware_time(str(sent.get("asked_at", ""))) or request.received_at
        return Answers(self.vendor, items, submitted_at=at, kind="withdrawal")


def _items(sent: Mapping[str, JsonValue]) -> Iterator[Answer]:
    for name, value in sent.items():
        if name == "answers" and isinstance(value, dict):
            yield from (Answer(key, key, _values(one)) for key, one in value.items() if _values(one))
        elif name in GROUPS and isinstance(value, dict):
            for key, one in value.items():
                yield from _item(f"{GROUPS[name]}{key}", one)
        else:
            yield from _item(name, value)


def _item(name: str, value: JsonValue) -> Iterator[Answer]:
    field = _OWN_NAMES.get(name, name)
    values = _values(value)
    if not values or field in _OF_THE_ORIGIN or field == "submitted_at":
        return
    yield Answer(name, "", values, field if field in CANONICAL_FIELDS else UNMAPPED)


def _values(value: JsonValue) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(text for one in value for text in _values(one))
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    return () if value is None or isinstance(value, dict) or value == "" else (str(value),)
