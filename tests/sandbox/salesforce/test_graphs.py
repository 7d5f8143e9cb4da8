"""Composite graphs and trees: many small transactions in one call, and records with their children."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.salesforce.org import LEAD, Org, error, part
from tests.sandbox.salesforce.test_composite import CONTACT, HALTED, OPPORTUNITY, ROLE, TASK

LAST_NAMES = ("Roy", None, "Chen")


def graph(graph_id: str, *parts: dict[str, Any]) -> dict[str, Any]:
    """One graph."""
    return {"graphId": graph_id, "compositeRequest": list(parts)}


def send(org: Org, *graphs: dict[str, Any]) -> list[dict[str, Any]]:
    """The graphs of an answer."""
    answer = org.post("/composite/graph", {"graphs": list(graphs)})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["graphs"]
    return found


def lead(name: str | None) -> dict[str, Any]:
    """A node that creates a lead."""
    return part("POST", "/sobjects/Lead", "lead", {**LEAD, "LastName": name})


def test_a_broken_graph_harms_no_other(keyed: Org) -> None:
    broken = {**TASK, "body": {**TASK["body"], "Nonsense": 1}}
    answers = send(
        keyed,
        graph("1", CONTACT, OPPORTUNITY, ROLE, TASK),
        graph(
            "2",
            part("PATCH", "/sobjects/Contact/Key__c/c-2", "contact", {"LastName": "Chen"}),
            OPPORTUNITY,
            broken,
        ),
        graph("3", lead("Roy")),
    )
    assert [(one["graphId"], one["isSuccessful"]) for one in answers] == [
        ("1", True),
        ("2", False),
        ("3", True),
    ]
    inside = answers[1]["graphResponse"]["compositeResponse"]
    assert [one["body"] == HALTED for one in inside] == [True, True, False]
    assert inside[2]["body"][0]["errorCode"] == "INVALID_FIELD"
    assert [keyed.count(kind) for kind in ("Contact", "Opportunity", "Task", "Lead")] == [1, 1, 1, 1]


def test_after_fifteen_failures_the_rest_is_not_tried(org: Org) -> None:
    names = [None] * 15 + ["Roy"]
    answers = send(org, *(graph(str(number), lead(name)) for number, name in enumerate(names)))
    assert not any(one["isSuccessful"] for one in answers)
    assert answers[-1]["graphResponse"]["compositeResponse"][0]["body"] == HALTED
    assert org.count("Lead") == 0
    answers = send(org, *(graph(str(number), lead(name)) for number, name in enumerate(names[1:])))
    assert answers[-1]["isSuccessful"] is True


def many(number: int) -> list[dict[str, Any]]:
    """Nodes that create leads."""
    return [part("POST", "/sobjects/Lead", f"n{one}", LEAD) for one in range(number)]


@pytest.mark.parametrize(
    ("graphs", "code"),
    [
        ([graph(str(number), lead("Roy")) for number in range(76)], "LIMIT_EXCEEDED"),
        ([graph("1", *many(251)), graph("2", *many(250))], "LIMIT_EXCEEDED"),
        ([graph("1", lead("Roy")), graph("1", lead("Roy"))], "INVALID_INPUT"),
        ([graph("", lead("Roy"))], "INVALID_INPUT"),
        ([graph("1", part("GET", "/query/?q=x", "a"))], "INVALID_INPUT"),
        ([graph("1", *(part("GET", f"/sobjects/T{n}__c/1", f"a{n}") for n in range(16)))], "LIMIT_EXCEEDED"),
        ("nonsense", "JSON_PARSER_ERROR"),
    ],
)
def test_a_graph_request_that_cannot_be_carried_out(org: Org, graphs: Any, code: str) -> None:
    assert error(org.post("/composite/graph", {"graphs": graphs})) == (400, code)
    assert org.count("Lead") == 0


def test_a_chain_of_references_is_at_most_fifteen_deep(org: Org) -> None:
    def chain(length: int) -> dict[str, Any]:
        nodes = [part("POST", "/sobjects/Account", "n0", {"Name": "A"})]
        for number in range(1, length):
            body = {"Name": "A", "ParentId": f"@{{n{number - 1}.id}}"}
            nodes.append(part("POST", "/sobjects/Account", f"n{number}", body))
        return graph("1", *nodes)

    assert send(org, chain(15))[0]["isSuccessful"] is True
    assert error(org.post("/composite/graph", {"graphs": [chain(16)]})) == (400, "LIMIT_EXCEEDED")


def test_graphs_came_with_version_50(org: Org) -> None:
    assert error(org.post("/services/data/v49.0/composite/graph", {"graphs": []})) == (404, "NOT_FOUND")


def sapling(name: str | None, reference_id: str) -> dict[str, Any]:
    """An account with one contact."""
    contact = {"attributes": {"type": "Contact", "referenceId": f"{reference_id}c"}, "LastName": name}
    attributes = {"type": "Account", "referenceId": reference_id}
    return {"attributes": attributes, "Name": "Roys", "Contacts": {"records": [contact]}}


def test_a_tree_is_planted_whole_or_not_at_all(org: Org) -> None:
    answer = org.post("/composite/tree/Account", {"records": [sapling("Roy", "a"), sapling("Chen", "b")]})
    assert (answer.status_code, answer.json()["hasErrors"]) == (201, False)
    assert [one["referenceId"] for one in answer.json()["results"]] == ["a", "ac", "b", "bc"]
    assert set(org.found("SELECT Account.Name FROM Contact")[0]) == {"attributes", "Name"}
    answer = org.post("/composite/tree/Account", {"records": [sapling("Roy", "a"), sapling(None, "b")]})
    problem = {"statusCode": "REQUIRED_FIELD_MISSING", "fields": ["LastName"]}
    assert (answer.status_code, answer.json()["hasErrors"]) == (400, True)
    result = answer.json()["results"][0]
    assert (result["referenceId"], result["errors"][0].items() >= problem.items()) == ("bc", True)
    assert org.count("Account") == 2
