"""Seeds: people, fields, objects and records loaded at once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.salesforce.org import LEAD, Org, error, key_field

META = {"label": "Loan", "type": "Text", "length": 9}


def test_a_seed_brings_people_fields_and_records(org: Org) -> None:
    answer = org.call(
        "POST",
        "/_sandbox/seed",
        {
            "users": [{"email": "eve@brokerage.example.com", "first_name": "Eve"}],
            "queues": [{"name": "Renewals", "developer_name": "Renewals", "objects": ["Lead"]}],
            "objects": [{"name": "ns__Loan__c", "label": "Loan"}],
            "fields": [key_field("Lead"), {"FullName": "ns__Loan__c.ns__Number__c", "Metadata": META}],
            "Lead": [{**LEAD, "Key__c": "l-1"}],
            "ns__Loan__c": [{"Name": "Loan 1", "ns__Number__c": "7"}],
        },
    )
    assert answer.status_code == 201, answer.text
    assert {kind: len(ids) for kind, ids in answer.json().items()} == {
        "users": 1,
        "queues": 1,
        "objects": 1,
        "fields": 2,
        "Lead": 1,
        "ns__Loan__c": 1,
    }
    assert org.found("SELECT Email FROM User WHERE FirstName = 'Eve'") == ["eve@brokerage.example.com"]
    assert org.get("/sobjects/Lead/Key__c/l-1").status_code == 200
    assert org.found("SELECT ns__Number__c FROM ns__Loan__c") == ["7"]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"Nonsense": []}, "Unknown seed section 'Nonsense'"),
        ({"users": [{"name": "x"}]}, "A seed of this kind may have email"),
        ({"users": {}}, "must be a list of objects"),
        ({"objects": [{"name": "Loan", "label": "Loan"}]}, 'ends in "__c"'),
    ],
)
def test_a_wrong_seed_is_explained(org: Org, document: dict[str, Any], message: str) -> None:
    answer = org.call("POST", "/_sandbox/seed", document)
    assert (answer.status_code, message in answer.json()["message"]) == (400, True)


def test_a_seed_with_a_wrong_record_loads_no_record(org: Org) -> None:
    answer = org.call("POST", "/_sandbox/seed", {"Lead": [LEAD, {}]})
    assert error(answer) == (400, "REQUIRED_FIELD_MISSING")
    assert org.count("Lead") == 0
