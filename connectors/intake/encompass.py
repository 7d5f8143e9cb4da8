"""Encompass (ICE Mortgage Technology): signed notices about loans, which are then fetched."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence

from connectors.intake.base import Adapter, Document, Options, RawRequest, Unreadable
from connectors.intake.encompass_loan import loan_answers, loan_link
from connectors.intake.encompass_login import bearer
from connectors.intake.envelope import aware_time, usable_id
from connectors.intake.json_shape import JsonObject, object_in
from connectors.intake.json_values import known, text_at
from connectors.intake.link_id import link_refs
from connectors.intake.proof import require_signature
from connectors.intake.vendor_api import get_json
from mapping.answers import Answer, Answers, Fetch

VENDOR = "encompass"
_USUAL_API = "https://api.elliemae.com"
#: Shaped like a GUID; nothing else may stand in the address that is asked for.
_GUID = re.compile(r"[0-9A-Za-z]{8}(?:-[0-9A-Za-z]{4}){3}-[0-9A-Za-z]{12}")


class Encompass(Adapter):
    """Webhook subscriptions on the resource Loan; the path's account is the instance that alone may send."""

    vendor = VENDOR
    takes = frozenset({"json"})
    signs = True
    # It takes everything from 200 to 499 for delivered: only a 5xx is sent again.
    busy_status = 503

    def verify(self, request: RawRequest, secret: str) -> None:
        """Raise NotTrusted unless Elli-Signature is the base64 of HMAC-SHA256 over the body with a secret.

        Several secrets, apart by blanks or commas, are all good: each subscription may have its own.
        """
        require_signature(
            request.headers.get("elli-signature", ""),
            secret,
            lambda one: _signature(one, request.body),
            header="Elli-Signature",
            where="the webhook subscription",
        )

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers | Fetch]:
        """The loan that the notice points to. Raises Unreadable: wrong_shape, bad_id."""
        event = object_in(document.json)
        meta = object_in(event.get("meta"))
        if not meta or not text_at(event, "eventType"):
            raise Unreadable("wrong_shape", "This is not an Encompass webhook notice.", keep=True)
        if text_at(meta, "resourceType").lower() != "loan":
            why = "This Encompass notice is not about a loan."
            return [Answers(VENDOR, (), ignored=why, event_id=_event_id(event))]
        if options.account and text_at(meta, "instanceId").lower() != options.account.lower():
            why = "The notice is from another Encompass instance than the path's account."
            return [Answers(VENDOR, (), distrust=why, event_id=_event_id(event), kind="update")]
        guid = text_at(meta, "resourceId").strip("{}")
        if not _GUID.fullmatch(guid):
            raise Unreadable("bad_id", "The notice's meta.resourceId is not a GUID.", keep=True)
        return [Fetch("loan", guid, _notice(event, guid))]

    def fetch(self, order: Fetch, token: str, options: Options) -> Document:
        """The loan. Raises FetchFailed."""
        base = options.api_url or _USUAL_API
        url = f"{base}/encompass/v3/loans/{order.id}"
        return Document(
            "json", json=get_json("Encompass", url, bearer(base, token, options.account), params={})
        )

    def fetched(self, order: Fetch, document: Document, options: Options) -> Sequence[Answers]:
        """Borrowers, loan and milestone. Raises Unreadable: wrong_shape."""
        loan = object_in(document.json)
        if not loan:
            raise Unreadable("wrong_shape", "Encompass answered something that is no loan.", keep=True)
        link = loan_link(loan)
        notice = order.notice
        items: tuple[Answer, ...] = (*loan_answers(loan, notice.items), *known("application_id", order.id))
        return [
            Answers(
                VENDOR,
                items,
                external_id=order.id,
                event_id=notice.event_id,
                submitted_at=notice.submitted_at,
                kind="update",
                refs=(*notice.refs, *link_refs(link)),
            )
        ]


def _signature(secret: str, body: bytes) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


def _event_id(event: JsonObject) -> str:
    return usable_id(text_at(event, "eventId"))


def _notice(event: JsonObject, guid: str) -> Answers:
    """What the notice itself says: the kind of event, which a Submit needs no loan for."""
    kind = text_at(event, "eventType")
    return Answers(
        VENDOR,
        tuple(known("application_status", "submitted" if kind.lower() == "submit" else "")),
        external_id=guid,
        event_id=_event_id(event),
        submitted_at=aware_time(text_at(event, "eventTime")),
        kind="update",
        refs=(f"application:{VENDOR}:{guid.lower()}",),
    )
