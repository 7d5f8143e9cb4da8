"""The JSON API: what is taken, what is refused and how, and that both are what its document says."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from openapi_core import Config, OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest, WerkzeugOpenAPIResponse
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, TestResponse
from werkzeug.wrappers import Request

from jobs.deciding.process import process_due
from jobs.ledger.codec import from_json
from jobs.ledger.tables import audit_event, inquiry, submission
from jobs.paths.api_tokens import make_token, revoke_token, tokens
from jobs.services import Services
from jobs.settings.new_secrets import path_key_digest
from mapping.inquiry import Inquiry
from tests.jobs.brokerage import with_way_in
from tests.jobs.daily_work import rows
from webapp.api.openapi import DOCUMENT
from webapp.app import create_app

TOKEN = "api-token-of-the-tests-0123456789"
OTHER = "api-token-of-another-path-0123456"
ADA = {
    "first_name": "Ada",
    "last_name": "Novak",
    "email": "ada.novak@example.com",
    "phone": "+1 415-555-0134",
    "inquiry_type": "refinance",
    "loan_amount": 420000,
    "property_state": "CA",
    "consent": {"phone": True, "sms": False, "text": "Call me.", "ip": "192.0.2.7"},
    "co_borrower": {"first_name": "Ben", "relationship": "spouse"},
    "partner": {"full_name": "Penelope Marsh", "company": "Marsh Realty"},
    "utm": {"source": "newsletter"},
    "answers": {"Do you own pets?": True, "Rooms": 3},
}
CONTRACT = OpenAPI.from_dict(
    json.loads(json.dumps(DOCUMENT)),
    config=Config(extra_media_type_deserializers={"application/problem+json": json.loads}),
)


@pytest.fixture
def api(services: Services) -> Services:
    """The brokerage with two paths for the API, each with its token."""
    made = with_way_in(services, "api", keys=(path_key_digest(TOKEN),))
    other = replace(made.settings.paths["api"], name="other", keys=(path_key_digest(OTHER),))
    paths = {**made.settings.paths, "other": other}
    return replace(made, settings=replace(made.settings, paths=paths))


@pytest.fixture
def client(api: Services) -> FlaskClient:
    return create_app(api).test_client()


def post(client: FlaskClient, document: object, *, token: str = TOKEN, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(
        "/api/v1/inquiries", json=document, headers={"Authorization": f"Bearer {token}", **named}
    )


def get(client: FlaskClient, id_: str, token: str = TOKEN) -> TestResponse:
    return client.get(f"/api/v1/inquiries/{id_}", headers={"Authorization": f"Bearer {token}"})


def as_documented(answer: TestResponse) -> dict[str, Any]:
    """The answer's body, held against the document."""
    asked = EnvironBuilder(answer.request.path, method=answer.request.method).get_environ()
    CONTRACT.validate_response(WerkzeugOpenAPIRequest(Request(asked)), WerkzeugOpenAPIResponse(answer))
    found: dict[str, Any] = json.loads(answer.data)
    return found


def test_an_inquiry_is_taken_and_told_of(client: FlaskClient, api: Services) -> None:
    answer = post(client, ADA)
    assert answer.status_code == 201
    id_ = as_documented(answer)["id"]
    assert answer.headers["Location"] == f"/api/v1/inquiries/{id_}"
    assert as_documented(get(client, id_))["status"] == "received"
    process_due(api)
    told = as_documented(get(client, id_))
    assert (told["status"], told["inquiry"]["type"], told["inquiry"]["stage"]) == (
        "processed",
        "refinance",
        "new",
    )
    assert told["inquiry"]["deliveries"][0]["crm"] == "hubspot"
    assert told["inquiry"]["next_follow_up_at"]


