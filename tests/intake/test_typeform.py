"""Typeform: who signed, what was asked, what was answered."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.intake.base import Document, JsonValue, NotTrusted, Options, Unreadable
from connectors.intake.registry import ADAPTERS
from connectors.intake.typeform import Typeform
from mapping.answers import Answer, Answers
from tests.intake.requests import answered, by_key, request

BODY = b'{"event_type": "form_response"}'


def signed(body: bytes, secret: str) -> str:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return "sha256=" + base64.b64encode(digest).decode()


def event(*answers: JsonValue, kind: str = "form_response", **response: JsonValue) -> bytes:
    fields: list[JsonValue] = [
        {"id": "f1", "ref": "phone", "title": "Best number?"},
        {"id": "f2", "ref": "x", "title": "Other?"},
    ]
    return json.dumps(
        {
            "event_id": "evt-1",
            "event_type": kind,
            "form_response": {
                "form_id": "F",
                "token": "tok-1",
                "submitted_at": "2025-03-04T17:58:40Z",
                "definition": {"title": "Quote", "fields": fields},
                "answers": list(answers),
                **response,
            },
        }
    ).encode()


def read(body: bytes) -> Answers:
    return answered(Typeform(), request(body, "application/json"))


@pytest.mark.parametrize("secret", ["s3cret", "old s3cret", "s3cret,next", "a, b\n s3cret"])
def test_signature_by_any_configured_secret_is_trusted(secret: str) -> None:
    Typeform().verify(request(BODY, "application/json", typeform_signature=signed(BODY, "s3cret")), secret)


def test_without_a_secret_no_signature_is_asked() -> None:
    Typeform().verify(request(BODY, "application/json"), "")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sha256=",
        "garbage",
        "sha256=é\udce9",
        signed(BODY, "wrong"),
        signed(BODY + b" ", "s3cret"),
        signed(BODY, "s3cret s3cret"),
        signed(BODY, "s3cret").removeprefix("sha256="),
    ],
)
def test_any_other_signature_is_not_trusted(header: str) -> None:
    with pytest.raises(NotTrusted) as caught:
        Typeform().verify(request(BODY, "application/json", typeform_signature=header), "s3cret")
    assert (caught.value.code, caught.value.status) == ("bad_signature", 401)


def test_missing_signature_is_not_trusted() -> None:
    with pytest.raises(NotTrusted):
        Typeform().verify(request(BODY, "application/json"), "s3cret")


@pytest.mark.parametrize(
    ("kind", "value", "values"),
    [
        ("text", " Ana ", ("Ana",)),
        ("email", "ana@example.com", ("ana@example.com",)),
        ("phone_number", "+14155550123", ("+14155550123",)),
        ("number", 850000, ("850000",)),
        ("number", 3.5, ("3.5",)),
        ("number", 4155550123.0, ("4155550123",)),
        ("boolean", True, ("yes",)),
        ("boolean", False, ("no",)),
        ("date", "2025-06-01", ("2025-06-01",)),
        ("url", "https://example.com", ("https://example.com",)),
        ("file_url", "https://example.com/f.pdf", ("https://example.com/f.pdf",)),
        ("choice", {"id": "c", "label": "Refinance"}, ("Refinance",)),
        ("choice", {"other": "Bridge loan"}, ("Bridge loan",)),
        ("choices", {"ids": ["1"], "labels": ["Call", "Text"], "other": "Fax"}, ("Call", "Text", "Fax")),
        ("payment", {"amount": "25.00", "last4": "1111", "name": "Ana"}, ("25.00",)),
    ],
)
def test_every_type_of_answer_is_read(kind: str, value: JsonValue, values: tuple[str, ...]) -> None:
    found = read(event({"type": kind, kind: value, "field": {"id": "f1", "ref": "phone", "type": kind}}))
    assert found.items == (Answer("phone", "Best number?", values),)


@pytest.mark.parametrize("answer", [{"type": "text", "text": ""}, {"type": "choice", "choice": {}}, {}, None])
def test_blank_answer_is_left_out(answer: JsonValue) -> None:
    assert read(event(answer)).items == ()


def test_hidden_fields_are_answers_and_the_envelope_is_not() -> None:
    found = read(event(hidden={"utm_source": "google", "lo": ""}))
    assert found.items == (Answer("utm_source", "", ("google",)),)
    assert (found.external_id, found.event_id) == ("tok-1", "evt-1")
    assert found.submitted_at == datetime(2025, 3, 4, 17, 58, 40, tzinfo=UTC)
    assert (found.origin.form_id, found.origin.form_title) == ("F", "Quote")


def test_question_without_a_definition_keeps_its_ref() -> None:
    found = read(event({"type": "text", "text": "x", "field": {"id": "gone", "ref": "extra"}}))
    assert found.items == (Answer("extra", "", ("x",)),)


def test_partial_response_counts_only_with_a_way_to_reach_the_person() -> None:
    name: JsonValue = {"type": "text", "text": "Ana", "field": {"id": "f2", "ref": "x"}}
    email: JsonValue = {"type": "email", "email": "ana@example.com", "field": {"id": "f1", "ref": "email"}}
    assert read(event(name, kind="form_response_partial")).ignored
    assert not read(event(name, email, kind="form_response_partial")).ignored


def test_other_events_are_ignored_with_a_reason() -> None:
    assert "not a form response" in read(b'{"event_type": "form_deleted"}').ignored


@pytest.mark.parametrize("body", [b"{}", b"[]", b"null", b'{"event_type": 1}'])
def test_what_is_not_typeforms_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read(body)
    assert caught.value.code == "wrong_shape"


def test_what_is_not_typeforms_form_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        Typeform().read(Document("form", form=(("a", "1"),)), request(b"a=1"), Options())


def test_sample_is_signed_and_read(shared_folder: Path) -> None:
    body = (shared_folder / "samples" / "typeform_purchase.json").read_bytes()
    lines = (shared_folder / "samples" / "typeform_purchase.headers").read_text().splitlines()
    signature = next(line.partition(": ")[2] for line in lines if line.startswith("Typeform-Signature"))
    raw = request(body, "application/json", typeform_signature=signature)
    adapter = ADAPTERS["typeform"]
    adapter.verify(raw, "demo-typeform-secret")
    found = answered(adapter, raw)
    assert {"phone": "+14155550123", "price": "850000", "lo": "maria.delgado"}.items() <= by_key(
        found
    ).items()
    assert found.items[0] == Answer("goal", "What are you looking to do?", ("Buy a home",))
    assert found.external_id == "9p2kq7v4m1xw8s3d9p2kq7v4m1xw8s3d"
