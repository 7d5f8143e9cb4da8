"""Webflow's webhooks, of today (v2) and of before (v1): signed when an app made them."""

from __future__ import annotations

from connectors.intake.base import Document, RawRequest
from connectors.intake.envelope import aware_time
from connectors.intake.flatten import as_tree, flatten_value
from connectors.intake.json_shape import JsonObject, object_in
from connectors.intake.json_values import text_at
from connectors.intake.proof import hex_hmac, require_recent, require_signature, shows_token
from connectors.intake.signatures import WINDOW_SECONDS, in_seconds
from connectors.intake.website_form import Opened, WebsiteForm, as_sent
from mapping.answers import Origin

_SIGNATURE, _TIME = "x-webflow-signature", "x-webflow-timestamp"
_FORM = "form_submission"


class Webflow(WebsiteForm):
    """https://developers.webflow.com/data/docs/working-with-webhooks."""

    vendor = "webflow"

    def verify(self, request: RawRequest, secret: str) -> None:
        """Raise NotTrusted unless the signature over "<ms>:<body>" is good and fresh.

        Hooks made in Webflow's dashboard are not signed: they show the secret as a token.
        """
        given, time = request.headers.get(_SIGNATURE, ""), request.headers.get(_TIME, "").strip()
        if not secret or (not given and shows_token(request, secret)):
            return
        signed = f"{time}:".encode(errors="replace") + request.body
        require_signature(
            given.lower(), secret, lambda one: hex_hmac(one, signed), header=_SIGNATURE, where="Webflow"
        )
        require_recent(in_seconds(time), request.received_at, WINDOW_SECONDS, header=_TIME)

    def fits(self, tree: JsonObject) -> bool:
        """A v2 event, or the v1 object."""
        return (isinstance(tree.get("triggerType"), str) and "payload" in tree) or _is_v1(tree)

    def open(self, document: Document, request: RawRequest) -> Opened:
        """The fields by their labels; other events than a form's are ignored."""
        tree = as_tree(document)
        if _is_v1(tree):
            return _opened(
                tree, text_at(tree, "_id"), text_at(tree, "d"), Origin(form_title=text_at(tree, "name"))
            )
        payload = object_in(tree.get("payload"))
        kind = text_at(tree, "triggerType")
        if kind and kind != _FORM:
            return Opened((), ignored="This Webflow event is not a form submission.")
        if not isinstance(payload.get("data"), dict):
            return as_sent(document)
        origin = Origin(
            page_url=text_at(payload, "pageUrl", "publishedPath.pageUrl"),
            form_id=text_at(payload, "formId"),
            form_title=text_at(payload, "name"),
        )
        return _opened(payload, text_at(payload, "id"), text_at(payload, "submittedAt"), origin)


def _is_v1(tree: JsonObject) -> bool:
    return isinstance(tree.get("data"), dict) and "_id" in tree and ("site" in tree or "d" in tree)


def _opened(holder: JsonObject, external_id: str, at: str, origin: Origin) -> Opened:
    return Opened(
        flatten_value(holder["data"]), external_id=external_id, submitted_at=aware_time(at), origin=origin
    )
