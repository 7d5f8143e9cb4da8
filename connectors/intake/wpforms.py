"""WPForms' webhook: its signature, and values that it joins with two bars."""

from __future__ import annotations

from dataclasses import replace

from connectors.intake.base import Document, JsonValue, NotTrusted, RawRequest
from connectors.intake.flatten import flatten, flatten_value
from connectors.intake.proof import hex_hmac, require_recent, require_signature
from connectors.intake.signatures import WINDOW_SECONDS, named_parts
from connectors.intake.website_form import Opened, WebsiteForm
from mapping.answers import Answer, Origin

_HEADER = "X-WPForms-Webhook-Signature"
_JOINT = "||"


class WpForms(WebsiteForm):
    """Keys are what the site's owner typed in; https://wpforms.com/docs/how-to-install-and-use-webhooks/."""

    vendor = "wpforms"
    signs = True
    keeps = frozenset({"x-wpforms-webhook-id"})

    def verify(self, request: RawRequest, secret: str) -> None:
        """Raise NotTrusted unless the signature "t=<seconds>,v=<hex>" over "<t>.<body>" is good and fresh."""
        if not secret:
            return
        if "json" not in request.content_type.lower():
            raise NotTrusted(
                "bad_signature",
                "WPForms signs another text than it sends unless its Request Format is JSON; set it to JSON.",
                status=401,
            )
        parts = named_parts(request.headers.get(_HEADER.lower(), ""))
        time, given = parts.get("t", ""), parts.get("v", "")
        signed = f"{time}.".encode(errors="replace") + request.body
        where = "the form's webhook settings"
        require_signature(given, secret, lambda one: hex_hmac(one, signed), header=_HEADER, where=where)
        require_recent(time, request.received_at, WINDOW_SECONDS, header=_HEADER)

    def open(self, document: Document, request: RawRequest) -> Opened:
        """The fields under the owner's names."""
        is_json = document.kind == "json"
        found = flatten_value(_plain(document.json)) if is_json else flatten(document)
        webhook = request.headers.get("x-wpforms-webhook-id", "")[:100]
        return Opened([_parted(item) for item in found], origin=Origin(form_id=webhook), bare_id=is_json)


def _plain(value: JsonValue) -> JsonValue:
    """Without the wrapping of a date and time: {"value": "03/15/2025", "unix": 1742050800}."""
    if isinstance(value, dict):
        if "value" in value and set(value) <= {"value", "unix", "date", "time"}:
            return value["value"]
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _parted(item: Answer) -> Answer:
    """ "A||B" are two answers, or the lines of an address."""
    parts = (part.strip() for value in item.values for part in value.split(_JOINT))
    return replace(item, values=tuple(part for part in parts if part) or item.values)
