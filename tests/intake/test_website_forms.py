"""What single form vendors do differently, beyond the cases in tests/cases/forms."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from connectors.intake.base import NotTrusted, Options, RawRequest, Unreadable
from connectors.intake.contact_form_7 import without_files
from connectors.intake.registry import ADAPTERS
from mapping.answers import Answers
from tests.intake.requests import RECEIVED_AT, answered, by_key, request


def read(kind: str, value: Any) -> Answers:
    return answered(ADAPTERS[kind], request(json.dumps(value).encode(), "application/json"))


def read_form(kind: str, **fields: Any) -> Answers:
    return answered(ADAPTERS[kind], request(urlencode(fields, doseq=True).encode()))


def fields(answers: Answers) -> dict[str, str]:
    return {item.key: item.field for item in answers.items if item.field}


RECOGNISED: list[tuple[str, Any]] = [
    ("typeform", {"event_type": "form_response", "form_response": {"token": "t", "answers": []}}),
    ("jotform", {"formID": "1", "rawRequest": {"q1_name": {"first": "Ana"}}}),
    ("gravityforms", {"form_id": "1", "date_created": "", "source_url": "", "is_read": "0", "1": "Ana"}),
    ("elementor", {"form": {"id": "1"}, "fields": {"a": {"id": "a", "value": "Ana"}}}),
    ("elementor", {"Name": "Ana", "Powered by": "Elementor", "form_id": "1"}),
    ("contact-form-7", {"your-name": "Ana", "your-email": "ana@example.com"}),
    ("fluent-forms", {"names": {"first_name": "Ana"}, "__submission": {"id": 1}}),
    ("webflow", {"triggerType": "form_submission", "payload": {"data": {"Name": "Ana"}}}),
    ("webflow", {"name": "Form", "site": "s", "data": {"Name": "Ana"}, "_id": "1"}),
    ("wix", {"data": {"submissionId": "1", "submissions": [{"label": "Name", "value": "Ana"}]}}),
    ("hubspot-forms", {"fields": [{"name": "firstname", "value": "Ana"}], "context": {}}),
    ("google-forms", {"namedValues": {"Name": ["Ana"]}}),
    ("unbounce", {"data.json": {"name": ["Ana"], "page_uuid": ["1"]}}),
    ("netlify", {"form_name": "f", "data": {"name": "Ana"}, "site_url": "https://example.com"}),
    ("formspree", {"form": "x", "submission": {"name": "Ana"}, "keys": ["name"]}),
    # Alike, but not certain.
    ("json", {"payload": {"data": {"Name": "Ana"}}}),
    ("json", {"form_id": "1", "form_name": "Quote", "Name": "Ana"}),
    ("json", {"data": {"submissionId": "1", "name": "Ana"}}),
    ("json", {"fields": [{"name": "firstname", "value": "Ana"}]}),
    ("json", {"your-name": "Ana"}),
    ("json", {"form": "x", "submission": {"name": "Ana"}}),
]


@pytest.mark.parametrize(("vendor", "value"), RECOGNISED)
def test_a_plain_address_recognises_whose_payload_it_is(vendor: str, value: Any) -> None:
    found = read("form", value)
    assert found.vendor == vendor
    assert vendor == "typeform" or "Ana" in by_key(found).values()


@pytest.mark.parametrize(
    "kind", sorted({"jotform", "wpforms", "webflow", "wix", "netlify", "ninja_forms", "unbounce"})
)
def test_a_vendors_address_takes_plain_fields_too(kind: str) -> None:
    found = read(kind, {"first_name": "Ana", "email": "ana@example.com"})
    assert by_key(found) == {"first_name": "Ana", "email": "ana@example.com"}


@pytest.mark.parametrize(
    ("value", "key", "text"),
    [
        ({"area": "512", "phone": "555-0177"}, "q5_x", "512 555-0177"),
        ({"country": "+1", "area": "512", "phone": "555-0177"}, "q5_x", "+1 512 555-0177"),
        ({"full": "(512) 555-0177"}, "q5_x.full", "(512) 555-0177"),
        ({"day": "5", "month": "3", "year": "2025"}, "q5_x", "2025-03-05"),
        ({"day": "5", "month": "", "year": "2025"}, "q5_x.day", "5"),
        ({"first": "Ana", "last": ""}, "q5_x.first", "Ana"),
    ],
)
def test_jotforms_parts(value: dict[str, str], key: str, text: str) -> None:
    found = read("jotform", {"submissionID": "1", "rawRequest": {"q5_x": value, "slug": "s"}})
    assert by_key(found)[key] == text


def test_jotforms_names_are_told_apart() -> None:
    both = {"q1_nom": {"first": "A", "last": "B"}, "q2_coBorrowerName": {"first": "C", "last": "D"}}
    found = read("jotform", {"formID": "1", "rawRequest": both})
    assert fields(found) == {
        "q1_nom.first": "first_name",
        "q1_nom.last": "last_name",
        "q2_coBorrowerName.first": "co_first_name",
        "q2_coBorrowerName.last": "co_last_name",
    }
    unclear = {"q1_a": {"first": "A", "last": "B"}, "q2_b": {"first": "C", "last": "D"}}
    assert fields(read("jotform", {"formID": "1", "rawRequest": unclear})) == {}


def test_jotforms_unnamed_questions_and_signatures() -> None:
    answers = {
        "q4_email4": "a@example.com",
        "q5_phone5": {"full": "5"},
        "q6_sign": "data:image/png;base64,AA",
    }
    found = read("jotform", {"formID": "1", "rawRequest": answers})
    labels = [(item.key, item.label) for item in found.items]
    assert labels == [("q4_email4", "email"), ("q5_phone5.full", "phone full")]


def test_jotforms_raw_request_must_be_an_object() -> None:
    with pytest.raises(Unreadable):
        read("jotform", {"formID": "1", "rawRequest": [1]})


ENTRY = {
    "id": "7",
    "form_id": "1",
    "date_created": "2025-03-04 17:00:00",
    "source_url": "https://example.com/",
}


def test_gravity_forms_says_only_what_numbers_make_certain() -> None:
    boxes = {"4.1": "Refinance", "4.2": "Cash out", "4.3": "Lower rate", "4.6": "Other"}
    assert fields(read("gravity_forms", {**ENTRY, **boxes})) == {}
    two_names = {"1.3": "A", "1.6": "B", "2.3": "C", "2.6": "D"}
    assert fields(read("gravity_forms", {**ENTRY, **two_names})) == {}
    no_consent = {"9.1": "1", "9.2": "Yes", "9.3": "4"}
    assert fields(read("gravity_forms", {**ENTRY, **no_consent})) == {}


def test_gravity_forms_labels_are_used_where_they_come() -> None:
    found = read("gravity_forms", {**ENTRY, "2": "a@example.com", "gform_field_labels": {"2": "Email"}})
    assert [(item.key, item.label) for item in found.items] == [("2", "Email")]


def test_two_email_fields_are_nobodys_by_their_type() -> None:
    def field(key: str) -> dict[str, str]:
        return {"id": key, "type": "email", "title": "", "value": f"{key}@example.com"}

    form = {"id": "1", "name": "f"}
    assert fields(read("elementor", {"form": form, "fields": {"a": field("a")}})) == {"a": "email"}
    assert fields(read("elementor", {"form": form, "fields": {"a": field("a"), "b": field("b")}})) == {}


def test_elementors_hidden_trap_is_a_sign_of_spam() -> None:
    trap = {"id": "x", "type": "honeypot", "title": "", "value": "spam"}
    found = read("elementor", {"form": {"id": "1"}, "fields": {"x": trap}})
    assert (found.signals, found.items) == (("honeypot_filled",), ())


def test_a_date_question_of_an_unsigned_elementor_form_stays() -> None:
    found = read_form("elementor", form_id="1", form_name="f", Date="2025-08-01", Name="Ana")
    assert by_key(found) == {"Date": "2025-08-01", "Name": "Ana"}


def test_what_steers_hubspot_is_not_taken_from_a_form() -> None:
    named = {
        "email": "a@example.com",
        "hs_lead_status": "OPEN",
        "hubspot_owner_id": "1",
        "lifecyclestage": "x",
    }
    sent = [{"name": name, "value": value} for name, value in named.items()]
    company = [
        {"objectTypeId": "0-2", "name": "name", "value": "Acme"},
        {"name": "website", "value": "example.com"},
    ]
    found = read("hubspot_forms", {"fields": [*sent, *company], "context": {}})
    assert by_key(found) == {"email": "a@example.com", "company": "Acme", "website": "example.com"}
    assert found.signals == ()


def test_a_legitimate_interest_is_no_consent() -> None:
    options = {"legitimateInterest": {"value": True, "text": "We may contact you by email."}}
    found = read(
        "hubspot_forms",
        {"fields": [{"name": "email", "value": "a@example.com"}], "legalConsentOptions": options},
    )
    assert by_key(found) == {"email": "a@example.com"}


@pytest.mark.parametrize("value", [1741111140000, "1741111140000"])
def test_hubspots_milliseconds(value: Any) -> None:
    found = read("hubspot_forms", {"submittedAt": value, "fields": [{"name": "a", "value": "b"}]})
    assert found.submitted_at is not None
    assert found.submitted_at.isoformat() == "2025-03-04T17:59:00+00:00"


@pytest.mark.parametrize("value", [None, True, "", "soon", 17, 1e300, "²" * 13, [], "9" * 13])
def test_hubspots_odd_times_never_break_it(value: Any) -> None:
    read("hubspot_forms", {"submittedAt": value, "fields": [{"name": "a", "value": "b"}]})


def test_google_forms_grids_are_questions_by_row() -> None:
    grid = {"id": "5", "title": "Rate us", "type": "GRID", "value": {"Speed": "Good", "Price": None}}
    found = read("google_forms", {"source": "google-forms", "answers": [grid]})
    assert [(item.key, item.label, item.text) for item in found.items] == [
        ("5.Speed", "Rate us: Speed", "Good")
    ]


def test_files_in_json_leave_only_their_names() -> None:
    body = json.dumps({"cv": [{"filename": "a.pdf", "content": "c2VjcmV0"}], "your-name": "Ana"}).encode()
    document = without_files(request(body, "application/json"))
    assert document is not None
    assert document.unpacked
    assert "c2VjcmV0" not in json.dumps(document.json)
    assert without_files(request(b'{"your-name": "Ana"}', "application/json")) is None
    found = answered(ADAPTERS["contact_form_7"], request(body, "application/json"))
    assert [(item.key, item.text, item.field) for item in found.items if item.field] == [
        ("cv", "a.pdf", "attachments")
    ]


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).decode()
NOW = int(RECEIVED_AT.timestamp())


def wix_app(event: dict[str, Any], issued: int = NOW, key: rsa.RSAPrivateKey = KEY) -> RawRequest:
    inner = json.dumps(
        {"instanceId": "i", "eventType": "wix.forms.v4.submission_created", "data": json.dumps(event)}
    )
    body = jwt.encode({"data": inner, "iat": issued, "exp": issued + 60}, key, algorithm="RS256").encode()
    return RawRequest("text/plain", {}, body, received_at=RECEIVED_AT)


SUBMISSION = {
    "id": "evt-1",
    "entityFqdn": "wix.forms.v4.submission",
    "slug": "created",
    "createdEvent": {
        "entity": {
            "id": "sub-1",
            "formId": "f-1",
            "createdDate": "2025-03-04T17:59:00Z",
            "submissions": {
                "first_name_8a1f": "Ana",
                "phone_1234": "+15125550142",
                "topics_0a0a": ["Refinance"],
            },
        }
    },
}


def test_a_wix_apps_token_is_opened_once_its_key_fits() -> None:
    sent, adapter = wix_app(SUBMISSION), ADAPTERS["wix"]
    adapter.verify(sent, f"some-token-0123456789 {PUBLIC}")
    document = adapter.unpack(sent)
    assert document is not None
    (found,) = adapter.read(document, sent, Options())
    assert isinstance(found, Answers)
    assert by_key(found) == {"first_name": "Ana", "phone": "+15125550142", "topics": "Refinance"}
    assert (found.external_id, found.event_id, found.origin.form_id) == ("sub-1", "evt-1", "f-1")
    assert found.submitted_at is not None


def test_a_wix_token_of_another_key_or_time_is_refused() -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for sent, code in (
        (wix_app(SUBMISSION, key=other), "bad_signature"),
        (wix_app(SUBMISSION, NOW - 301), "stale_signature"),
        (wix_app(SUBMISSION, NOW + 301), "stale_signature"),
    ):
        with pytest.raises(NotTrusted) as caught:
            ADAPTERS["wix"].verify(sent, PUBLIC)
        assert caught.value.code == code


def test_other_wix_events_are_ignored() -> None:
    deleted = {"id": "evt-2", "entityFqdn": "wix.forms.v4.submission", "slug": "deleted", "deletedEvent": {}}
    sent = wix_app(deleted)
    document = ADAPTERS["wix"].unpack(sent)
    assert document is not None
    (found,) = ADAPTERS["wix"].read(document, sent, Options())
    assert isinstance(found, Answers)
    assert found.ignored


@pytest.mark.parametrize(
    "body", ["eyJ.e30.x", "eyJh.!!!.x", "eyJh.e30.", "eyJh.eyJ.x", "eyJhIjox.eyJhIjoxfQ.sig"]
)
def test_odd_tokens_are_refused_with_a_sentence(body: str) -> None:
    sent = RawRequest("text/plain", {}, body.encode(), received_at=RECEIVED_AT)
    try:
        document = ADAPTERS["wix"].unpack(sent)
    except Unreadable as error:
        document = None
        assert error.keep  # noqa: PT017
    assert document is None or document.unpacked


def test_without_json_unbounces_other_fields_are_read() -> None:
    found = read_form("unbounce", **{"data.json": "{broken", "email": "a@example.com"})
    assert by_key(found)["email"] == "a@example.com"
