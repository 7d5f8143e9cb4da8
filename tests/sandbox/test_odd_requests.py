"""Requests that no sane caller sends: always an answer, never a crash."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.hub import OBJECTS, Hub

KEYS = [
    *("inputs", "properties", "associations", "filterGroups", "filters", "propertyName", "operator", "value"),
    *("values", "highValue", "sorts", "limit", "after", "query", "id", "idProperty", "objectWriteTraceId"),
    *(
        "from",
        "to",
        "types",
        "associationCategory",
        "associationTypeId",
        "label",
        "name",
        "type",
        "fieldType",
    ),
    *("groupName", "options", "hidden", "displayOrder", "metadata", "probability", "stages", "archived"),
    *("primaryObjectId", "objectIdToMerge", "objectId", "email", "firstname", "hubspot_owner_id", "contacts"),
    *("propertiesWithHistory", "owners"),
]
WORDS = ["", "EQ", "IN", "email", "7", "deals", "string", "text", "enumeration", "select", "\x00", "ünïcode"]
LEAVES = st.none() | st.booleans() | st.integers(-2, 10**20) | st.floats() | st.sampled_from(WORDS)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, min_size=1, max_size=4)
    ),
    max_leaves=12,
)
SHAPES = st.dictionaries(st.sampled_from(KEYS), JSON, min_size=1, max_size=5) | JSON
LINKS = "/crm/v4/associations/contacts/deals"
CALLS = [
    ("POST", f"{OBJECTS}/contacts"),
    ("PATCH", f"{OBJECTS}/contacts/101000001"),
    ("POST", f"{OBJECTS}/contacts/search"),
    ("POST", f"{OBJECTS}/contacts/merge"),
    ("POST", f"{OBJECTS}/contacts/gdpr-delete"),
    ("POST", f"{OBJECTS}/deals/batch/create"),
    ("POST", f"{OBJECTS}/deals/batch/read"),
    ("POST", f"{OBJECTS}/deals/batch/update"),
    ("POST", f"{OBJECTS}/deals/batch/upsert"),
    ("POST", f"{OBJECTS}/deals/batch/archive"),
    ("PUT", "/crm/v4/objects/contacts/101000001/associations/deals/202000001"),
    ("POST", f"{LINKS}/batch/associate/default"),
    ("POST", f"{LINKS}/batch/create"),
    ("POST", f"{LINKS}/batch/read"),
    ("POST", f"{LINKS}/batch/archive"),
    ("POST", f"{LINKS}/batch/labels/archive"),
    ("POST", f"{LINKS}/labels"),
    ("POST", "/crm/v3/properties/contacts"),
    ("PATCH", "/crm/v3/properties/contacts/city"),
    ("POST", "/crm/v3/properties/contacts/groups"),
    ("POST", "/crm/v3/properties/contacts/batch/create"),
    ("POST", "/crm/v3/pipelines/deals"),
    ("PATCH", "/crm/v3/pipelines/deals/default"),
    ("PATCH", "/crm/v3/pipelines/deals/default/stages/closedwon"),
    ("POST", "/crm/v3/pipelines/deals/default/stages"),
    ("POST", "/oauth/v2/private-apps/get/access-token-info"),
    ("PUT", "/_sandbox/faults"),
    ("PUT", "/_sandbox/options"),
    ("POST", "/_sandbox/seed"),
]


@pytest.fixture
def used(hub: Hub) -> Hub:
    """An account with a contact and a deal."""
    hub.contact(firstname="Ana")
    hub.deal()
    return hub


@pytest.mark.parametrize(("method", "path"), CALLS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=SHAPES)
def test_an_odd_body_is_answered_but_never_with_a_crash(
    used: Hub, method: str, path: str, body: object
) -> None:
    url, headers = used.sandbox.url + path, {"Content-Type": "application/json"}
    answer = used.session.request(method, url, data=json.dumps(body), headers=headers, timeout=5)
    assert answer.status_code < 500, answer.text
