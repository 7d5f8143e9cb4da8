"""Netlify's outgoing webhook: a signed token in a header, the answers by name and by label."""

from __future__ import annotations

import hashlib

from connectors.intake.base import Document, NotTrusted, RawRequest
from connectors.intake.envelope import aware_time
from connectors.intake.flatten import as_tree, flatten_value
from connectors.intake.json_shape import JsonObject, object_in, objects_in
from connectors.intake.json_values import text_at
from connectors.intake.proof import same, shows_token
from connectors.intake.signatures import hs256_claims
from connectors.intake.website_form import Opened, WebsiteForm, as_sent
from mapping.answers import Answer, Origin

_HEADER = "X-Webhook-Signature"
_VISIT = frozenset({"ip", "user_agent", "referrer"})


class Netlify(WebsiteForm):
    """https://docs.netlify.com/forms/notifications/."""

    vendor = "netlify"

    def verify(self, request: RawRequest, secret: str) -> None:
        """Raise NotTrusted unless the token in the header holds the body's hash, or the secret is shown."""
        given = request.headers.get(_HEADER.lower(), "")
        if not secret or (not given and shows_token(request, secret)):
            return
        claims = hs256_claims(given, secret)
        digest = hashlib.sha256(request.body).hexdigest()
        if claims.get("iss") != "netlify" or not same(str(claims.get("sha256", "")), digest):
            raise NotTrusted(
                "bad_signature",
                f"The {_HEADER} header is missing or was not made with this path's secret over this body; "
                "enter the same JWS secret token in Netlify and here.",
                status=401,
            )

    def fits(self, tree: JsonObject) -> bool:
        """A submission with its form and site."""
        named = {"form_name", "form_id"} & tree.keys()
        return isinstance(tree.get("data"), dict) and bool(named) and bool(_NETLIFYS & tree.keys())

    def open(self, document: Document, request: RawRequest) -> Opened:
        """The fields in their order with their labels; the copies Netlify makes at the top are left out."""
        tree = as_tree(document)
        data = object_in(tree.get("data"))
        if not data:
            return as_sent(document)
        return Opened(
            _answers(tree, data),
            external_id=text_at(tree, "id"),
            submitted_at=aware_time(text_at(tree, "created_at")),
            origin=Origin(
                page_url=text_at(data, "referrer"),  # the page that the form was on
                ip=text_at(data, "ip"),
                user_agent=text_at(data, "user_agent"),
                form_id=text_at(tree, "form_id"),
                form_title=text_at(tree, "form_name"),
            ),
        )


_NETLIFYS = frozenset({"site_url", "human_fields", "ordered_human_fields", "site_id"})


def _answers(tree: JsonObject, data: JsonObject) -> list[Answer]:
    labels = {
        text_at(one, "name"): text_at(one, "title") for one in objects_in(tree.get("ordered_human_fields"))
    }
    fields = {name: data[name] for name in labels if name in data}
    fields.update((name, value) for name, value in data.items() if name not in _VISIT)
    return [Answer(item.key, labels.get(item.key, ""), item.values) for item in flatten_value(fields)]