def test_everything_that_was_said_is_kept(client: FlaskClient, api: Services) -> None:
    post(client, ADA)
    process_due(api)
    (row,) = rows(api, inquiry)
    kept = from_json(api.sealer.open_json(row.details, f"inquiry.details:{row.id}"), Inquiry)
    assert (kept.borrower.full_name, kept.borrower.phone) == ("Ada Novak", "+14155550134")
    assert kept.co_borrower is not None
    assert kept.co_borrower.relationship == "spouse"
    assert kept.partner is not None
    assert (kept.partner.full_name, kept.partner.company) == ("Penelope Marsh", "Marsh Realty")
    assert (kept.consent.phone, kept.consent.sms, kept.consent.ip) == (True, False, "192.0.2.7")
    assert kept.attribution.utm == {"source": "newsletter"}
    assert dict(kept.unmapped) == {"Do you own pets?": "yes", "Rooms": "3"}
    assert kept.source == "api"


@pytest.mark.parametrize("named", [{"external_id": "A-1"}, {}])
def test_the_same_again_changes_nothing(client: FlaskClient, api: Services, named: dict[str, str]) -> None:
    headers: dict[str, str] = {} if named else {"Idempotency_Key": "k-1"}
    first = post(client, {**ADA, **named}, **headers)
    again = post(client, {**ADA, **named}, **headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert as_documented(again) == as_documented(first)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(rows(api, submission)) == 1


def test_a_key_that_was_used_for_something_else_is_refused(client: FlaskClient, api: Services) -> None:
    post(client, ADA, Idempotency_Key="k-1")
    answer = post(client, {**ADA, "first_name": "Bea"}, Idempotency_Key="k-1")
    assert answer.status_code == 422
    assert as_documented(answer)["title"] == "id used before"
    assert len(rows(api, submission)) == 1


@pytest.mark.parametrize(
    ("document", "fields"),
    [
        ({}, {"email"}),
        ([ADA], {""}),
        ({"email": "ada", "loan_amount": [1], "nmae": "x"}, {"email", "loan_amount", "nmae"}),
        ({**ADA, "consent": {"sms": "yes", "fax": True}}, {"consent.sms", "consent.fax"}),
        ({**ADA, "consent": {"sms": 0, "phone": 1}}, {"consent.sms", "consent.phone"}),
        ({**ADA, "answers": {"a": {"b": 1}}, "inquiry_type": "buy"}, {"answers.a", "inquiry_type"}),
        ({**ADA, "submitted_at": "2026-11-17T10:00:00"}, {"submitted_at"}),
        ({"phone": "12", "partner": {"phone": "call me"}}, {"phone", "partner.phone"}),
        ({"phone": ""}, {"email"}),
        ({"phone": " ", "email": None}, {"email"}),
    ],
)
def test_every_mistake_is_named_at_once(client: FlaskClient, document: object, fields: set[str]) -> None:
    answer = post(client, document)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert {one["field"] for one in as_documented(answer)["errors"]} == fields


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1]])
def test_without_the_token_nothing_is_taken_or_told(client: FlaskClient, token: str) -> None:
    assert as_documented(post(client, ADA, token=token))["status"] == 401
    assert get(client, "x", token).status_code == 401


def test_another_paths_inquiry_is_not_told(client: FlaskClient) -> None:
    id_ = as_documented(post(client, ADA))["id"]
    assert as_documented(get(client, id_, OTHER))["status"] == 404


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"a": NaN}', "application/json", 400),
        (b"a=1", "application/x-www-form-urlencoded", 415),
        (b" " * 262_145, "application/json", 413),
        (b"", "application/json", 400),
    ],
)
def test_a_body_that_cannot_be_read(client: FlaskClient, body: bytes, content_type: str, status: int) -> None:
    answer = client.post(
        "/api/v1/inquiries",
        data=body,
        content_type=content_type,
        headers={"Authorization": f"Bearer {TOKEN}"},
    )
    assert answer.status_code == status
    as_documented(answer)


def test_the_document_is_served_and_knows_what_the_tests_send(client: FlaskClient) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert json.loads(answer.data) == json.loads(json.dumps(DOCUMENT))
    headers = Headers({"Authorization": f"Bearer {TOKEN}"})
    builder = EnvironBuilder("/api/v1/inquiries", method="POST", json=ADA, headers=headers)
    CONTRACT.validate_request(WerkzeugOpenAPIRequest(Request(builder.get_environ())))


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
_NAMES = st.sampled_from(sorted({*ADA, "external_id", "submitted_at", "timeframe"})) | st.text(max_size=10)


