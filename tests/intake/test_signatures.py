"""Who signed: right, wrong, stale, rotated secrets, for every sender that shows who it is."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest

from connectors.intake.base import NotTrusted, RawRequest, Reply, Unreadable
from connectors.intake.proof import require_token
from connectors.intake.registry import ADAPTERS
from tests.intake.requests import RECEIVED_AT, URLENCODED

SECRET = "the-secret-0123456789"
BODY = b'{"event":"x","text":"caf\\u00e9"}'
FORM = b"From=%2B14155550100&Body=Hi+there&To=%2B14155550101&Empty="
URL = "https://hooks.example.com/in/key?x=1"
NOW = str(int(RECEIVED_AT.timestamp()))


def mac(secret: str, signed: bytes, digest: str = "sha256") -> bytes:
    return hmac.new(secret.encode(), signed, digest).digest()


@dataclass(frozen=True)
class Signer:
    """How one sender signs a body."""

    header: str
    body: bytes = BODY
    content_type: str = "application/json"

    def sign(self, kind: str, secret: str, body: bytes, stamp: str = NOW) -> str:
        base64_sha1 = base64.b64encode(mac(secret, body, "sha1")).decode()
        form = "".join(
            name + value for name, value in sorted(parse_qsl(body.decode(), keep_blank_values=True))
        )
        made: Mapping[str, str] = {
            "meta_lead_ads": "sha256=" + mac(secret, body).hex(),
            "linkedin": mac(secret, b"hmacsha256=" + body).hex(),
            "calendly": f"t={stamp},v1=" + mac(secret, stamp.encode() + b"." + body).hex(),
            "cal_com": mac(secret, body).hex(),
            "callrail": base64_sha1,
            "intercom": "sha1=" + mac(secret, body, "sha1").hex(),
            "ringcentral": secret,
            "twilio": base64.b64encode(mac(secret, (URL + form).encode(), "sha1")).decode(),
        }
        return made[kind]


SIGNERS = {
    "meta_lead_ads": Signer("x-hub-signature-256"),
    "linkedin": Signer("x-li-signature"),
    "calendly": Signer("calendly-webhook-signature"),
    "cal_com": Signer("x-cal-signature-256"),
    "callrail": Signer("signature"),
    "intercom": Signer("x-hub-signature"),
    "ringcentral": Signer("verification-token"),
    "twilio": Signer("x-twilio-signature", FORM, URLENCODED),
}
signers = pytest.mark.parametrize("kind", sorted(SIGNERS))


def signed(kind: str, secret: str = SECRET, stamp: str = NOW) -> RawRequest:
    """A request signed with the secret."""
    signer = SIGNERS[kind]
    headers = {signer.header: signer.sign(kind, secret, signer.body, stamp)}
    return RawRequest(
        signer.content_type, headers, signer.body, query=(("x", "1"),), received_at=RECEIVED_AT, url=URL
    )


@signers
@pytest.mark.parametrize("configured", [SECRET, f"new-secret {SECRET}", f"{SECRET},new-secret"])
def test_any_configured_secret_is_good(kind: str, configured: str) -> None:
    ADAPTERS[kind].verify(signed(kind), configured)


@signers
def test_another_secret_is_refused(kind: str) -> None:
    with pytest.raises(NotTrusted) as refused:
        ADAPTERS[kind].verify(signed(kind, "somebody-elses-secret"), SECRET)
    assert refused.value.status == 401
    assert not refused.value.keep
    assert SECRET not in str(refused.value)


@signers
@pytest.mark.parametrize("header", ["", "sha256=", "t=,v1=", "é", "t=1741111200", "x" * 5000])
def test_a_missing_or_odd_header_is_refused(kind: str, header: str) -> None:
    sent = replace(signed(kind), headers={SIGNERS[kind].header: header})
    with pytest.raises(NotTrusted):
        ADAPTERS[kind].verify(sent, SECRET)


@pytest.mark.parametrize("kind", sorted(set(SIGNERS) - {"ringcentral"}))
def test_another_body_is_refused(kind: str) -> None:
    sent = replace(signed(kind), body=SIGNERS[kind].body.replace(b"i", b"j").replace(b"x", b"y"))
    with pytest.raises(NotTrusted):
        ADAPTERS[kind].verify(sent, SECRET)


@signers
def test_every_one_of_them_needs_its_secret_in_the_settings(kind: str) -> None:
    assert ADAPTERS[kind].signs


@pytest.mark.parametrize(("seconds", "good"), [(-299, True), (299, True), (301, False), (-301, False)])
def test_calendlys_signature_is_good_for_five_minutes(seconds: int, good: bool) -> None:
    stamp = str(int((RECEIVED_AT + timedelta(seconds=seconds)).timestamp()))
    sent = signed("calendly", stamp=stamp)
    if good:
        ADAPTERS["calendly"].verify(sent, SECRET)
        return
    with pytest.raises(NotTrusted) as refused:
        ADAPTERS["calendly"].verify(sent, SECRET)
    assert refused.value.code == "stale_signature"


@pytest.mark.parametrize("stamp", ["", "soon", "٣", "1" * 30])
def test_calendlys_time_must_be_one(stamp: str) -> None:
    with pytest.raises(NotTrusted):
        ADAPTERS["calendly"].verify(signed("calendly", stamp=stamp), SECRET)


@pytest.mark.parametrize(
    "url", ["https://hooks.example.com:443/in/key?x=1", "https://hooks.example.com/in/key?x=1"]
)
def test_twilio_may_write_the_usual_port_out_or_not(url: str) -> None:
    ADAPTERS["twilio"].verify(replace(signed("twilio"), url=url), SECRET)


def test_twilio_signs_this_address_and_no_other() -> None:
    with pytest.raises(NotTrusted):
        ADAPTERS["twilio"].verify(replace(signed("twilio"), url=URL.replace("key", "other")), SECRET)


def test_twilio_signs_a_body_of_json_by_its_hash_in_the_address() -> None:
    digest = hashlib.sha256(BODY).hexdigest()
    url = f"{URL}&bodySHA256={digest}"
    signature = base64.b64encode(mac(SECRET, url.encode(), "sha1")).decode()
    sent = RawRequest(
        "application/json",
        {"x-twilio-signature": signature},
        BODY,
        query=(("x", "1"), ("bodySHA256", digest)),
        received_at=RECEIVED_AT,
        url=url,
    )
    ADAPTERS["twilio"].verify(sent, SECRET)
    with pytest.raises(NotTrusted):
        ADAPTERS["twilio"].verify(replace(sent, body=BODY + b" "), SECRET)


def google(key: object) -> RawRequest:
    body = json.dumps({"lead_id": "1", "google_key": key, "user_column_data": []}).encode()
    return RawRequest("application/json", {}, body, received_at=RECEIVED_AT)


def test_googles_key_stands_in_the_body() -> None:
    ADAPTERS["google_ads"].verify(google(SECRET), f"older {SECRET}")
    for wrong in ("", "other", None, [SECRET], {"a": SECRET}, True):
        with pytest.raises(NotTrusted):
            ADAPTERS["google_ads"].verify(google(wrong), SECRET)


@pytest.mark.parametrize("body", [b"", b"[", b"\xff\xfe", b'{"google_key":1e999}', b"[" * 100_000])
def test_a_body_without_a_key_that_can_be_read_is_refused_and_not_kept(body: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        ADAPTERS["google_ads"].verify(RawRequest("application/json", {}, body), SECRET)
    assert not refused.value.keep


def basic(password: str) -> str:
    return "Basic " + base64.b64encode(f"zillow:{password}".encode()).decode()


@pytest.mark.parametrize(
    "sent",
    [
        RawRequest("", {}, b"", query=(("token", SECRET),)),
        RawRequest("", {"x-intake-token": SECRET}, b""),
        RawRequest("", {"authorization": f"Bearer {SECRET}"}, b""),
        RawRequest("", {"authorization": basic(SECRET)}, b""),
    ],
)
def test_vendors_that_sign_nothing_show_a_token(sent: RawRequest) -> None:
    require_token(sent, f"{SECRET} next")
    require_token(sent, "")


@pytest.mark.parametrize(
    "sent",
    [
        RawRequest("", {}, b""),
        RawRequest("", {}, b"", query=(("token", "wrong"),)),
        RawRequest("", {"authorization": basic("wrong")}, b""),
        RawRequest("", {"authorization": "Basic !!!"}, b""),
        RawRequest("", {"authorization": "Basic /w=="}, b""),
        RawRequest("", {"authorization": SECRET}, b""),
    ],
)
def test_a_wrong_token_is_refused(sent: RawRequest) -> None:
    with pytest.raises(NotTrusted):
        require_token(sent, SECRET)


def asked(kind: str, secret: str = SECRET, method: str = "GET", **query: str) -> Reply | None:
    """The answer to a GET; query names have _ for their dots."""
    pairs = tuple((name.replace("hub_", "hub.", 1), value) for name, value in query.items())
    sent = RawRequest(
        "", {}, b"", query=pairs, method=method, url="https://hooks.example.com/in/the-path-key?x=1"
    )
    return ADAPTERS[kind].handshake(sent, secret)


@pytest.mark.parametrize("token", ["the-path-key", SECRET])
def test_meta_gets_its_challenge_back(token: str) -> None:
    answer = asked("meta_lead_ads", hub_mode="subscribe", hub_challenge="1158201444", hub_verify_token=token)
    assert answer is not None
    assert (answer.body, answer.content_type, answer.status) == (
        b"1158201444",
        "text/plain; charset=utf-8",
        200,
    )


@pytest.mark.parametrize(
    ("challenge", "token"), [("1158201444", "guess"), ("1158201444", ""), ("<script>", SECRET), ("", SECRET)]
)
def test_meta_gets_nothing_back_for_a_wrong_token(challenge: str, token: str) -> None:
    with pytest.raises(NotTrusted):
        asked("meta_lead_ads", hub_mode="subscribe", hub_challenge=challenge, hub_verify_token=token)


def test_linkedin_gets_its_challenge_signed_with_the_first_secret() -> None:
    answer = asked("linkedin", f"{SECRET} old", challengeCode="890e4665-4dfe-4ab1-b689-ed553bceeed0")
    assert answer is not None
    said = json.loads(answer.body)
    assert said["challengeCode"] == "890e4665-4dfe-4ab1-b689-ed553bceeed0"
    assert said["challengeResponse"] == mac(SECRET, said["challengeCode"].encode()).hex()


def test_linkedin_gets_no_answer_to_an_odd_challenge() -> None:
    with pytest.raises(NotTrusted):
        asked("linkedin", challengeCode="</script>")


@pytest.mark.parametrize("kind", ["meta_lead_ads", "linkedin", "calendly", "twilio", "zillow"])
def test_whoever_just_looks_gets_no_handshake(kind: str) -> None:
    assert asked(kind) is None


def test_ringcentral_gets_its_validation_token_back() -> None:
    ringcentral = ADAPTERS["ringcentral"]
    answer = ringcentral.handshake(RawRequest("", {"validation-token": "abc-123"}, b""), SECRET)
    assert answer is not None
    assert (answer.status, answer.headers) == (200, {"Validation-Token": "abc-123"})
    assert ringcentral.handshake(RawRequest("", {}, b"{}"), SECRET) is None
    with pytest.raises(NotTrusted):
        ringcentral.handshake(RawRequest("", {"validation-token": "a\r\nSet-Cookie: b"}, b""), SECRET)
