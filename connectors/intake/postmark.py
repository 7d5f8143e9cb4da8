"""Postmark's inbound webhook: a mail as JSON, behind the user and password in the address."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Sequence

from connectors.intake.base import Adapter, Document, JsonValue, NotTrusted, Options, RawRequest, Unreadable
from connectors.intake.charset import decode_json
from connectors.intake.json_body import parse_json
from connectors.intake.json_shape import object_in, objects_in, text_in
from connectors.intake.mail import parts_of
from connectors.intake.mail_body import MAX_MAIL, JsonObject, attachment, clean, read_mail
from connectors.intake.mail_form import assembled, pairs_in, signing_domains
from mapping.answers import Part

_DATA = (".xml", ".csv", ".tsv")
_LARGEST_DATA = 900_000


class Postmark(Adapter):
    """https://postmarkapp.com/developer/webhooks/inbound-webhook."""

    vendor = "postmark"
    takes = frozenset({"json", "mail"})
    max_body = MAX_MAIL

    def verify(self, request: RawRequest, secret: str) -> None:
        """Raise NotTrusted unless the path's secret, "user:password", stands in the basic authentication.

        401, so that Postmark tries again while the setting is put right: 403 would stop it. "" = not asked.
        """
        if not secret:
            return
        scheme, _, rest = request.headers.get("authorization", "").strip().partition(" ")
        try:
            given = base64.b64decode(rest.strip(), validate=True) if scheme.lower() == "basic" else b""
        except binascii.Error:
            given = b""
        if not hmac.compare_digest(given, secret.encode()):
            raise NotTrusted(
                "bad_password",
                "The user and password in the webhook's address are missing or not this path's; enter "
                "https://user:password@... in Postmark, and user:password here.",
                status=401,
            )

    def unpack(self, request: RawRequest) -> Document | None:
        """The mail in the JSON. Raises Unreadable: wrong_shape and whatever makes JSON unreadable."""
        sent = object_in(parse_json(decode_json(request.body, "")))
        if not (sent.get("FromFull") or sent.get("From") or sent.get("RawEmail")):
            raise Unreadable("wrong_shape", "This is not a mail as Postmark's inbound webhook posts it.")
        headers = pairs_in(sent.get("Headers"))
        raw = sent.get("RawEmail")
        if isinstance(raw, str) and raw.strip():
            mail = object_in(read_mail(raw.encode("utf-8", "replace")))
        else:
            mail = _from_json(sent, headers)
        mail["checks"] = _checks(headers)
        return Document("mail", json=mail)

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Part]:
        """The inquiries in it."""
        return parts_of(document.json, options)


def _from_json(sent: JsonObject, headers: list[tuple[str, str]]) -> JsonObject:
    known = {name.lower() for name, _ in headers}
    said = [
        ("From", text_in(sent, "From")),
        ("To", text_in(sent, "To")),
        ("Cc", text_in(sent, "Cc")),
        ("Reply-To", text_in(sent, "ReplyTo")),
        ("Subject", text_in(sent, "Subject")),
        ("Date", text_in(sent, "Date")),
        ("Message-ID", _id(text_in(sent, "MessageID"))),
    ]
    mail = assembled(
        [*headers, *((name, value) for name, value in said if value and name.lower() not in known)],
        text=_text(sent.get("TextBody")),
        html=_text(sent.get("HtmlBody")),
        attachments=[_attachment(one) for one in objects_in(sent.get("Attachments"))],
        envelope_to=text_in(sent, "OriginalRecipient"),
    )
    sender = object_in(sent.get("FromFull"))
    if text_in(sender, "Email"):
        mail["from"] = [[text_in(sender, "Name"), text_in(sender, "Email").lower()]]
    return mail


def _id(text: str) -> str:
    """Postmark's own id of the mail, when the sender gave it none."""
    return f"<{text}>" if text and "<" not in text else text


def _attachment(one: JsonObject) -> JsonObject:
    """Its name; what a loan file or a table says is read, everything else in it is dropped here."""
    name, content = text_in(one, "Name"), one.get("Content")
    size = one.get("ContentLength")
    text = ""
    if name.lower().endswith(_DATA) and isinstance(content, str) and len(content) < _LARGEST_DATA * 4 // 3:
        try:
            text = clean(base64.b64decode(content).decode("utf-8", "replace"))
        except (binascii.Error, ValueError):
            text = ""
    return attachment(name, text_in(one, "ContentType"), size if isinstance(size, int) else 0, text)


def _checks(headers: list[tuple[str, str]]) -> JsonObject:
    """Postmark checks SPF for the address that the answer to an error would go to, and writes it down."""
    spf = [value.strip().lower() for name, value in headers if name.lower() == "received-spf"]
    path = next((value for name, value in headers if name.lower() == "return-path"), "")
    verdict = (
        "pass"
        if spf and spf[0].startswith("pass")
        else "fail"
        if spf and spf[0].startswith("fail")
        else "none"
    )
    return {
        "spf": verdict,
        "spf_domain": path.lower().rpartition("@")[2].strip("<> "),
        "dkim": "none",
        "dkim_domains": signing_domains(headers),
    }


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""