@given(st.dictionaries(_NAMES, _VALUES, max_size=8))
@examples(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_anything_is_taken_or_refused_as_documented(client: FlaskClient, document: dict[str, Any]) -> None:
    answer = post(client, document)
    assert answer.status_code in (201, 400, 422)
    as_documented(answer)


def test_the_document_is_valid(client: FlaskClient) -> None:
    OpenAPIV31SpecValidator(json.loads(client.get("/api/v1/openapi.json").data)).validate()


def test_a_key_names_one_request_whatever_external_id_says(client: FlaskClient, api: Services) -> None:
    post(client, {**ADA, "external_id": "A-1"}, Idempotency_Key="k-1")
    assert post(client, {**ADA, "external_id": "A-2"}, Idempotency_Key="k-1").status_code == 422
    assert post(client, dict(reversed({**ADA, "external_id": "A-1"}.items())), Idempotency_Key="k-1").json
    process_due(api)
    (row,) = rows(api, inquiry)
    kept = from_json(api.sealer.open_json(row.details, f"inquiry.details:{row.id}"), Inquiry)
    assert kept.external_id == "A-1"


def test_a_burst_with_one_key_makes_one_inquiry(api: Services) -> None:
    app = create_app(api)

    def once(_: int) -> bytes:
        return bytes(post(app.test_client(), ADA, Idempotency_Key="k-1").data)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(once, range(24)))) == 1
    assert len(rows(api, submission)) == 1


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "a b", "ä"])
def test_a_key_that_is_none_is_refused(client: FlaskClient, key: str) -> None:
    answer = post(client, ADA, Idempotency_Key=key)
    assert answer.status_code == 400
    as_documented(answer)


def test_a_made_token_lets_in_to_its_path_until_it_is_revoked(client: FlaskClient, api: Services) -> None:
    token = make_token(api, "api", "Harbour Realty", "somebody")
    id_ = as_documented(post(client, ADA, token=token))["id"]
    assert get(client, id_, TOKEN).status_code == 200
    (made,) = tokens(api)
    assert (made.path, made.name) == ("api", "Harbour Realty")
    assert revoke_token(api, made.id, "somebody")
    assert not revoke_token(api, made.id, "somebody")
    assert post(client, ADA, token=token).status_code == 401
    assert post(client, ADA, token=make_token(api, "website", "", "somebody")).status_code == 401


def test_what_waits_in_quarantine_is_not_told_apart(client: FlaskClient, api: Services) -> None:
    spam = {
        "email": "a@example.com",
        "message": "seo backlinks http://a.example http://b.example www.c.example",
    }
    id_ = as_documented(post(client, spam))["id"]
    process_due(api)
    assert [row.state for row in rows(api, submission)] == ["quarantined"]
    told = as_documented(get(client, id_))
    assert (told["status"], told["inquiry"]) == ("received", None)


def test_too_many_are_slowed_down(client: FlaskClient) -> None:
    answers = [get(client, "01J").status_code for _ in range(601)]
    assert answers == [404] * 600 + [429]


def test_errors_beside_the_api_are_problems_too(client: FlaskClient) -> None:
    for answer in (client.get("/api/v1/nowhere"), client.delete("/api/v1/inquiries"), client.get("/api/")):
        assert answer.content_type == "application/problem+json"
        assert answer.status_code in (404, 405)
    assert client.delete("/api/v1/inquiries").headers["Allow"] == "OPTIONS, POST"


def leave(client: FlaskClient, document: object) -> TestResponse:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return client.post("/api/v1/opt-outs", json=document, headers=headers)


