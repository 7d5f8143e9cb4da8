"""Whatever is sent to a website form's way in: answers or a clear refusal, never another exception."""

from __future__ import annotations

import base64
import json
import os
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.intake.base import IntakeError, Options, RawRequest
from connectors.intake.document import read_document
from connectors.intake.registry import ADAPTERS
from connectors.intake.typeform import Typeform
from connectors.intake.website_form import WebsiteForm
from mapping.answers import Answers
from mapping.labels.suggesting import THRESHOLD, suggest_mapping
from mapping.reading.locales import Locale
from mapping.reading.understand import PathRules, understand
from tests.intake.requests import RECEIVED_AT, URLENCODED

KINDS = tuple(sorted(kind for kind, one in ADAPTERS.items() if isinstance(one, WebsiteForm | Typeform)))
WORDS = """
rawRequest formID submissionID formTitle ip pretty q1_name first last q2_date year month day area phone
country full form_id date_created source_url is_read 1.3 1.6 5.1 5.2 5.3 id gform_field_labels value unix
your-name your-email _wpcf7 email-12 file-3 filename content form fields meta title type raw_value page_url
remote_ip form_name key label settings names first_name address_1 city __submission user_inputs triggerType
payload data submittedAt formId schema _id d site submissionId submissions contact name field:email_12ab
entityFqdn createdEvent entity entityAsJson createdDate emails phones properties vid legalConsentOptions
consent communications text consentToProcess context pageUri ipAddress objectTypeId source response_id
answers namedValues respondent_email data.json data_json page_uuid variant date_submitted time_submitted
human_fields ordered_human_fields created_at site_url referrer submission keys _date _replyto event_type
form_response definition ref token hidden choice choices labels other
"""
VALUES = """
ana@example.com|(415) 555-0123 x12|$350k|350-400K|1.2M|03/04/25|a||b|on|1|2025-03-04T17:00:00Z|05:41 PM UTC
google-forms|wix.forms.v4.submission|form_response|I agree to receive emails and calls.|email|honeypot|tel
<b>Ana</b>|{"a": ["b"]}|{|t=1,v=ab|t=1741111200,v1=|a.b.c|1741111200000|e30.e30.|form_submission|Elementor
"""
# Names and values that the adapters look for: noise alone gets past none of them.
NAMES = st.sampled_from((*WORDS.split(), "Powered by", "No Label a"))
KNOWN = st.sampled_from(tuple(VALUES.replace("\n", "|").split("|")))
TEXTS = st.text(max_size=20) | KNOWN
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXTS
)
KEYS = NAMES | st.text(max_size=6)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=30,
)
BRACKETS = st.builds(
    lambda names: names[0] + "".join(f"[{one}]" for one in names[1:]), st.lists(NAMES, min_size=1, max_size=3)
)
SIGNED = """
x-webflow-signature x-webflow-timestamp x-wpforms-webhook-signature x-webhook-signature formspree-signature
x-hubspot-signature-v3 x-hubspot-request-timestamp authorization x-intake-token typeform-signature user-agent
"""
HEADERS = st.dictionaries(st.sampled_from(tuple(SIGNED.split())), TEXTS)
# Two secrets at once, one of them not ASCII; long enough not to be met by chance.
SECRETS = st.sampled_from(("s3cret-0123456789", "clé-0123456789, other-0123456789", "k" * 300))
EXAMPLES = int(os.environ.get("FIRSTPATH_FUZZ_EXAMPLES", "20"))
RULES = PathRules("path", {}, {})
LOCALE = Locale("US", "America/New_York", "MDY")


def _all_the_way(kind: str, request: RawRequest) -> None:
    adapter = ADAPTERS[kind]
    try:
        adapter.verify(request, "")
        document = adapter.unpack(request) or read_document(
            request.content_type, request.body, takes=adapter.takes, max_body=adapter.max_body
        )
        parts = adapter.read(document, request, Options())
    except IntakeError:
        return
    for part in parts:
        assert isinstance(part, Answers)
        understand(part, RULES, LOCALE, received_at=RECEIVED_AT)
        found = suggest_mapping([part])
        assert all(THRESHOLD <= one.confidence <= 1 and one.reason for one in found)


def _request(content_type: str, body: bytes, headers: dict[str, str]) -> RawRequest:
    return RawRequest(content_type, headers, body, received_at=RECEIVED_AT, url="https://in.example.com/in/k")


_FUZZ = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("kind", KINDS)
@given(value=JSON, headers=HEADERS)
@_FUZZ
def test_any_json(kind: str, value: Any, headers: dict[str, str]) -> None:
    try:
        body = json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        body = json.dumps(value).encode()
    _all_the_way(kind, _request("application/json", body, headers))


@pytest.mark.parametrize("kind", KINDS)
@given(pairs=st.lists(st.tuples(BRACKETS | NAMES, TEXTS | JSON.map(json.dumps)), max_size=8), headers=HEADERS)
@_FUZZ
def test_any_form(kind: str, pairs: list[tuple[str, str]], headers: dict[str, str]) -> None:
    body = urlencode([(name, value) for name, value in pairs], errors="replace").encode()
    _all_the_way(kind, _request(URLENCODED, body, headers))


@pytest.mark.parametrize("kind", KINDS)
@given(body=st.binary(max_size=200), headers=HEADERS, secret=SECRETS)
@_FUZZ
def test_nobody_without_the_secret_is_trusted(
    kind: str, body: bytes, headers: dict[str, str], secret: str
) -> None:
    with pytest.raises(IntakeError):
        ADAPTERS[kind].verify(_request("text/plain", body, headers), secret)


@given(claims=JSON, tail=st.text("abcAB12-_", min_size=1, max_size=8))
@_FUZZ
def test_any_token_at_wix(claims: Any, tail: str) -> None:
    try:
        text = json.dumps({"data": json.dumps(claims, ensure_ascii=False)}, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return
    part = base64.urlsafe_b64encode(text).decode().rstrip("=")
    _all_the_way("wix", _request("text/plain", f"eyJh.{part}.{tail}".encode(), {}))
