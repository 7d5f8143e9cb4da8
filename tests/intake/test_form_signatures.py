"""How form vendors sign: right, rotated, wrong, stale, changed, missing; and who shows a token."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace

import pytest

from connectors.intake.base import NotTrusted, RawRequest
from connectors.intake.registry import ADAPTERS
from connectors.intake.signatures import WINDOW_SECONDS, hs256_claims
from tests.intake.requests import RECEIVED_AT

SECRET = "the-secret-0123456789"
BODY = '{"name": "Renée", "amount": 350}'.encode()
URL = "https://in.example.com/in/key?a=b%20c"
NOW = int(RECEIVED_AT.timestamp())
TIMED = ("formspree", "hubspot_forms", "webflow", "wpforms")
SIGNED = (*TIMED, "netlify")
UNSIGNED = ("formspree", "hubspot_forms", "netlify", "webflow")  # these may send without a signature


def mac(secret: str, signed: bytes) -> bytes:
    return hmac.digest(secret.encode(), signed, "sha256")


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def token(secret: str, claims: dict[str, str], alg: str = "HS256") -> str:
    head = f"{b64url(json.dumps({'alg': alg}).encode())}.{b64url(json.dumps(claims).encode())}"
    return f"{head}.{b64url(mac(secret, head.encode()))}"


def headers(kind: str, secret: str, body: bytes, at: int) -> dict[str, str]:
    stamp = str(at)
    if kind == "webflow":
        signature = mac(secret, f"{stamp}000:".encode() + body).hex()
        return {"x-webflow-signature": signature, "x-webflow-timestamp": f"{stamp}000"}
    if kind == "hubspot_forms":
        message = b"POST" + URL.encode() + body + f"{stamp}000".encode()
        signature = base64.b64encode(mac(secret, message)).decode()
        return {"x-hubspot-signature-v3": signature, "x-hubspot-request-timestamp": f"{stamp}000"}
    if kind == "netlify":
        claims = {"iss": "netlify", "sha256": hashlib.sha256(body).hexdigest()}
        return {"x-webhook-signature": token(secret, claims)}
    signature = mac(secret, f"{stamp}.".encode() + body).hex()
    if kind == "wpforms":
        return {"x-wpforms-webhook-signature": f"t={stamp},v={signature}"}
    return {"formspree-signature": f"t={stamp},v1={signature}"}


def signed(kind: str, secret: str = SECRET, at: int = NOW) -> RawRequest:
    return RawRequest(
        "application/json", headers(kind, secret, BODY, at), BODY, received_at=RECEIVED_AT, url=URL
    )


def refusal(kind: str, request: RawRequest, secret: str = SECRET) -> NotTrusted:
    with pytest.raises(NotTrusted) as caught:
        ADAPTERS[kind].verify(request, secret)
    assert caught.value.status == 401
    assert not caught.value.keep
    assert str(caught.value).endswith(".")
    return caught.value


@pytest.mark.parametrize("kind", SIGNED)
@pytest.mark.parametrize("configured", [SECRET, f"next-secret {SECRET}", f"{SECRET}, next-secret"])
def test_any_configured_secret_is_good(kind: str, configured: str) -> None:
    ADAPTERS[kind].verify(signed(kind), configured)


@pytest.mark.parametrize("kind", SIGNED)
def test_without_a_secret_nothing_is_asked(kind: str) -> None:
    ADAPTERS[kind].verify(replace(signed(kind), headers={}), "")


@pytest.mark.parametrize("kind", SIGNED)
def test_another_secret_is_refused(kind: str) -> None:
    assert refusal(kind, signed(kind, "somebody-elses-secret")).code == "bad_signature"


@pytest.mark.parametrize("kind", SIGNED)
def test_a_changed_body_is_refused(kind: str) -> None:
    assert refusal(kind, replace(signed(kind), body=BODY + b" ")).code == "bad_signature"


@pytest.mark.parametrize("kind", SIGNED)
@pytest.mark.parametrize(
    "value", ["", "t=", "t=1,v1=", "a.b.c", "é\udce9", "..", "x" * 5000, "1741111200001"]
)
def test_an_odd_header_is_refused(kind: str, value: str) -> None:
    sent = signed(kind)
    for name in sent.headers:
        refusal(kind, replace(sent, headers={**sent.headers, name: value}))


@pytest.mark.parametrize("kind", TIMED)
@pytest.mark.parametrize("away", [WINDOW_SECONDS + 1, -WINDOW_SECONDS - 1, 10**9])
def test_a_signature_of_another_time_is_refused(kind: str, away: int) -> None:
    assert refusal(kind, signed(kind, at=NOW + away)).code == "stale_signature"


@pytest.mark.parametrize("kind", TIMED)
@pytest.mark.parametrize("away", [WINDOW_SECONDS, -WINDOW_SECONDS, 0])
def test_a_signature_within_five_minutes_is_good(kind: str, away: int) -> None:
    ADAPTERS[kind].verify(signed(kind, at=NOW + away), SECRET)


@pytest.mark.parametrize(
    "kind", ["formspree", "hubspot_forms", "netlify", "webflow", "wix", "jotform", "elementor"]
)
def test_a_sender_that_does_not_sign_shows_the_secret(kind: str) -> None:
    bare = RawRequest("application/json", {}, BODY, received_at=RECEIVED_AT)
    ADAPTERS[kind].verify(replace(bare, query=(("token", SECRET),)), SECRET)
    ADAPTERS[kind].verify(replace(bare, headers={"x-intake-token": SECRET}), SECRET)
    refusal(kind, bare)
    refusal(kind, replace(bare, query=(("token", "guess"),)))


@pytest.mark.parametrize("kind", UNSIGNED)
def test_a_wrong_signature_is_not_made_good_by_a_token(kind: str) -> None:
    sent = replace(signed(kind, "somebody-elses-secret"), query=(("token", SECRET),))
    assert refusal(kind, sent).code == "bad_signature"


def test_wpforms_must_send_json() -> None:
    sent = replace(signed("wpforms"), content_type="application/x-www-form-urlencoded")
    assert "JSON" in str(refusal("wpforms", sent))


@pytest.mark.parametrize("claims", [{"iss": "other"}, {}, {"iss": "netlify", "sha256": "00"}])
def test_netlifys_token_must_be_netlifys_over_this_body(claims: dict[str, str]) -> None:
    good = {"iss": "netlify", "sha256": hashlib.sha256(BODY).hexdigest()}
    made = token(SECRET, {**(good if claims.get("iss") == "other" else {}), **claims})
    sent = replace(signed("netlify"), headers={"x-webhook-signature": made})
    assert refusal("netlify", sent).code == "bad_signature"


@pytest.mark.parametrize("alg", ["none", "HS384", "RS256"])
def test_a_token_of_another_algorithm_has_no_claims(alg: str) -> None:
    assert hs256_claims(token(SECRET, {"iss": "netlify"}, alg), SECRET) == {}
    assert hs256_claims(token(SECRET, {"iss": "netlify"}), SECRET) == {"iss": "netlify"}


def test_hubspot_signs_some_characters_of_the_address_decoded() -> None:
    sent = replace(signed("hubspot_forms"), url="https://in.example.com/in/key?a=b%3Ac%20d")
    message = b"POST" + b"https://in.example.com/in/key?a=b:c%20d" + BODY + f"{NOW}000".encode()
    signature = base64.b64encode(mac(SECRET, message)).decode()
    headers_ = {**sent.headers, "x-hubspot-signature-v3": signature}
    ADAPTERS["hubspot_forms"].verify(replace(sent, headers=headers_), SECRET)
