"""Amazon SES: mail that SNS brings, signed by Amazon, for one topic; a new subscription is confirmed."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import replace

import requests

from connectors.intake.base import (
    Adapter,
    Document,
    FetchFailed,
    NotTrusted,
    Options,
    RawRequest,
    Unreadable,
)
from connectors.intake.charset import decode_json
from connectors.intake.envelope import aware_time
from connectors.intake.json_body import parse_json
from connectors.intake.json_shape import JsonObject, object_in, text_in
from connectors.intake.mail import parts_of
from connectors.intake.mail_body import read_mail
from connectors.intake.mail_form import assembled, pairs_in, signing_domains
from connectors.intake.sns import Signatures
from mapping.answers import Answers, Fetch, Part

MAX_AGE_SECONDS = 86_400  # SNS gives up long before
_TOPIC = re.compile(
    r"arn:aws[a-z-]*:sns:([a-z]{2}(?:-[a-z]+){1,3}-\d):(\d{12}):[A-Za-z0-9_-]{1,256}(?:\.fifo)?"
)
_TOKEN = re.compile(r"[0-9A-Za-z]{20,600}")
_SECONDS = 10


class Ses(Adapter):
    """Receiving rules that publish to a topic; account is the topic's ARN.

    https://docs.aws.amazon.com/ses/latest/dg/receiving-email-action-sns.html
    """

    vendor = "ses"
    takes = frozenset({"json", "mail"})
    max_body = 1_048_576

    def __init__(self, signatures: Signatures | None = None) -> None:
        self._signatures = signatures or Signatures()

    def verify(self, request: RawRequest, secret: str) -> None:
        """Raise NotTrusted unless Amazon signed it, within a day. There is no secret to share."""
        message = _message(request)
        self._signatures.check(message)
        at = aware_time(text_in(message, "Timestamp"))
        if request.received_at and (
            at is None or abs((request.received_at - at).total_seconds()) > MAX_AGE_SECONDS
        ):
            raise NotTrusted("stale_signature", "The message is older than a day.", status=403)

    def unpack(self, request: RawRequest) -> Document | None:
        """The mail in the notification; a message about the subscription as it is. Raises Unreadable."""
        message = _message(request)
        topic = {"topic": text_in(message, "TopicArn"), "kind": text_in(message, "Type")}
        if topic["kind"] != "Notification":
            return Document("mail", json={"sns": {**topic, "token": text_in(message, "Token")}})
        try:
            notice = object_in(parse_json(whole_text(message, "Message")))
        except Unreadable:
            notice = {}
        return Document("mail", json={**_mail(notice), "sns": {**topic}})

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Part]:
        """The inquiries in it. Raises NotTrusted for another topic than the path's."""
        mail = object_in(document.json)
        about = object_in(mail.get("sns"))
        topic, kind = text_in(about, "topic"), text_in(about, "kind")
        if options.account and topic != options.account:
            raise NotTrusted("wrong_topic", "This message is of another topic than this path's.", status=403)
        if kind == "SubscriptionConfirmation":
            return [_confirmation(topic, text_in(about, "token"), options)]
        if kind != "Notification":
            return [Answers(self.vendor, (), ignored="The subscription was ended.", ignored_code="handshake")]
        if mail.get("incomplete") == "test":
            return [
                Answers(self.vendor, (), ignored="A trial message of Amazon's.", ignored_code="handshake")
            ]
        parts = parts_of(mail, options)
        return [_without_content(part) for part in parts] if mail.get("incomplete") else parts

    def fetch(self, order: Fetch, token: str, options: Options) -> Document:
        """Confirm the subscription, at an address made from the path's own topic. Raises FetchFailed."""
        topic = _TOPIC.fullmatch(options.account)
        if topic is None or not _TOKEN.fullmatch(order.id):
            raise FetchFailed(
                "The path's account is no topic's ARN.", again=False, remedy="Set account to the ARN."
            )
        ending = ".cn" if topic[1].startswith("cn-") else ""
        base = options.api_url.rstrip("/") or f"https://sns.{topic[1]}.amazonaws.com{ending}"
        query = {"Action": "ConfirmSubscription", "TopicArn": options.account, "Token": order.id}
        try:
            answer = requests.get(f"{base}/", params=query, timeout=_SECONDS, allow_redirects=False)
        except requests.RequestException:
            raise FetchFailed(
                "Amazon SNS could not be reached to confirm the subscription.", again=True
            ) from None
        if answer.status_code != 200:
            again = answer.status_code >= 500 or answer.status_code == 429
            raise FetchFailed(
                f"Amazon SNS refused the confirmation of the subscription (status {answer.status_code}).",
                again=again,
                remedy="Ask for it again: in SNS choose the subscription and press Request confirmation.",
            )
        return Document("json", json={"confirmed": True})

    def fetched(self, order: Fetch, document: Document, options: Options) -> Sequence[Part]:
        """Nothing was asked by anybody."""
        return [order.notice]


