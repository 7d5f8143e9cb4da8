"""Which rows a query looks at: a question by key or address must not read the whole org."""

from __future__ import annotations

import pytest

from connectors.sandbox.salesforce.soql.candidates import Candidates
from connectors.sandbox.salesforce.soql.parser import parse
from tests.sandbox.salesforce.org import Org

MANY = 200
STATEMENT = "SELECT Id FROM Contact WHERE {}"


@pytest.fixture
def crowd(keyed: Org) -> Org:
    """Many contacts with keys and addresses."""
    records = [
        {"attributes": {"type": "Contact"}, "LastName": "R", "Key__c": f"k{n}", "Email": f"p{n}@example.com"}
        for n in range(MANY)
    ]
    keyed.post("/composite/sobjects", {"records": records})
    return keyed


@pytest.mark.parametrize(
    ("where", "number"),
    [
        ("Email = 'P7@example.com'", 1),
        ("Email IN ('p1@example.com', 'p2@example.com') OR Phone = '1' OR Key__c = 'k2'", 2),
        ("LastName = 'R' AND Key__c IN ('k1', 'nobody')", 1),
        ("Key__c = 'k1' AND (NOT Email LIKE 'x%')", 1),
        ("SystemModstamp >= 2030-01-01T00:00:00Z AND LastName != 'x'", 0),
        ("SystemModstamp >= 2020-01-01T00:00:00Z", MANY),
        ("Email = null", None),
        ("Email = 'p1@example.com' OR Email LIKE 'p2%'", None),
        ("Account.Name = 'R'", None),
        ("Email != 'p1@example.com'", None),
    ],
)
def test_a_condition_narrows_what_is_read(crowd: Org, where: str, number: int | None) -> None:
    state = crowd.sandbox.state
    statement = parse(STATEMENT.format(where))
    with state.lock:
        view = state.views.of(state.integration_user, state.schema.kind("Contact"))
        ids = Candidates(view, state.tables["Contact"], where, state.clock()).ids(statement.where)
        assert (None if ids is None else len(list(ids))) == number
