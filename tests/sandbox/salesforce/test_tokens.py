"""Tokens: three ways to get one, how they end, and what a call without one is told."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from connectors.sandbox.salesforce import RunningSandbox
from tests.sandbox.hub import Clock
from tests.sandbox.salesforce.org import Org, V, error

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
CLIENT = {"grant_type": "client_credentials"}


def ask(sandbox: RunningSandbox, form: dict[str, str], **options: Any) -> requests.Response:
    """One token request."""
    return requests.post(f"{sandbox.url}/services/oauth2/token", data=form, timeout=10, **options)


def refusal(answer: requests.Response) -> tuple[int, str]:
    """Status and error of a token request that was turned down."""
    return answer.status_code, answer.json()["error"]


def signed(claims: dict[str, Any], *, algorithm: str = "RS256") -> str:
    """An assertion signed by KEY."""

    def encoded(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    head = encoded(json.dumps({"alg": algorithm}).encode())
    body = encoded(json.dumps(claims).encode())
    signature = KEY.sign(f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{head}.{body}.{encoded(signature)}"


def test_client_credentials_by_basic_and_by_form(sandbox: RunningSandbox) -> None:
    pair = (sandbox.client_id, sandbox.client_secret)
    by_basic = ask(sandbox, CLIENT, auth=pair)
    by_form = ask(sandbox, {**CLIENT, "client_id": pair[0], "client_secret": pair[1]})
    for answer in (by_basic, by_form):
        body = answer.json()
        assert (answer.status_code, body["token_type"]) == (200, "Bearer")
        assert body["instance_url"] == sandbox.url
        assert "expires_in" not in body
        headers = {"Authorization": f"Bearer {body['access_token']}"}
        limits = requests.get(sandbox.url + V + "/limits", headers=headers, timeout=10)
        assert limits.status_code == 200


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"client_id": "3MVG9sandbox", "client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "unknown", "client_secret": "sandbox-secret"}, "invalid_client_id"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        (
            {"grant_type": "password", "client_id": "3MVG9sandbox", "client_secret": "sandbox-secret"},
            "invalid_grant",
        ),
    ],
)
def test_wrong_credentials_are_told_apart(
    sandbox: RunningSandbox, form: dict[str, str], expected: str
) -> None:
    assert refusal(ask(sandbox, {**CLIENT, **form})) == (400, expected)


def test_a_client_whose_user_was_deactivated_gets_no_token(sandbox: RunningSandbox) -> None:
    sandbox.configure(run_as="gone@brokerage.example.com")
    pair = (sandbox.client_id, sandbox.client_secret)
    assert refusal(ask(sandbox, CLIENT, auth=pair)) == (400, "inactive_user")


def test_the_password_flow(sandbox: RunningSandbox) -> None:
    options = sandbox.state.options
    form = {
        "grant_type": "password",
        "username": "maya@brokerage.example.com",
        "password": options.password,
        "client_id": options.client_id,
        "client_secret": options.client_secret,
    }
    answer = ask(sandbox, form)
    assert answer.json()["id"].endswith(sandbox.state.user_id("maya@brokerage.example.com"))


def claims(sandbox: RunningSandbox, clock: Clock, **changes: Any) -> dict[str, Any]:
    """Claims that are let in."""
    good = {
        "iss": sandbox.client_id,
        "sub": "maya@brokerage.example.com",
        "aud": "https://login.salesforce.com",
        "exp": str(int(clock() + 180)),
    }
    return {**good, **changes}


def assertion(sandbox: RunningSandbox, text: str) -> requests.Response:
    """A token request by JWT."""
    grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    return ask(sandbox, {"grant_type": grant, "assertion": text})


def test_a_signed_assertion_is_let_in(sandbox: RunningSandbox, clock: Clock) -> None:
    sandbox.configure(jwt_public_key=PEM)
    for aud in ("https://login.salesforce.com", "https://acme.my.salesforce.com", sandbox.url):
        answer = assertion(sandbox, signed(claims(sandbox, clock, aud=aud)))
        assert answer.status_code == 200, answer.text
    assert answer.json()["id"].endswith(sandbox.state.user_id("maya@brokerage.example.com"))


@pytest.mark.parametrize(
    ("changes", "description"),
    [
        ({"iss": "another"}, "client identifier invalid"),
        ({"aud": "https://example.com"}, "audience is invalid"),
        ({"sub": "nobody@brokerage.example.com"}, "user hasn't approved this consumer"),
        ({"exp": 1}, "assertion is expired or expires too far in the future"),
        ({"exp": 9e12}, "assertion is expired or expires too far in the future"),
        ({"exp": "soon"}, "expiry is invalid"),
    ],
)
def test_wrong_claims_are_refused(
    sandbox: RunningSandbox, clock: Clock, changes: dict[str, Any], description: str
) -> None:
    sandbox.configure(jwt_public_key=PEM)
    answer = assertion(sandbox, signed(claims(sandbox, clock, **changes)))
    assert (answer.status_code, answer.json()["error_description"]) == (400, description)


def test_a_signature_that_does_not_fit_is_refused(sandbox: RunningSandbox, clock: Clock) -> None:
    good = signed(claims(sandbox, clock))
    for text in (good, "a.b", "not a token"):
        assert refusal(assertion(sandbox, text)) == (400, "invalid_grant")  # no key is configured
    sandbox.configure(jwt_public_key=PEM)
    head, body, _ = good.split(".")
    for text in (f"{head}.{body}.AAAA", signed(claims(sandbox, clock), algorithm="none"), f"{head}.{body}."):
        assert refusal(assertion(sandbox, text)) == (400, "invalid_grant")


def test_a_token_ends_with_its_time_or_when_it_is_revoked(org: Org, clock: Clock) -> None:
    clock.now += 7199
    assert org.get("/limits").status_code == 200
    clock.now += 1
    assert error(org.get("/limits")) == (401, "INVALID_SESSION_ID")
    org.sign_in()
    assert org.get("/limits").status_code == 200
    assert org.call("DELETE", "/_sandbox/sessions").status_code == 204
    assert org.get("/limits").json() == [
        {"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}
    ]


@pytest.mark.parametrize("header", ["", "Bearer wrong", "Basic eDp5"])
def test_without_a_token_nothing_is_answered(org: Org, header: str) -> None:
    answer = org.call("GET", "/sobjects", headers={"Authorization": header})
    assert error(answer) == (401, "INVALID_SESSION_ID")


def test_a_token_tells_whose_it_is(org: Org) -> None:
    info = org.get("/services/oauth2/userinfo").json()
    assert info["user_id"] == org.sandbox.state.integration_user
    assert org.get("/").json()["identity"].endswith(f"/{info['organization_id']}/{info['user_id']}")


def test_secrets_do_not_reach_the_journal(sandbox: RunningSandbox) -> None:
    ask(sandbox, {**CLIENT, "client_id": sandbox.client_id, "client_secret": sandbox.client_secret})
    assert sandbox.client_secret not in json.dumps(sandbox.journal.since())
