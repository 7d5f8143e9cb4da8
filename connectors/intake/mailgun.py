"""Mailgun routes: a mail as form fields, or whole as MIME; signed by timestamp and token."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from connectors.intake.base import Adapter, Document, NotTrusted, Options, RawRequest
from connectors.intake.mail import parts_of
from connectors.intake.mail_body import MAX_MAIL, JsonObject, attachment, read_mail
from connectors.intake.mail_form import Fields, assembled, fields_of, pairs_in, signing_domains
from mapping.answers import Part

TOLERANCE_SECONDS = 300
# The form repeats these headers as fields of its own.
_REPEATED = (
    *("From", "Subject", "Date", "Message-Id", "In-Reply-To", "References", "Reply-To", "To", "Cc"),
    *("Return-Path", "Auto-Submitted", "Precedence", "List-Id", "List-Unsubscribe", "Content-Type"),
)


class Mailgun(Adapter):
    """https://documentation.mailgun.com/docs/mailgun/user-manual/receive-forward-store."""

    vendor = "mailgun"
    takes = frozenset({"form", "mail"})
    max_body = MAX_MAIL
    signs = True

    def verify(self, request: RawRequest, secret: str) -> None:
        """Raise NotTrusted unless signature is HMAC-SHA256 of timestamp and token, made within five minutes.

        The signature says nothing of the body, so a request that is older is refused. "" = none is asked.
        """
        if not secret:
            return
        fields = fields_of(request)
        timestamp, token = fields.text("timestamp").strip(), fields.text("token").strip()
        wanted = hmac.digest(secret.strip().encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hex()
        given = fields.raw("signature").strip()
        if not hmac.compare_digest(given, wanted.encode()):
            raise NotTrusted(
                "bad_signature",
                "The signature is missing or was not made with this path's secret; enter Mailgun's HTTP "
                "webhook signing key here.",
                status=401,
            )
        if request.received_at and not _is_fresh(timestamp, request.received_at.timestamp()):
            raise NotTrusted(
                "stale_signature",
                "The signature was made more than five minutes ago; if this repeats, set the server's clock.",
                status=401,
            )

    def used_once(self, request: RawRequest) -> str:
        """Time stamp and token: Mailgun makes a new one for each request."""
        fields = fields_of(request)
        return f"{fields.text('timestamp').strip()}:{fields.text('token').strip()}"

    def unpack(self, request: RawRequest) -> Document | None:
        """The mail in the form. Raises Unreadable."""
        fields = fields_of(request)
        raw = fields.raw("body-mime")
        headers = pairs_in(fields.json("message-headers"))
        mail = _as_object(read_mail(raw)) if raw else _from_fields(fields, headers)
        mail["checks"] = _checks(fields, headers)
        return Document("mail", json=mail)

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Part]:
        """The inquiries in it."""
        return parts_of(document.json, options)


def _is_fresh(timestamp: str, now: float) -> bool:
    return timestamp.isdecimal() and len(timestamp) < 12 and abs(now - int(timestamp)) <= TOLERANCE_SECONDS


def _from_fields(fields: Fields, headers: list[tuple[str, str]]) -> JsonObject:
    known = {name.lower() for name, _ in headers}
    more = [(name, fields.text(name)) for name in _REPEATED if name.lower() not in known and fields.has(name)]
    names = [attachment(one.file_name, one.media_type, one.size) for one in fields.files]
    for one in _objects(fields.json("attachments")):
        size = one.get("size")
        names.append(
            attachment(
                str(one.get("name", "")),
                str(one.get("content-type", "")),
                size if isinstance(size, int) else 0,
            )
        )
    return assembled(
        [*headers, *more],
        text=fields.text("body-plain"),
        html=fields.text("body-html"),
        attachments=names,
        envelope_to=fields.text("recipient"),
    )


def _checks(fields: Fields, headers: list[tuple[str, str]]) -> JsonObject:
    """Mailgun's own verdicts. A sender may write such headers, too: only when all agree do they pass."""
    spf = _verdict([value for name, value in headers if name.lower() == "x-mailgun-spf"])
    dkim = _verdict([value for name, value in headers if name.lower() == "x-mailgun-dkim-check-result"])
    sender = fields.text("sender").strip().lower()
    return {
        "spf": spf,
        "dkim": dkim,
        "dkim_domains": signing_domains(headers),
        "spf_domain": sender.rpartition("@")[2].rstrip(">"),
    }


def _verdict(values: list[str]) -> str:
    words = {value.strip().lower() for value in values}
    if words == {"pass"}:
        return "pass"
    return "fail" if "fail" in words else "none"


def _objects(value: object) -> list[JsonObject]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _as_object(value: object) -> JsonObject:
    return value if isinstance(value, dict) else {}
