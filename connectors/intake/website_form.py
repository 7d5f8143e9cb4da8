"""What all forms on websites have in common, once what their vendor puts around the answers is off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime

from connectors.intake.base import Adapter, Document, Options, RawRequest
from connectors.intake.envelope import open_envelope, usable_id
from connectors.intake.flatten import flatten
from connectors.intake.json_shape import JsonObject
from connectors.intake.proof import require_token
from connectors.intake.signals import HONEYPOTS, link_signals, part_honeypots, seconds_since, timing_signals
from mapping.answers import Answer, Answers, Origin

RENDERED_AT = "_ts"

# Fields for the form's own software: nonces, captcha tokens, encodings.
_MACHINERY = frozenset(
    {RENDERED_AT, "_charset_", "_wpnonce", "_wp_http_referer", "_token", "_method", "csrf_token"}
    | {"csrfmiddlewaretoken", "g-recaptcha-response", "h-captcha-response", "cf-turnstile-response"}
)
_MACHINERY_PREFIX = "_wpcf7"
_NOTHING_SAID = Origin()


@dataclass(frozen=True, slots=True)
class Opened:
    """A vendor's payload without what is no answer; what the vendor said about the submission itself."""

    items: Sequence[Answer]
    external_id: str = ""
    event_id: str = ""
    submitted_at: datetime | None = None
    origin: Origin = field(default_factory=Origin)
    ignored: str = ""
    bare_id: bool = False  # a field called just "id" is the sender's id of the submission


class WebsiteForm(Adapter):
    """One vendor's forms; who signs nothing shows the path's secret as a token."""

    def __init__(self, honeypots: frozenset[str] = HONEYPOTS) -> None:
        self.honeypots = honeypots

    def verify(self, request: RawRequest, secret: str) -> None:
        """As require_token says."""
        require_token(request, secret)

    def fits(self, tree: JsonObject) -> bool:
        """Whether this is certainly the vendor's, also at an address that is open to any form."""
        return False

    def open(self, document: Document, request: RawRequest) -> Opened:
        """The answers, and what the vendor said about them. Raises Unreadable."""
        return as_sent(document)

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers]:
        """The one inquiry in it. Raises Unreadable: too_many_fields, and what the vendor's shape asks for."""
        return [closed(self.vendor, self.open(document, request), request, self.honeypots)]


def as_sent(document: Document) -> Opened:
    """Every field as it is, when a vendor leaves the shape to who sets it up."""
    return Opened(flatten(document), bare_id=document.kind == "json")


def closed(vendor: str, opened: Opened, request: RawRequest, honeypots: frozenset[str]) -> Answers:
    """The answers of one form: traps and machinery off, page and campaign found, marks of spam noted."""
    rendered = next((item.text for item in opened.items if item.key == RENDERED_AT), "")
    shown, traps = part_honeypots(filter(_is_question, opened.items), honeypots)
    envelope = open_envelope(shown, request, bare_id=opened.bare_id)
    timing = timing_signals(seconds_since(rendered, request.received_at))
    return Answers(
        vendor,
        envelope.items,
        external_id=usable_id(opened.external_id) or envelope.external_id,
        event_id=usable_id(opened.event_id),
        submitted_at=opened.submitted_at or envelope.submitted_at,
        origin=_either(opened.origin, envelope.origin),
        signals=(*traps, *timing, *link_signals(envelope.items)),
        ignored=opened.ignored,
    )


def _is_question(item: Answer) -> bool:
    return item.key.lower() not in _MACHINERY and not item.key.startswith(_MACHINERY_PREFIX)


def _either(first: Origin, second: Origin) -> Origin:
    """What the vendor said of the visitor, else what the fields and the request say."""
    if first == _NOTHING_SAID:
        return second
    said = {one.name: getattr(first, one.name) for one in fields(first)}
    return replace(second, **{name: value for name, value in said.items() if value})
