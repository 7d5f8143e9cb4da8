"""Amazon SNS messages: is this one signed by Amazon? Certificates come from Amazon's own hosts only."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from threading import Lock
from urllib.parse import urlsplit

import requests
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509 import load_pem_x509_certificate

from connectors.intake.base import NotTrusted
from connectors.intake.json_shape import JsonObject, text_in

_HOST = re.compile(r"sns\.[a-z]{2}(?:-[a-z]+){1,3}-\d\.amazonaws\.com(?:\.cn)?")
_CERTIFICATE = re.compile(r"/SimpleNotificationService-[0-9a-fA-F]{8,64}\.pem")
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        "Message",
        "MessageId",
        "SubscribeURL",
        "Timestamp",
        "Token",
        "TopicArn",
        "Type",
    ),
}
_SIGNED["UnsubscribeConfirmation"] = _SIGNED["SubscriptionConfirmation"]
_SECONDS = 1.0  # to connect, and again for each piece of the answer
_LARGEST = 20_000
_MOST_KEPT = 20

Fetcher = Callable[[str], bytes]


def fetch_certificate(url: str) -> bytes:
    """The certificate at one of Amazon's own addresses. Raises requests.RequestException."""
    with requests.get(url, timeout=_SECONDS, stream=True, allow_redirects=False) as answer:
        if answer.status_code != 200:
            raise requests.HTTPError(f"status {answer.status_code}")
        return answer.raw.read(_LARGEST, decode_content=True)


class Signatures:
    """Checks signatures; keeps the few certificates that it has fetched, since each has its own address."""

    def __init__(self, fetch: Fetcher = fetch_certificate) -> None:
        self._fetch = fetch
        self._kept: dict[str, RSAPublicKey] = {}
        self._lock = Lock()

    def check(self, message: JsonObject) -> None:
        """Raise NotTrusted unless Amazon signed the message; 503 when its certificate cannot be had now."""
        fields = _SIGNED.get(text_in(message, "Type"))
        url = text_in(message, "SigningCertURL") or text_in(message, "SigningCertUrl")
        if fields is None or not is_amazons(url, _CERTIFICATE):
            raise _bad_signature()
        version = text_in(message, "SignatureVersion")
        if version not in ("1", "2"):
            raise _bad_signature()
        try:
            given = base64.b64decode(text_in(message, "Signature"), validate=True)
            # Version 1 of Amazon's scheme has no other hash.
            digest = SHA256() if version == "2" else SHA1()  # noqa: S303
            self._key(url).verify(given, _text(message, fields).encode(), PKCS1v15(), digest)
        except (InvalidSignature, binascii.Error, ValueError):
            raise _bad_signature() from None

    def _key(self, url: str) -> RSAPublicKey:
        with self._lock:
            known = self._kept.get(url)
        if known is not None:
            return known
        try:
            key = load_pem_x509_certificate(self._fetch(url)).public_key()
        except requests.RequestException:
            raise NotTrusted(
                "certificate_unavailable",
                "Amazon's certificate could not be fetched now; send the message again.",
                status=503,
            ) from None
        if not isinstance(key, RSAPublicKey):
            raise _bad_signature()
        with self._lock:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[url] = key
        return key


def is_amazons(url: str, path: re.Pattern[str]) -> bool:
    """An https address on an SNS host of Amazon's, with nothing odd about it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return bool(
        parts.scheme == "https"
        and parts.netloc == parts.hostname
        and port is None
        and _HOST.fullmatch(parts.hostname or "")
        and path.fullmatch(parts.path)
        and not parts.query
        and not parts.fragment
    )


def _text(message: JsonObject, fields: tuple[str, ...]) -> str:
    said = ((name, message.get(name)) for name in fields)
    return "".join(f"{name}\n{value}\n" for name, value in said if isinstance(value, str))


def _bad_signature() -> NotTrusted:
    return NotTrusted("bad_signature", "This message was not signed by Amazon SNS.", status=403)
