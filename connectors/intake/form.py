"""Any website's form or application: JSON, urlencoded or multipart, with whatever names it uses."""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from connectors.intake.base import Adapter, Document, NotTrusted, Options, RawRequest, Unreadable
from connectors.intake.envelope import open_envelope
from connectors.intake.flatten import flatten
from connectors.intake.signals import HONEYPOTS, link_signals, part_honeypots, seconds_since, timing_signals
from mapping.answers import Answer, Answers

RENDERED_AT = "_ts"

# Fields for the form's own software: nonces, captcha tokens, encodings.
_MACHINERY = frozenset(
    {RENDERED_AT, "_charset_", "_wpnonce", "_wp_http_referer", "_token", "_method", "csrf_token"}
    | {"csrfmiddlewaretoken", "g-recaptcha-response", "h-captcha-response", "cf-turnstile-response"}
)
_MACHINERY_PREFIX = "_wpcf7"


class Form(Adapter):
    """The generic way in. honeypots are the lower-case names of fields that people do not see."""

    vendor = "html-form"

    def __init__(self, honeypots: frozenset[str] = HONEYPOTS) -> None:
        self._honeypots = honeypots

    def verify(self, request: RawRequest, secret: str) -> None:
        """Raise NotTrusted unless the secret stands in X-Intake-Token or as a bearer token ("" = not asked).

        For senders that can set a header; a page in a browser cannot keep a secret.
        """
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        given = request.headers.get("x-intake-token", "").strip() or bearer
        if secret and not hmac.compare_digest(given.encode(errors="replace"), secret.encode()):
            raise NotTrusted(
                "bad_token", "The X-Intake-Token header is missing or is not this path's token.", status=401
            )

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers]:  # noqa: ARG002
        """Every field as an answer; the vendor is "json" when JSON was sent.

        Raises Unreadable: wrong_shape (JSON that is no object), too_many_fields.
        """
        is_json = document.kind == "json"
        if is_json and not isinstance(document.json, dict | list):
            raise Unreadable("wrong_shape", "The JSON is a bare value; send an object of fields.", keep=True)
        fields = flatten(document)
        rendered = next((field.text for field in fields if field.key == RENDERED_AT), "")
        shown, traps = part_honeypots(filter(_is_question, fields), self._honeypots)
        envelope = open_envelope(shown, request, bare_id=is_json)
        timing = timing_signals(seconds_since(rendered, request.received_at))
        answers = Answers(
            "json" if is_json else self.vendor,
            envelope.items,
            external_id=envelope.external_id,
            submitted_at=envelope.submitted_at,
            origin=envelope.origin,
            signals=(*traps, *timing, *link_signals(envelope.items)),
        )
        return [answers]


def _is_question(field: Answer) -> bool:
    return field.key.lower() not in _MACHINERY and not field.key.startswith(_MACHINERY_PREFIX)
