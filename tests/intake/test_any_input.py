"""Whatever is sent to a vendor's way in: answers, a pointer or a clear refusal, never another exception."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.intake.base import Document, Fetching, IntakeError, Options, RawRequest
from connectors.intake.document import read_document
from connectors.intake.registry import ADAPTERS
from mapping.answers import Answers, Fetch
from mapping.reading.locales import Locale
from mapping.reading.trigger_leads import is_trigger_lead
from mapping.reading.understand import PathRules, understand

AT = datetime(2025, 3, 4, 18, tzinfo=UTC)
KINDS = (
    *("adf", "bankrate", "cal_com", "calendly", "callrail", "free_rate_update", "google_ads", "intercom"),
    *("leadpoint", "leadpops", "lendingtree", "linkedin", "meta_lead_ads", "realtor_com", "ringcentral"),
    *("twilio", "velocify", "zillow"),
)
# Names that the adapters look for: noise alone would never get past the first of them.
NAMES = st.sampled_from(
    (
        *("entry", "changes", "field", "value", "leadgen_id", "page_id", "object", "id", "created_time"),
        *("lead_id", "user_column_data", "column_id", "string_value", "is_test", "gcl_id", "type", "sender"),
        *("leadAction", "leadGenFormResponse", "leadGenForm", "occurredAt", "details", "firstName", "lead"),
        *(
            "creditScoreLow",
            "agentFirstName",
            "event",
            "payload",
            "uri",
            "scheduled_event",
            "tracking",
            "name",
        ),
        *("questions_and_answers", "event_memberships", "triggerEvent", "uid", "responses", "attendees"),
        *(
            "resource_id",
            "duration",
            "answered",
            "customer_name",
            "customer_phone_number",
            "tags",
            "form_data",
        ),
        *(
            "changes",
            "MessageSid",
            "From",
            "To",
            "Body",
            "CallSid",
            "CallStatus",
            "body",
            "parties",
            "status",
        ),
        *(
            "topic",
            "data",
            "item",
            "source",
            "contacts",
            "author",
            "prospect",
            "customer",
            "contact",
            "phone",
        ),
        *("email", "address", "@part", "#text", "field_data", "values", "custom_disclaimer_responses"),
        *("formResponse", "form", "content", "questions", "answers", "answerDetails", "options", "loan"),
        *(
            "conversation_parts",
            "created_at",
            "timestamp",
            "content",
            "direction",
            "cancellation",
            "location",
        ),
    )
)
WORDS = st.one_of(
    st.text(max_size=20),
    NAMES,
    st.sampled_from(
        (
            *(
                "leadgen",
                "LEAD_ACTION",
                "CREATED",
                "DELETED",
                "urn:li:leadGenFormResponse:a-1",
                "invitee.created",
            ),
            *(
                "invitee.canceled",
                "BOOKING_CREATED",
                "BOOKING_RESCHEDULED",
                "FORM_SUBMITTED",
                "STOP",
                "ARRÊT",
            ),
            *("ringing", "completed", "conversation.user.created", "notification_event", "1741111190", "yes"),
            *("Inbound", "outbound", "SMS", "VoiceMail", "/message-store/instant", "/telephony/sessions"),
            *("+14155550100", "a@example.com", "2025-03-04T18:00:00Z", "1203300000000044", "true", "400000"),
        )
    ),
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), WORDS
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(NAMES, WORDS), inner, max_size=6)
    ),
    max_leaves=40,
)
OBJECTS = st.dictionaries(st.one_of(NAMES, WORDS), VALUES, max_size=10)
calm = settings(
    deadline=None,
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "20")),
    suppress_health_check=[HealthCheck.too_slow],
)
every_kind = pytest.mark.parametrize("kind", KINDS)


def read(kind: str, content_type: str, body: bytes, query: tuple[tuple[str, str], ...] = ()) -> None:
    """Read it as the door does, and what it became as the worker does."""
    adapter = ADAPTERS[kind]
    sent = RawRequest(content_type, {}, body, query=query, received_at=AT, url="https://h.example.com/in/k")
    try:
        document = read_document(content_type, body, takes=adapter.takes, max_body=adapter.max_body)
        parts = adapter.read(document, sent, Options(account=""))
    except IntakeError:
        return
    assert parts
    for part in parts:
        assert isinstance(part.key, str)
        if isinstance(part, Answers):
            understand(part, PathRules("p", {}, {}), Locale("US", "America/New_York", "MDY"), received_at=AT)
            is_trigger_lead(part)
        else:
            assert isinstance(part, Fetch)
            assert isinstance(adapter, Fetching)


@every_kind
@calm
@given(value=st.one_of(OBJECTS, VALUES))
def test_any_json(kind: str, value: Any) -> None:
    read(kind, "application/json", json.dumps(value).encode())


@every_kind
@calm
@given(pairs=st.lists(st.tuples(st.one_of(NAMES, WORDS), WORDS), max_size=12), provider=WORDS)
def test_any_form(kind: str, pairs: list[tuple[str, str]], provider: str) -> None:
    body = urlencode(pairs, errors="replace").encode()
    read(kind, "application/x-www-form-urlencoded", body, (("Provider", provider), ("xmlresponse", "true")))


@every_kind
@calm
@given(
    body=st.one_of(
        st.binary(max_size=200), st.text(max_size=100).map(lambda text: f"<adf>{text}</adf>".encode())
    )
)
def test_any_bytes(kind: str, body: bytes) -> None:
    for content_type in ("application/json", "text/xml", "application/x-www-form-urlencoded", ""):
        read(kind, content_type, body)


@pytest.mark.parametrize("kind", ["meta_lead_ads", "linkedin"])
@calm
@given(value=OBJECTS)
def test_any_answer_of_a_vendors_api(kind: str, value: Any) -> None:
    adapter = ADAPTERS[kind]
    assert isinstance(adapter, Fetching)
    order = Fetch("lead", "1", Answers("x", ()))
    for document in (Document("json", json=value), Document("json", json={"lead": value, "form": value})):
        try:
            (part,) = adapter.fetched(order, document, Options())
        except IntakeError:
            continue
        assert isinstance(part, Answers)
        understand(part, PathRules("p", {}, {}), Locale("US", "America/New_York", "MDY"), received_at=AT)


@every_kind
@calm
@given(
    header=st.text(max_size=60),
    body=st.binary(max_size=100),
    query=st.lists(st.tuples(WORDS, WORDS), max_size=4),
)
def test_any_proof(kind: str, header: str, body: bytes, query: list[tuple[str, str]]) -> None:
    names = (
        "x-hub-signature-256",
        "x-li-signature",
        "calendly-webhook-signature",
        "signature",
        "authorization",
    )
    more = (
        "x-cal-signature-256",
        "x-hub-signature",
        "x-twilio-signature",
        "verification-token",
        "validation-token",
    )
    sent = RawRequest(
        "application/json",
        dict.fromkeys((*names, *more), header),
        body,
        query=(*query, ("hub.challenge", header), ("challengeCode", header)),
        received_at=AT,
        method="GET",
        url="https://h.example.com/in/k",
    )
    for ask in (ADAPTERS[kind].verify, ADAPTERS[kind].handshake):
        try:
            ask(sent, "secret-0123456789")
        except IntakeError:
            continue
