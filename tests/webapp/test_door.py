"""The public door over HTTP: 200 with an id exactly when it is durable, else a code and a sentence."""

from __future__ import annotations

import hmac
import shutil
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from connectors.crm.hubspot import HubSpotCrm
from jobs.deciding.process import process_due
from jobs.ledger.tables import submission
from jobs.services import Services
from jobs.settings.model import Settings
from tests.jobs.brokerage import (
    FORM,
    GUARD,
    JSON,
    KEYS,
    TYPEFORM_SECRET,
    Clock,
    HeardBell,
    connector,
    open_brokerage,
    read_brokerage,
)
from tests.jobs.daily_work import as_json, asks, row, rows, states
from tests.people import person
from tests.services.postgres import PostgresServer
from webapp.app import create_app

WEBSITE, TYPEFORM, GUARDED = (f"/in/{KEYS[name]}" for name in ("website", "typeform", "guarded"))
CANARY = "zebulon-quatermain"
#: Nobody answers there; the door never calls a CRM.
NO_CRM = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return read_brokerage(tmp_path_factory.mktemp("door"), NO_CRM)


@pytest.fixture(scope="module")
def crm() -> Iterator[HubSpotCrm]:
    made = connector(NO_CRM)
    yield made
    made.close()


@pytest.fixture
def services(
    settings: Settings, sqlite_template: Path, tmp_path: Path, crm: HubSpotCrm
) -> Iterator[Services]:
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'ledger.sqlite3')}"
    opened = open_brokerage(settings, url, HeardBell(), crm, Clock())
    yield opened
    opened.ledger.close()


@pytest.fixture
def client(services: Services) -> FlaskClient:
    return create_app(services).test_client()


