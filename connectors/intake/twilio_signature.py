"""How Twilio signs: HMAC-SHA1 over the exact public address and every POST field in order of names."""

from __future__ import annotations

import hashlib
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from connectors.intake.base import RawRequest
from connectors.intake.proof import base64_sha1, is_one_of, same

_MOST_FIELDS = 1_000
_DEFAULT_PORTS = {"https": 443, "http": 80}


def is_signed(request: RawRequest, token: str) -> bool:
    """Whether X-Twilio-Signature was made with the token for this request. Never raises."""
    given = request.headers.get("x-twilio-signature", "").strip()
    covered = dict(request.query).get("bodySHA256", "")
    if covered:
        # A body that is no form is not signed itself: its hash stands in the address.
        if not same(covered.lower(), hashlib.sha256(request.body).hexdigest()):
            return False
        fields = ""
    else:
        fields = _fields(request.body)
    expected = [
        base64_sha1(token, (url + fields).encode(errors="replace")) for url in _spellings(request.url)
    ]
    return is_one_of(given, expected)


def _fields(body: bytes) -> str:
    try:
        pairs = parse_qsl(
            body.decode(errors="replace"),
            keep_blank_values=True,
            max_num_fields=_MOST_FIELDS,
            errors="replace",
        )
    except ValueError:
        return "\x00"
    return "".join(name + value for name, value in sorted(set(pairs)))


def _spellings(url: str) -> list[str]:
    """The address as it is, and with the usual port written out or left out: Twilio does either."""
    parts = urlsplit(url)
    try:
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        return [url]
    usual = _DEFAULT_PORTS.get(parts.scheme)
    if port is None and usual and host:
        return [url, urlunsplit(parts._replace(netloc=f"{parts.netloc}:{usual}"))]
    if port == usual and port is not None:
        return [url, urlunsplit(parts._replace(netloc=parts.netloc.rpartition(":")[0]))]
    return [url]
