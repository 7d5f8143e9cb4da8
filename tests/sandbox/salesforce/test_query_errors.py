"""SOQL that cannot be answered: the code, the message, and the caret under the place."""

from __future__ import annotations

import pytest

from tests.sandbox.salesforce.org import Org, error

REFUSED = [
    ("select count() from XYZZY", "INVALID_TYPE", 21, "sObject type 'XYZZY' is not supported."),
    ("SELECT Id, Foo FROM Lead", "INVALID_FIELD", 12, "No such column 'Foo' on entity 'Lead'."),
    ("SELECT Id FROM Lead WHERE Foo = 1", "INVALID_FIELD", 27, "No such column 'Foo' on entity 'Lead'."),
    ("SELECT Id FROM Lead ORDER BY Foo", "INVALID_FIELD", 30, "No such column 'Foo' on entity 'Lead'."),
    ("SELECT Foo.Name FROM Lead", "INVALID_FIELD", 8, "Didn't understand relationship 'Foo' in field path."),
    ("SELECT Owner.Foo FROM Lead", "INVALID_FIELD", 8, "No such column 'Foo' on entity 'Name'."),
    ("SELECT (SELECT Id FROM Foos) FROM Lead", "INVALID_FIELD", 24, "Didn't understand relationship 'Foos'"),
    ("SELECT FROM Lead", "MALFORMED_QUERY", 8, "unexpected token: 'FROM'"),
    ("SELECT Id Lead", "MALFORMED_QUERY", 11, "unexpected token: 'Lead'"),
    ("SELECT Id FROM Lead WHERE", "MALFORMED_QUERY", 26, "unexpected token: '<EOF>'"),
    ("SELECT Id FROM Lead WHERE City = 'x", "MALFORMED_QUERY", 34, "unexpected token: '''"),
    ("SELECT Id FROM Lead WHERE City = Hull", "MALFORMED_QUERY", 34, "unexpected token: 'Hull'"),
    ("SELECT Id FROM Lead WHERE City IN ()", "MALFORMED_QUERY", 36, "unexpected token: ')'"),
    ("SELECT Id FROM Lead LIMIT x", "MALFORMED_QUERY", 27, "unexpected token: 'x'"),
    ("SELECT Id FROM Lead GROUP BY City", "MALFORMED_QUERY", 21, "unexpected token: 'GROUP'"),
    ("SELECT Id, id FROM Lead", "MALFORMED_QUERY", 12, "duplicate field selected: id"),
    (
        "SELECT Id FROM Lead WHERE City = 'a' AND City = 'b' OR City = 'c'",
        "MALFORMED_QUERY",
        53,
        "unexpected token: 'OR'",
    ),
    (
        "SELECT Id FROM Lead WHERE City = 5",
        "INVALID_FIELD",
        34,
        "must be of type string and should be enclosed in",
    ),
    (
        "SELECT Id FROM Opportunity WHERE Amount > '5'",
        "INVALID_FIELD",
        43,
        "value of filter criterion for field 'Amount' must be of type currency and should not be enclosed",
    ),
    ("SELECT Id FROM Lead WHERE CreatedDate > 2026-01-01", "INVALID_FIELD", 41, "must be of type dateTime"),
    (
        "SELECT Id FROM Lead WHERE CreatedDate > 2026-13-01T00:00:00Z",
        "MALFORMED_QUERY",
        41,
        "invalid datetime",
    ),
    (
        "SELECT Id FROM Lead WHERE Description = 'x'",
        "INVALID_FIELD",
        27,
        "field 'Description' can not be filtered",
    ),
    (
        "SELECT Id FROM Lead ORDER BY Description",
        "INVALID_FIELD",
        30,
        "field 'Description' can not be sorted",
    ),
    ("SELECT Id FROM Lead WHERE OwnerId LIKE '005%'", "INVALID_FIELD", 27, "like operator is not supported"),
    ("SELECT Id FROM Lead WHERE IsConverted > true", "INVALID_FIELD", 27, "invalid operator for field"),
    ("SELECT Id FROM Lead WHERE Id = 'x'", "INVALID_QUERY_FILTER_OPERATOR", 32, "invalid ID field: x"),
    (
        "SELECT Id FROM Lead WHERE HasOptedOutOfEmail = true",
        "INVALID_FIELD",
        27,
        "No such column 'HasOptedOut",
    ),
]


@pytest.mark.parametrize(("statement", "code", "column", "message"), REFUSED)
def test_the_message_points_at_the_place(
    org: Org, statement: str, code: str, column: int, message: str
) -> None:
    answer = org.get("/query/", q=statement)
    assert error(answer) == (400, code)
    empty, shown, caret, place, text = answer.json()[0]["message"].split("\n")
    assert (empty, shown, place) == ("", statement, f"ERROR at Row:1:Column:{column}")
    assert caret == " " * (column - 1) + "^"
    assert text.startswith(message) or message in text


def test_limits_of_a_statement(org: Org) -> None:
    assert error(org.get("/query/")) == (400, "MALFORMED_QUERY")
    answer = org.get("/query/", q="SELECT Id FROM Lead OFFSET 2001")
    assert error(answer) == (400, "NUMBER_OUTSIDE_VALID_RANGE")
    long_value = "SELECT Id FROM Lead WHERE City = '" + "x" * 4000 + "'"
    assert error(org.get("/query/", q=long_value)) == (400, "MALFORMED_QUERY")
    url = "/services/data/v62.0/query/?q=SELECT+Id+FROM+Lead" + "+" * 100_000
    part = {"compositeRequest": [{"method": "GET", "url": url, "referenceId": "a"}]}
    refusal = org.post("/composite", part).json()["compositeResponse"][0]
    assert "cannot be longer than 100000 characters" in refusal["body"][0]["message"]
    assert error(org.post("/query/", {})) == (405, "METHOD_NOT_ALLOWED")