def send(client: FlaskClient, address: str, body: bytes, content_type: str, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(address, data=body, content_type=content_type, headers=named)


def error_of(answer: TestResponse) -> dict[str, Any]:
    """The error in an answer, after the shape that every refusal has was checked."""
    assert answer.is_json
    found: dict[str, Any] = answer.get_json()["error"]
    assert set(found) == {"code", "message"}
    assert found["code"].replace("_", "").isalpha()
    assert found["message"][0].isupper()
    assert found["message"].endswith(".")
    assert CANARY not in answer.text
    assert "Set-Cookie" not in answer.headers
    return found


@pytest.mark.parametrize("content_type", [JSON, FORM, f"{JSON}; charset=utf-8", "text/plain", ""])
def test_what_is_stored_is_answered_with_its_id(
    client: FlaskClient, services: Services, content_type: str
) -> None:
    body = b"email=renata%40example.com" if content_type == FORM else as_json(asks(person(1)))
    answer = send(client, WEBSITE, body, content_type)
    assert answer.status_code == 200
    assert answer.get_json() == {"id": row(services, submission).id, "status": "accepted"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_repeat_is_answered_like_the_first_time(client: FlaskClient, services: Services) -> None:
    body = as_json(asks(person(1), "form-1"))
    first, again = (send(client, WEBSITE, body, JSON) for _ in range(2))
    assert (again.status_code, again.get_json()) == (200, first.get_json())
    assert row(services, submission).repeats == 1


def test_an_idempotency_key_tells_submissions_apart_and_repeats_together(
    client: FlaskClient, services: Services
) -> None:
    body = as_json(asks(person(1)))
    ids = [send(client, WEBSITE, body, JSON, Idempotency_Key=key).get_json()["id"] for key in "aab"]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    "key", [CANARY, "x" * 400, "%00", "..%2f..%2fetc", KEYS["website"][:-1], f"{KEYS['website']}/"]
)
def test_an_unknown_key_is_401_never_404(client: FlaskClient, services: Services, key: str) -> None:
    answer = send(client, f"/in/{key}", as_json(asks(person(1))), JSON)
    assert answer.status_code == 401
    assert error_of(answer)["code"] == "unknown_key"
    assert rows(services, submission) == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("key", [KEYS["website"], CANARY])
def test_other_methods_are_405_in_json(client: FlaskClient, method: str, key: str) -> None:
    answer = client.open(f"/in/{key}", method=method)
    assert answer.status_code == 405
    error_of(answer)


_KEPT: dict[str, tuple[str, bytes]] = {
    "malformed_json": (JSON, b'{"name": "%s"' % CANARY.encode()),
    "too_deep": (JSON, b'{"a":' * 500 + b'"%s"' % CANARY.encode() + b"}" * 500),
    "not_a_number": (JSON, b'{"name": "%s", "amount": NaN}' % CANARY.encode()),
    "duplicate_keys": (JSON, b'{"%s": 1, "%s": 2}' % (CANARY.encode(), CANARY.encode())),
    "nul_byte": (FORM, b"name=%s%%00" % CANARY.encode()),
    "wrong_charset": (f"{JSON}; charset={CANARY}", b'{"name": "x"}'),
    "malformed_multipart": (f"multipart/form-data; boundary={CANARY}", b"--other\r\n" + CANARY.encode()),
    "too_many_fields": (FORM, b"&".join(b"%s%d=1" % (CANARY.encode(), n) for n in range(1_500))),
    "wrong_shape": (JSON, b'"%s"' % CANARY.encode()),
}


@pytest.mark.parametrize("code", _KEPT)
def test_what_cannot_be_read_is_400_without_an_echo_and_shows_in_quarantine(
    client: FlaskClient, services: Services, code: str
) -> None:
    content_type, body = _KEPT[code]
    answer = send(client, WEBSITE, body, content_type)
    assert answer.status_code == 400
    assert error_of(answer)["code"] == code
    kept = row(services, submission, answer.get_json()["id"])
    assert (kept.state, kept.reason_code) == ("quarantined", code)


@pytest.mark.parametrize(
    ("address", "body", "content_type", "status", "code"),
    [
        (WEBSITE, b"", JSON, 400, "empty_body"),
        (WEBSITE, b"&&", FORM, 400, "empty_body"),
        (WEBSITE, CANARY.encode(), f"application/{CANARY}", 415, "unsupported_content_type"),
        (WEBSITE, CANARY.encode() * 600_000, JSON, 413, "too_large"),
        (WEBSITE, b"a=" + b"x" * 1_048_576, FORM, 413, "too_large"),
        (TYPEFORM, as_json({"event_type": CANARY}), JSON, 401, "bad_signature"),
        (GUARDED, as_json({"name": CANARY}), JSON, 401, "bad_token"),
    ],
)
def test_what_is_not_taken_at_all_leaves_nothing_behind(
    client: FlaskClient,
    services: Services,
    address: str,
    body: bytes,
    content_type: str,
    status: int,
    code: str,
) -> None:
    answer = send(client, address, body, content_type)
    assert answer.status_code == status
    assert error_of(answer)["code"] == code
    assert rows(services, submission) == []


@pytest.mark.parametrize("signature", ["sha256=AAAA", CANARY, "sha256=\xe9"])
def test_a_wrong_signature_is_not_echoed(client: FlaskClient, signature: str) -> None:
    answer = send(client, TYPEFORM, b"{}", JSON, Typeform_Signature=signature)
    assert answer.status_code == 401
    error_of(answer)


def test_the_right_token_opens_the_guarded_path(client: FlaskClient) -> None:
    body = as_json(asks(person(1)))
    assert send(client, GUARDED, body, JSON, X_Intake_Token=GUARD).status_code == 200
    assert send(client, GUARDED, body, JSON, Authorization=f"Bearer {GUARD}").status_code == 200
    assert send(client, GUARDED, body, JSON, Authorization=f"Bearer {GUARD}x").status_code == 401


def test_a_signed_typeform_response_is_taken(client: FlaskClient, services: Services) -> None:
    response = {
        "token": "t-1",
        "answers": [{"type": "email", "email": "r@example.com", "field": {"id": "1"}}],
    }
    body = as_json({"event_type": "form_response", "form_response": response})
    digest = b64encode(hmac.digest(TYPEFORM_SECRET.encode(), body, sha256)).decode()
    answers = [send(client, TYPEFORM, body, JSON, Typeform_Signature=f"sha256={digest}") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert row(services, submission).repeats == 1
    assert send(client, TYPEFORM, body + b" ", JSON, Typeform_Signature=digest).status_code == 401


def test_the_access_log_holds_no_key_no_address_and_nobody(client: FlaskClient) -> None:
    with capture_logs() as logs:
        send(client, f"{WEBSITE}?email=zebulon@example.com", as_json(asks(person(1))), JSON)
        send(client, f"/in/{CANARY}", b"{}", JSON)
    assert [one["status"] for one in logs] == [200, 401]
    for word in (KEYS["website"], "zebulon", person(1).first, "127.0.0.1"):
        assert word not in str(logs)


def test_a_body_without_a_length_is_measured_too(client: FlaskClient, services: Services) -> None:
    terminated = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    answers = [
        client.post(
            WEBSITE,
            input_stream=BytesIO(b"a=" + b"x" * size),
            content_type=FORM,
            environ_overrides=terminated,
        )
        for size in (100, 1_048_575)
    ]
    assert [answer.status_code for answer in answers] == [200, 413]
    assert states(services, submission) == ["received"]


def test_without_a_way_to_reach_the_person_it_is_taken_and_set_aside_later(
    client: FlaskClient, services: Services
) -> None:
    answer = send(client, WEBSITE, as_json({"first_name": "Renata", "message": "call me"}), JSON)
    assert answer.status_code == 200
    process_due(services)
    kept = row(services, submission, answer.get_json()["id"])
    assert (kept.state, kept.reason_code) == ("quarantined", "no_contact")


def test_when_it_cannot_be_stored_the_sender_is_asked_to_come_again(
    client: FlaskClient, services: Services
) -> None:
    with services.ledger.write() as connection:
        connection.exec_driver_sql("ALTER TABLE submission RENAME TO submission_away")
    for body in (as_json(asks(person(1))), b'{"broken": '):
        answer = send(client, WEBSITE, body, JSON)
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert error_of(answer)["code"] == "storage_unavailable"
    with services.ledger.write() as connection:
        connection.exec_driver_sql("ALTER TABLE submission_away RENAME TO submission")
    assert send(client, WEBSITE, as_json(asks(person(1))), JSON).status_code == 200


def test_a_postgresql_that_is_gone_is_503_too(
    settings: Settings, postgres_server: PostgresServer, crm: HubSpotCrm
) -> None:
    with postgres_server.database() as url:
        services = open_brokerage(settings, url, HeardBell(), crm, Clock())
        client = create_app(services).test_client()
        assert send(client, WEBSITE, as_json(asks(person(1))), JSON).status_code == 200
    answer = send(client, WEBSITE, as_json(asks(person(2))), JSON)
    services.ledger.close()
    assert answer.status_code == 503
    assert error_of(answer)["code"] == "storage_unavailable"


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
_TYPES = st.sampled_from(
    [JSON, FORM, f"{JSON}; charset=utf-16", "text/plain", "multipart/form-data; boundary=x", "", ";", "é/é"]
)
_FIELDS = st.dictionaries(
    st.sampled_from(["email", "phone", "first_name", "loan_amount", "date_of_birth", "message", "a[b][]"]),
    st.text(max_size=30),
)


@examples(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=200) | _VALUES.map(as_json) | _FIELDS.map(as_json),
    content_type=_TYPES,
    address=st.sampled_from([WEBSITE, TYPEFORM]),
)
def test_nothing_that_arrives_is_answered_with_500_or_left_undecided(
    client: FlaskClient, services: Services, body: bytes, content_type: str, address: str
) -> None:
    answer = send(client, address, body, content_type)
    assert answer.status_code in (200, 400, 401, 413, 415)
    process_due(services)
    assert [one for one in rows(services, submission) if one.reason_code == "internal_error"] == []
    assert "received" not in states(services, submission)
