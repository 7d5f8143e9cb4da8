"""Formspree's webhook: its signature, and the fields of one submission."""

from __future__ import annotations

from connectors.intake.base import Document, RawRequest
from connectors.intake.envelope import aware_time
from connectors.intake.flatten import as_tree, flatten_value
from connectors.intake.json_shape import JsonObject, object_in
from connectors.intake.json_values import text_at
from connectors.intake.proof import hex_hmac, require_recent, require_signature, shows_token
from connectors.intake.signatures import WINDOW_SECONDS, named_parts
from connectors.intake.website_form import Opened, WebsiteForm, as_sent
from mapping.answers import Origin

_HEADER = "Formspree-Signature"
# Settings of the form that its page sends along.
_SETTINGS = frozenset({"_date", "_subject", "_next", "_cc", "_format", "_language", "_template", "_replyto"})


class Formspree(WebsiteForm):
    """https://help.formspree.io/hc/en-us/articles/360015130174-Webhooks."""

    vendor = "formspree"

    def verify(self, request: RawRequest, secret: str) -> None:
        """Raise NotTrusted unless "t=<seconds>,v1=<hex>" over "<t>.<body>" is good and fresh.

        A request without a signature shows the secret as a token.
        """
        header = request.headers.get(_HEADER.lower(), "")
        if not secret or (not header and shows_token(request, secret)):
            return
        parts = named_parts(header)
        time = parts.get("t", "")
        signed = f"{time}.".encode(errors="replace") + request.body
        require_signature(
            parts.get("v1", ""), secret, lambda one: hex_hmac(one, signed), header=_HEADER, where="Formspree"
        )
        require_recent(time, request.received_at, WINDOW_SECONDS, header=_HEADER)

    def fits(self, tree: JsonObject) -> bool:
        """A submission beside the form's id."""
        return "form" in tree and isinstance(tree.get("submission"), dict) and "keys" in tree

    def open(self, document: Document, request: RawRequest) -> Opened:
        """The fields; _replyto is the visitor's address where no field "email" asks for it."""
        tree = as_tree(document)
        submission = object_in(tree.get("submission"))
        if not submission:
            return as_sent(document)
        fields = {name: value for name, value in submission.items() if name.lower() not in _SETTINGS}
        reply_to = text_at(submission, "_replyto")
        if reply_to and not text_at(submission, "email"):
            fields = {**fields, "email": reply_to}
        return Opened(
            flatten_value(fields),
            external_id=text_at(tree, "id", "submission._id", "submission.id"),
            submitted_at=aware_time(text_at(submission, "_date")),
            origin=Origin(form_id=text_at(tree, "form"), form_title=text_at(submission, "_subject")),
        )
