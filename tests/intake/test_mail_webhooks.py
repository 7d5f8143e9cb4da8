"""Mail services' webhooks: who may post, and what of a mail comes through."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from connectors.intake.base import FetchFailed, IntakeError, NotTrusted, Options, RawRequest
from connectors.intake.sendgrid import SendGrid
from connectors.intake.ses import Ses
from connectors.intake.sns import Signatures
from mapping.answers import Answers, Fetch

NOW = datetime(2025, 3, 4, 18, tzinfo=UTC)
TOPIC = "arn:aws:sns:us-east-1:123456789012:inbound"
CERTIFICATE = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"
KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
MAIL = (
    "From: Penelope Marsh <penelope@marshrealty.example.com>\r\nTo: leads@harborpine.example.com\r\n"
    "Subject: Referral\r\nMessage-ID: <ses-1@marshrealty.example.com>\r\n\r\n"
    "Please meet Simone Batiste. She wants to buy a house. Her cell is 415-555-0186.\r\n"
)


def certificate() -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=3650))
        .sign(KEY, SHA256())
    )
    return made.public_bytes(Encoding.PEM)


CERTIFICATE_TEXT = certificate()


def ses() -> tuple[Ses, list[str]]:
    """The adapter, and the addresses it fetched certificates from."""
    fetched: list[str] = []

    def fetch(url: str) -> bytes:
        fetched.append(url)
        return CERTIFICATE_TEXT

    return Ses(Signatures(fetch)), fetched


def message(kind: str = "Notification", *, version: str = "2", **more: str) -> dict[str, str]:
    said = {
        "Type": kind,
        "MessageId": "m-1",
        "TopicArn": TOPIC,
        "Timestamp": NOW.isoformat().replace("+00:00", "Z"),
        "SignatureVersion": version,
        "SigningCertURL": CERTIFICATE,
        **more,
    }
    names = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
    if kind != "Notification":
        names = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    text = "".join(f"{name}\n{said[name]}\n" for name in names if name in said)
    signature = KEY.sign(text.encode(), padding.PKCS1v15(), SHA256() if version == "2" else SHA1())  # noqa: S303
    return {**said, "Signature": base64.b64encode(signature).decode()}


def notice(**more: Any) -> str:
    verdicts = {f"{name}Verdict": {"status": "PASS"} for name in ("spf", "dkim", "dmarc")}
    receipt = {**verdicts, "action": {"type": "SNS", "encoding": "UTF8"}}
    about = {
        "source": "penelope@marshrealty.example.com",
        "headers": [{"name": "Subject", "value": "Referral"}],
    }
    return json.dumps(
        {"notificationType": "Received", "mail": about, "receipt": receipt, "content": MAIL, **more}
    )


def posted(body: dict[str, str]) -> RawRequest:
    return RawRequest("text/plain; charset=UTF-8", {}, json.dumps(body).encode(), received_at=NOW)


def parts(adapter: Ses, request: RawRequest, account: str = TOPIC) -> Any:
    adapter.verify(request, "")
    document = adapter.unpack(request)
    assert document is not None
    return adapter.read(document, request, Options(account=account))


@pytest.mark.parametrize("version", ["1", "2"])
def test_a_mail_of_ses_is_read(version: str) -> None:
    adapter, fetched = ses()
    for _ in range(3):
        (part,) = parts(adapter, posted(message(version=version, Message=notice())))
    assert (part.vendor, part.external_id) == ("email-referral", "ses-1@marshrealty.example.com")
    assert part.distrust == ""
    assert fetched == [CERTIFICATE]


def test_a_mail_in_base64_is_the_same() -> None:
    receipt = {"dmarcVerdict": {"status": "PASS"}, "action": {"type": "SNS", "encoding": "BASE64"}}
    body = notice(receipt=receipt, content=base64.b64encode(MAIL.encode()).decode())
    (part,) = parts(ses()[0], posted(message(Message=body)))
    assert "Simone Batiste" in [item.text for item in part.items]


def test_a_mail_that_failed_its_checks_waits_for_a_person() -> None:
    receipt = {"dmarcVerdict": {"status": "FAIL"}, "dkimVerdict": {"status": "PASS"}}
    (part,) = parts(ses()[0], posted(message(Message=notice(receipt=receipt))))
    assert part.distrust_code == "sender_authentication_failed"
    assert part.sender == ""


def test_a_mail_over_150_kb_says_where_it_is() -> None:
    (part,) = parts(ses()[0], posted(message(Message=notice(content=None))))
    assert part.distrust_code == "mail_not_included"
    assert "S3" in part.distrust


@pytest.mark.parametrize(
    "change",
    [
        {"Message": "{}"},
        {"Signature": "AAAA"},
        {"Signature": "no base64"},
        {
            "SigningCertURL": "https://sns.us-east-1.amazonaws.com.evil.example.net/SimpleNotificationService-0123456789abcdef.pem"
        },
        {
            "SigningCertURL": "http://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"
        },
        {"SigningCertURL": "https://s3.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"},
        {
            "SigningCertURL": "https://a@sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"
        },
        {
            "SigningCertURL": "https://sns.us-east-1.amazonaws.com/x/../SimpleNotificationService-0123456789abcdef.pem"
        },
        {"SignatureVersion": "3"},
        {"Type": "Other"},
        {"Timestamp": "2025-03-02T18:00:00Z"},
    ],
)
def test_what_amazon_did_not_sign_is_refused(change: dict[str, str]) -> None:
    adapter, fetched = ses()
    with pytest.raises(NotTrusted):
        parts(adapter, posted({**message(Message=notice()), **change}))
    assert set(fetched) <= {CERTIFICATE}


def test_an_old_message_is_refused() -> None:
    old = message(Message=notice(), Timestamp="2025-03-02T18:00:00Z")
    with pytest.raises(NotTrusted, match="older than a day"):
        parts(ses()[0], posted(old))


def test_another_topic_is_refused() -> None:
    with pytest.raises(NotTrusted, match="another topic"):
        parts(ses()[0], posted(message(Message=notice())), account=TOPIC + "2")


def test_a_certificate_that_cannot_be_had_now_lets_amazon_try_again() -> None:
    def fail(url: str) -> bytes:
        raise requests.ConnectTimeout

    with pytest.raises(NotTrusted) as raised:
        Ses(Signatures(fail)).verify(posted(message(Message=notice())), "")
    assert raised.value.status == 503


def test_a_subscription_is_confirmed_for_the_path_s_own_topic_only() -> None:
    asked = message(
        "SubscriptionConfirmation", Message="x", Token="a" * 64, SubscribeURL="https://evil.example.net/"
    )
    (order,) = parts(ses()[0], posted(asked))
    assert isinstance(order, Fetch)
    assert (order.resource, order.id) == ("subscription", "a" * 64)
    assert order.notice.ignored_code == "handshake"
    (refused,) = parts(ses()[0], posted(asked), account="")
    assert isinstance(refused, Answers)
    assert refused.distrust_code == "unknown_topic"
    with pytest.raises(FetchFailed):
        ses()[0].fetch(order, "", Options(account="arn:aws:sns:nowhere:1:x"))


def test_sendgrid_s_signature_is_checked_when_the_secret_is_a_public_key() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    secret = base64.b64encode(
        key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).decode()
    stamp, body = str(int(NOW.timestamp())), b"--b\r\n\r\n--b--"
    given = base64.b64encode(key.sign(stamp.encode() + body, ec.ECDSA(SHA256()))).decode()
    headers = {
        "x-twilio-email-event-webhook-signature": given,
        "x-twilio-email-event-webhook-timestamp": stamp,
    }
    SendGrid().verify(RawRequest("multipart/form-data", headers, body, received_at=NOW), secret)
    for changed in ({}, {**headers, "x-twilio-email-event-webhook-timestamp": "1"}):
        with pytest.raises(NotTrusted):
            SendGrid().verify(RawRequest("multipart/form-data", changed, body, received_at=NOW), secret)
    with pytest.raises(NotTrusted):
        SendGrid().verify(RawRequest("multipart/form-data", headers, body + b"x", received_at=NOW), secret)


def test_a_body_that_is_no_form_is_refused_and_not_kept() -> None:
    with pytest.raises(IntakeError) as raised:
        SendGrid().unpack(RawRequest("text/plain", {}, b"hi"))
    assert (raised.value.status, raised.value.keep) == (415, False)