def test_an_opt_out_closes_the_channels_it_names(client: FlaskClient, api: Services) -> None:
    post(client, {**ADA, "consent": {"phone": True, "sms": True}})
    process_due(api)
    asked = {
        "channels": ["sms", "email"],
        "phone": ADA["phone"],
        "words": "Asked on the phone.",
        "external_id": "L-1",
    }
    answer = leave(client, asked)
    assert (answer.status_code, as_documented(answer)["status"]) == (201, "received")
    process_due(api)
    (row,) = rows(api, inquiry)
    kept = from_json(api.sealer.open_json(row.details, f"inquiry.details:{row.id}"), Inquiry).consent
    assert (kept.phone, kept.sms, kept.email, kept.opted_out) == (True, False, False, ("email", "sms"))
    assert leave(client, asked).headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize(
    ("document", "fields"),
    [
        ({"channels": ["sms"]}, {"email"}),
        ({"phone": "+1 415-555-0134"}, {"channels"}),
        ({"channels": [], "phone": "+1 415-555-0134"}, {"channels"}),
        ({"channels": ["fax"], "phone": "12", "wrods": "x"}, {"channels.0", "phone", "wrods"}),
    ],
)
def test_what_is_wrong_with_an_opt_out_is_listed(
    client: FlaskClient, api: Services, document: object, fields: set[str]
) -> None:
    answer = leave(client, document)
    assert answer.status_code == 422
    assert {one["field"] for one in as_documented(answer)["errors"]} == fields
    assert not rows(api, submission)


@pytest.mark.parametrize("posted", ["InquiryPosted", "OptOutPosted"])
@pytest.mark.parametrize("document", [{}, {"phone": ""}, {"phone": None}, {"email": None, "phone": " "}])
def test_the_contract_promises_nothing_to_who_cannot_be_reached(posted: str, document: object) -> None:
    rule = DOCUMENT["components"]["schemas"][posted]["anyOf"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, {"anyOf": rule})
    jsonschema.validate({"phone": "+14155550100"}, {"anyOf": rule})


def say(client: FlaskClient, id_: str, document: object, token: str = TOKEN) -> TestResponse:
    headers = {"Authorization": f"Bearer {token}"}
    return client.post(f"/api/v1/inquiries/{id_}/follow-up", json=document, headers=headers)


def test_a_persons_word_stops_pauses_and_resumes_the_follow_up(client: FlaskClient, api: Services) -> None:
    id_ = post(client, ADA).get_json()["id"]
    early = say(client, id_, {"action": "stop"})
    assert (early.status_code, as_documented(early)["title"]) == (409, "no inquiry")
    process_due(api)
    until = (api.now() + timedelta(days=30)).date().isoformat()
    for document, state in (
        ({"action": "stop"}, "stopped"),
        ({"action": "stop"}, "stopped"),
        ({"action": "go_on"}, "running"),
        ({"action": "pause", "until": until}, "paused"),
    ):
        told = as_documented(say(client, id_, document))["inquiry"]
        assert told["follow_up"]["state"] == state
        assert told["next_follow_up_at"]
    assert told["follow_up"]["paused_until"].startswith(until)
    assert as_documented(get(client, id_))["inquiry"]["follow_up"] == told["follow_up"]
    trail = [(one.actor, one.action, one.detail) for one in rows(api, audit_event)][-4:]
    assert {actor for actor, _, _ in trail} == {"api: api"}
    assert trail[-1][1:] == ("follow_up.paused", f"until {until}")


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"action": "pause"}, "until"),
        ({"action": "pause", "until": None}, "until"),
        ({"action": "pause", "until": "soon"}, "until"),
        ({"action": "pause", "until": "2001-01-01"}, "until"),
        ({"action": "stop", "until": "2026-12-01"}, "until"),
        ({"action": "halt"}, "action"),
        ({"actoin": "stop"}, "action"),
        ([], ""),
    ],
)
def test_a_word_that_cannot_be_meant_changes_nothing(
    client: FlaskClient, api: Services, document: object, field: str
) -> None:
    id_ = post(client, ADA).get_json()["id"]
    process_due(api)
    answer = say(client, id_, document)
    assert answer.status_code == 422
    assert field in {one["field"] for one in as_documented(answer)["errors"]}
    assert as_documented(get(client, id_))["inquiry"]["follow_up"]["state"] == "running"


def test_nobody_elses_follow_up_is_stopped(client: FlaskClient, api: Services) -> None:
    id_ = post(client, ADA).get_json()["id"]
    process_due(api)
    for token, status in ((OTHER, 404), ("nobody", 401)):
        assert say(client, id_, {"action": "stop"}, token).status_code == status
    assert say(client, "01NOTHERE", {"action": "stop"}).status_code == 404
    assert as_documented(get(client, id_))["inquiry"]["follow_up"]["state"] == "running"