def whole_text(message: JsonObject, name: str) -> str:
    """A text however long it is."""
    value = message.get(name)
    return value if isinstance(value, str) else ""


def _message(request: RawRequest) -> JsonObject:
    """The SNS envelope. SNS posts JSON as text/plain. Raises Unreadable."""
    return object_in(parse_json(decode_json(request.body, "")))


def _confirmation(topic: str, token: str, options: Options) -> Part:
    done = Answers(
        "ses",
        (),
        external_id=f"{topic} {token[:40]}",
        ignored="The topic's subscription was confirmed.",
        ignored_code="handshake",
    )
    if not options.account or not _TOKEN.fullmatch(token):
        return Answers(
            "ses",
            (),
            external_id=done.external_id,
            distrust="A topic asks to send here, but this path names no topic. Set account to the topic's "
            "ARN in the settings, then press Request confirmation in SNS.",
            distrust_code="unknown_topic",
        )
    return Fetch("subscription", token, done)


def _mail(notice: JsonObject) -> JsonObject:
    """A mail's JSON from SES's notification."""
    about, receipt = object_in(notice.get("mail")), object_in(notice.get("receipt"))
    headers = pairs_in(about.get("headers"))
    content = notice.get("content")
    if isinstance(content, str) and content.strip():
        mail = object_in(read_mail(_octets(content, text_in(receipt, "action", "encoding"))))
    else:
        kind = text_in(notice, "notificationType")
        mail = assembled(headers, text="", html="", attachments=())
        mail["incomplete"] = "content" if kind == "Received" else "test"
    mail["checks"] = _checks(about, receipt, headers)
    return mail


def _octets(content: str, encoding: str) -> bytes:
    if encoding.upper() == "BASE64":
        try:
            return base64.b64decode(content)
        except (binascii.Error, ValueError):
            return b""
    return content.encode("utf-8", "replace")


def _checks(about: JsonObject, receipt: JsonObject, headers: list[tuple[str, str]]) -> JsonObject:
    def verdict(name: str) -> str:
        said = text_in(receipt, f"{name}Verdict", "status").upper()
        return {"PASS": "pass", "FAIL": "fail"}.get(said, "none")

    return {
        "dmarc": verdict("dmarc"),
        "dkim": verdict("dkim"),
        "dkim_domains": signing_domains(headers),
        "spf": verdict("spf"),
        "spf_domain": text_in(about, "source").lower().rpartition("@")[2].strip("<> "),
    }


def _without_content(part: Part) -> Part:
    """Over 150 KB SES sends the headers alone."""
    if not isinstance(part, Answers) or part.ignored:
        return part
    return replace(
        part,
        distrust="The mail is larger than 150 KB, so Amazon SES did not send its text with it. Open it in "
        "your mailbox or S3 bucket; to receive large mail here, forward it to an inbox that is read by IMAP.",
        distrust_code="mail_not_included",
    )
