"""Composite requests: references, all or none, and the limits of one call."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.sandbox.salesforce import RunningSandbox
from tests.sandbox.salesforce.org import DEAL, LEAD, Org, V, error, part

HALTED = [
    {
        "errorCode": "PROCESSING_HALTED",
        "message": "The transaction was rolled back since another operation in the same transaction failed.",
    }
]
CONTACT = part("PATCH", "/sobjects/Contact/Key__c/c-1", "contact", {"LastName": "Roy"})
OPPORTUNITY = part("PATCH", "/sobjects/Opportunity/Key__c/d-1", "deal", DEAL)
ROLE = part(
    "POST",
    "/sobjects/OpportunityContactRole",
    "role",
    {"OpportunityId": "@{deal.id}", "ContactId": "@{contact.id}", "IsPrimary": True},
)
TASK = part("POST", "/sobjects/Task", "task", {"WhoId": "@{contact.id}", "WhatId": "@{deal.id}"})


def statuses(parts: list[dict[str, Any]]) -> list[int]:
    """The HTTP status of every part."""
    return [one["httpStatusCode"] for one in parts]


def test_an_inquiry_in_one_call_new_and_repeated(keyed: Org) -> None:
    first = keyed.composite(CONTACT, OPPORTUNITY, ROLE, TASK)
    assert statuses(first) == [201, 201, 201, 201]
    assert [one["referenceId"] for one in first] == ["contact", "deal", "role", "task"]
    assert keyed.stored(first[3]["body"]["id"])["WhoId"] == first[0]["body"]["id"]
    again = keyed.composite(CONTACT, OPPORTUNITY)
    assert statuses(again) == [200, 200]
    assert [one["body"]["created"] for one in again] == [False, False]
    assert [keyed.count(kind) for kind in ("Contact", "Opportunity", "Task")] == [1, 1, 1]


@pytest.mark.parametrize("broken", [0, 1, 3])
def test_one_failure_takes_everything_back(keyed: Org, sandbox: RunningSandbox, broken: int) -> None:
    before = sandbox.state.snapshot()
    parts = [dict(one) for one in (CONTACT, OPPORTUNITY, ROLE, TASK)]
    parts[broken] = {**parts[broken], "body": {**parts[broken]["body"], "Nonsense": 1}}
    answers = keyed.composite(*parts)
    assert statuses(answers) == [400] * 4
    assert answers[broken]["body"][0]["errorCode"] == "INVALID_FIELD"
    assert all(one["body"] == HALTED for number, one in enumerate(answers) if number != broken)
    assert sandbox.state.snapshot() == before
    assert keyed.found("SELECT Id FROM Contact WHERE Key__c = 'c-1'") == []


def test_a_rollback_gives_back_what_was_changed(keyed: Org) -> None:
    contact = keyed.contact(Key__c="c-1", Email="old@example.com")
    change = part("PATCH", f"/sobjects/Contact/{contact}", "a", {"Email": "new@example.com"})
    erase = part("DELETE", f"/sobjects/Contact/{contact}", "b")
    keyed.composite(change, erase, part("GET", "/sobjects/Contact/nobody", "c"))
    assert keyed.found("SELECT Email FROM Contact WHERE Email = 'old@example.com'") == ["old@example.com"]
    assert keyed.found("SELECT Id FROM Contact WHERE Email = 'new@example.com'") == []


def test_each_for_itself_without_all_or_none(keyed: Org) -> None:
    wrong = part("PATCH", "/sobjects/Contact/Key__c/c-1", "contact", {"Nonsense": 1})
    answers = keyed.composite(wrong, OPPORTUNITY, ROLE, together=False)
    assert statuses(answers) == [400, 201, 400]
    assert answers[2]["body"] == [
        {
            "message": "Invalid reference specified. No value for contact.id found in contact",
            "errorCode": "PROCESSING_HALTED",
        }
    ]


def test_references_to_reads_and_queries_mind_case(keyed: Org) -> None:
    contact = keyed.contact(Key__c="c-1")
    find = "/query/?q=SELECT+Id%2C+Name+FROM+Contact+WHERE+Key__c+%3D+'c-1'"
    answers = keyed.composite(
        part("GET", find, "found"),
        part("GET", "/sobjects/Contact/@{found.records[0].Id}?fields=Id,Name", "read"),
        part("PATCH", "/sobjects/Contact/@{read.Id}", "change", {"Title": "Seen as @{read.Name}"}),
        part("POST", "/sobjects/Task", "lower", {"WhoId": "@{read.id}"}),
        together=False,
    )
    assert statuses(answers) == [200, 200, 204, 400]
    assert answers[2]["body"] is None
    assert keyed.stored(contact)["Title"] == "Seen as Roy"


def test_describes_can_be_parts_and_other_resources_cannot(org: Org) -> None:
    answers = org.composite(
        part("GET", "/sobjects/Contact/describe", "a"),
        part("GET", "/limits", "b"),
        part("POST", "/composite", "c", {"compositeRequest": []}),
        {**part("GET", "/", "d"), "url": "/somewhere"},
        together=False,
    )
    assert statuses(answers) == [200, 400, 400, 404]
    assert answers[0]["body"]["name"] == "Contact"


def test_more_than_25_parts_are_refused_inside_a_200(org: Org) -> None:
    answers = org.composite(*(part("POST", "/sobjects/Lead", f"r{n}", LEAD) for n in range(26)))
    assert answers == [
        {
            "body": [
                {
                    "errorCode": "LIMIT_EXCEEDED",
                    "message": "The request can’t contain more than 25 operations.",
                }
            ],
            "httpHeaders": {},
            "httpStatusCode": 400,
            "referenceId": None,
        }
    ]
    assert (
        statuses(org.composite(*(part("POST", "/sobjects/Lead", f"r{n}", LEAD) for n in range(25))))
        == [201] * 25
    )


def test_more_than_five_queries_or_collections_are_refused(org: Org) -> None:
    query = "/query/?q=SELECT+Id+FROM+Lead"
    fine = [part("GET", query, f"q{n}") for n in range(4)]
    fine.append(part("DELETE", "/composite/sobjects?ids=", "c"))
    assert statuses(org.composite(*fine)) == [200] * 5
    assert org.composite(*fine, part("GET", query, "q9"))[0]["body"][0]["errorCode"] == "LIMIT_EXCEEDED"


@pytest.mark.parametrize("reference_id", ["a-b", "_a", "", "a.b", None])
def test_a_reference_id_has_letters_digits_and_underscores(org: Org, reference_id: object) -> None:
    body = {"compositeRequest": [{"method": "GET", "url": f"{V}/sobjects", "referenceId": reference_id}]}
    answer = org.post("/composite", body)
    assert error(answer) == (400, "INVALID_INPUT")
    assert "must start with a letter or a number" in answer.json()[0]["message"]


def test_what_makes_a_whole_request_fail(org: Org) -> None:
    twice = [part("GET", "/sobjects", "a"), part("GET", "/sobjects", "a")]
    header = [part("GET", "/sobjects", "a", httpHeaders={"Accept": "text/xml"})]
    for parts, code in ((twice, "INVALID_INPUT"), (header, "INVALID_INPUT"), ({}, "JSON_PARSER_ERROR")):
        assert error(org.post("/composite", {"compositeRequest": parts})) == (400, code)
    assert error(org.get("/composite")) == (405, "METHOD_NOT_ALLOWED")


def test_headers_of_a_part_are_its_own(org: Org) -> None:
    org.sandbox.configure(lead_assignment="luis@brokerage.example.com")
    quiet = part("POST", "/sobjects/Lead", "a", LEAD, httpHeaders={"Sforce-Auto-Assign": "FALSE"})
    body = {"compositeRequest": [quiet, part("POST", "/sobjects/Lead", "b", LEAD)]}
    parts = org.post("/composite", body, Sforce_Auto_Assign="FALSE").json()["compositeResponse"]
    owners = [org.stored(one["body"]["id"])["OwnerId"] for one in parts]
    assert owners == [org.sandbox.state.integration_user, org.user("luis")]


def test_a_collection_reports_success_although_it_was_rolled_back(org: Org) -> None:
    records = {"records": [{"attributes": {"type": "Lead"}, **LEAD}]}
    answers = org.composite(
        part("POST", "/composite/sobjects", "a", records), part("POST", "/sobjects/Lead", "b", {})
    )
    assert answers[0]["body"][0]["success"] is True
    assert org.count("Lead") == 0


def test_a_composite_counts_as_one_call(keyed: Org) -> None:
    keyed.composite(CONTACT, OPPORTUNITY, ROLE, TASK)
    assert keyed.get("/limits").headers["Sforce-Limit-Info"] == "api-usage=2/15000"
