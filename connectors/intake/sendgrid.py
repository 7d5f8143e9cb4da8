"""SendGrid Inbound Parse: a mail as a multipart form, or whole as MIME; signed when a policy is attached."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from connectors.intake.base import Adapter, Document, NotTrusted, Options, RawRequest
from connectors.intake.mail import parts_of
from connectors.intake.mail_body import MAX_MAIL, JsonObject, attachment, read_mail
from connectors.intake.mail_form import Field, Fields, assembled, fields_of
from connectors.intake.mime import decode, read_headers
from connectors.intake.proof import require_token
from mapping.answers import Part

# It tries for three days to deliver, and drops the mail at the first 4xx.
TOLERANCE_SECONDS = 3 * 86_400
_SIGNATURE = "x-twilio-email-event-webhook-signature"
_TIMESTAMP = "x-twilio-email-event-webhook-timestamp"
_DKIM = re.compile(r"@([\w.-]+)\s*:\s*(\w+)")


class SendGrid(Adapter):
    """https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook."""

    vendor = "sendgrid"
    takes = frozenset({"form", "mail"})
    max_body = MAX_MAIL

    def verify(self, request: RawRequest, secret: str) -> None:
        """Raise NotTrusted unless the secret fits: a policy's public key, or a ?token=; "" = neither."""
        key = _public_key(secret)
        if key is None:
            require_token(request, secret)
            return
        timestamp = request.headers.get(_TIMESTAMP, "").strip()
        try:
            given = base64.b64decode(request.headers.get(_SIGNATURE, ""), validate=True)
            key.verify(given, timestamp.encode() + request.body, ECDSA(SHA256()))
        except (InvalidSignature, binascii.Error, ValueError):
            raise NotTrusted(
                "bad_signature",
                "The signature is missing or was not made with this path's key; enter the public key of the "
                "security policy that is attached to the Inbound Parse host.",
                status=401,
            ) from None
        if request.received_at and not _is_fresh(timestamp, request.received_at.timestamp()):
            raise NotTrusted("stale_signature", "The signature is older than three days.", status=401)

    def unpack(self, request: RawRequest) -> Document | None:
        """The mail in the form. Raises Unreadable."""
        fields = fields_of(request)
        raw = fields.raw("email")
        mail = _as_object(read_mail(raw)) if raw else _from_fields(fields)
        mail["checks"] = _checks(fields)
        return Document("mail", json=mail)

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Part]:
        """The inquiries in it."""
        return parts_of(document.json, options)


def _public_key(secret: str) -> EllipticCurvePublicKey | None:
    """The elliptic-curve key that the secret is, None when it is a plain token."""
    text = re.sub(r"-----[A-Z ]+-----|\s", "", secret)
    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except (ValueError, binascii.Error, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, EllipticCurvePublicKey) else None


def _is_fresh(timestamp: str, now: float) -> bool:
    return timestamp.isdecimal() and len(timestamp) < 12 and abs(now - int(timestamp)) <= TOLERANCE_SECONDS


def _from_fields(fields: Fields) -> JsonObject:
    charsets = fields.json("charsets")
    charsets = charsets if isinstance(charsets, dict) else {}

    def said(name: str) -> str:
        return fields.text(name, str(charsets.get(name, "")))

    headers = [(name, decode(value, "")) for name, value in read_headers(fields.raw("headers"))]
    known = {name for name, _ in headers}
    more = [
        (name, said(name))
        for name in ("from", "to", "cc", "subject")
        if name not in known and fields.has(name)
    ]
    envelope = fields.json("envelope")
    to = envelope.get("to") if isinstance(envelope, dict) else None
    return assembled(
        [*headers, *more],
        text=said("text"),
        html=said("html"),
        attachments=_attachments(fields),
        envelope_to=str(to[0]) if isinstance(to, list) and to else "",
    )


def _attachments(fields: Fields) -> list[JsonObject]:
    """By attachment-info, which has the names as the sender wrote them, else by the files themselves."""
    info = fields.json("attachment-info")
    info = info if isinstance(info, dict) else {}
    sizes = {one.name: one for one in fields.files}
    found = []
    for name, about in info.items():
        if isinstance(about, dict):
            file = sizes.pop(name, Field(name, b""))
            shown = str(about.get("filename") or about.get("name") or file.file_name)
            found.append(attachment(shown, str(about.get("type", "")), file.size))
    return found + [attachment(one.file_name, one.media_type, one.size) for one in sizes.values()]


def _checks(fields: Fields) -> JsonObject:
    """dkim looks like JSON and is none: "{@example.com : pass}"."""
    signed = _DKIM.findall(fields.text("dkim").lower())
    passed = [domain for domain, verdict in signed if verdict == "pass"]
    envelope = fields.json("envelope")
    sender = str(envelope.get("from", "")) if isinstance(envelope, dict) else ""
    spf = fields.text("SPF").strip().lower()
    return {
        "dkim": "pass" if passed else "fail" if any(verdict == "fail" for _, verdict in signed) else "none",
        "dkim_domains": " ".join(passed),
        "spf": spf if spf in ("pass", "fail") else "none",
        "spf_domain": sender.lower().rpartition("@")[2].strip("<> "),
    }


def _as_object(value: object) -> JsonObject:
    return value if isinstance(value, dict) else {}
