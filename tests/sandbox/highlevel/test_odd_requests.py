"""Requests that no sane caller sends: always an answer, never a crash."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.highlevel.location import ANA, Location

KEYS = [
    *("locationId", "firstName", "name", "email", "phone", "dnd", "dndSettings", "inboundDndSettings"),
    *("SMS", "all", "status", "message", "code", "tags", "customFields", "id", "key", "field_value", "value"),
    *("assignedTo", "dateOfBirth", "createNewIfDuplicateAllowed", "pipelineId", "pipelineStageId"),
    *("contactId", "monetaryValue", "title", "body", "dueDate", "completed", "followers", "filters", "group"),
    *("field", "operator", "sort", "direction", "searchAfter", "page", "pageLimit", "limit", "skip", "query"),
    *("dataType", "model", "options", "fieldKey", "contacts", "eventStartTime", "kept", "lost", "contact"),
    *("channel", "stages", "published", "users", "opportunities", "tasks", "additionalDetails"),
]
WORDS = [
    "",
    "{loc}",
    "{ana}",
    "{card}",
    "open",
    "eq",
    "range",
    "OR",
    "asc",
    "email",
    "TEXT",
    "7",
    "\x00",
    "ünï",
]
LEAVES = st.none() | st.booleans() | st.integers(-2, 10**20) | st.floats() | st.sampled_from(WORDS)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, min_size=1, max_size=4)
    ),
    max_leaves=12,
)
SHAPES = st.dictionaries(st.sampled_from(KEYS), JSON, min_size=1, max_size=5) | JSON
# What a call needs, so that odd values get further than the first check.
BASES: dict[str, dict[str, object]] = {
    "/contacts/search": {"locationId": "{loc}", "pageLimit": 5},
    "/opportunities/search": {"locationId": "{loc}"},
    "/contacts/": {"locationId": "{loc}"},
    "/contacts/upsert": {"locationId": "{loc}", "email": "ana@example.com"},
}
CALLS = [
    ("POST", "/contacts/"),
    ("POST", "/contacts/upsert"),
    ("PUT", "/contacts/{ana}"),
    ("POST", "/contacts/search"),
    ("POST", "/contacts/{ana}/tags"),
    ("DELETE", "/contacts/{ana}/tags"),
    ("POST", "/contacts/bulk/tags/update/add"),
    ("POST", "/contacts/{ana}/tasks"),
    ("POST", "/contacts/{ana}/notes"),
    ("POST", "/contacts/{ana}/followers"),
    ("POST", "/contacts/{ana}/workflow/x"),
    ("POST", "/opportunities/"),
    ("POST", "/opportunities/upsert"),
    ("POST", "/opportunities/search"),
    ("PUT", "/opportunities/{card}"),
    ("PUT", "/opportunities/{card}/status"),
    ("POST", "/locations/{loc}/customFields"),
    ("POST", "/locations/{loc}/tags"),
    ("POST", "/locations/{loc}/tasks/search"),
    ("PUT", "/_sandbox/faults"),
    ("PUT", "/_sandbox/options"),
    ("POST", "/_sandbox/seed"),
    ("POST", "/_sandbox/merge"),
    ("POST", "/_sandbox/stop"),
    ("POST", "/_sandbox/emails"),
    ("POST", "/_sandbox/pipelines"),
    ("POST", "/_sandbox/workflows"),
]


@pytest.fixture
def ids(location: Location) -> dict[str, str]:
    """The ids of a location with a contact and a card."""
    ana = location.contact(**ANA)
    return {"{loc}": location.id, "{ana}": ana, "{card}": location.opportunity(ana)}


@pytest.mark.parametrize(("method", "path"), CALLS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=SHAPES, based=st.booleans())
def test_an_odd_body_is_answered_but_never_with_a_crash(
    location: Location, ids: dict[str, str], method: str, path: str, body: object, based: bool
) -> None:
    if based and isinstance(body, dict):
        body = {**BASES.get(path, {}), **body}
    url, text = location.sandbox.url + path, json.dumps(body)
    for name, value in ids.items():
        url, text = url.replace(name, value), text.replace(name, value)
    headers = {"Content-Type": "application/json"}
    answer = location.session.request(method, url, data=text, headers=headers, timeout=5)
    assert answer.status_code < 500, answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/contacts/?locationId={loc}&limit=x",
        "/contacts/?locationId={loc}&startAfterId=x&startAfter=x",
        "/opportunities/search?location_id={loc}&page=0&limit=&startAfter=-1",
        "/opportunities/search?location_id={loc}&startAfterId=x",
        "/users/search?companyId=x&limit=x",
        "/locations/{loc}/customFields?model=",
        "/_sandbox/state?type=x",
        "/_sandbox/journal?since=x",
        "/contacts/%00",
    ],
)
def test_an_odd_query_is_answered(location: Location, path: str) -> None:
    assert location.get(path.replace("{loc}", location.id)).status_code < 500
