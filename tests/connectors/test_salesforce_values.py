"""From the texts of a bundle to what Salesforce's fields take, and statements that ask for them."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.crm.base import Rejected
from connectors.crm.salesforce import parts, soql
from connectors.crm.salesforce.describe import Field, ObjectInfo, read_object
from connectors.crm.salesforce.rows import Row
from connectors.crm.salesforce.values import as_json, as_text, cut, prepared
from connectors.crm.salesforce.writing import Texts, allowed

FIELDS = (
    Field("Amount", "Amount", "currency"),
    Field("City", "City", "string", length=5),
    Field("DoNotCall", "Do Not Call", "boolean"),
    Field("CloseDate", "Close Date", "date"),
    Field("Arrived__c", "Arrived", "datetime"),
    Field("Need__c", "Need", "picklist", restricted=True, options=(("pre_approval", "Pre approval"),)),
    Field("Source", "Source", "picklist", options=(("Web", "Web"),)),
    Field("Kinds__c", "Kinds", "multipicklist", options=(("a", "A"), ("b", "B"))),
    Field("Name", "Full name", "string", createable=False, updateable=False),
)
INFO = ObjectInfo("Contact", "003", True, True, {field.name: field for field in FIELDS})


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Amount", "450000", 450000),
        ("Amount", " 1250.50 ", 1250.5),
        ("DoNotCall", "yes", True),
        ("DoNotCall", "False", False),
        ("CloseDate", "2026-11-23T04:05:06+00:00", "2026-11-23"),
        ("Arrived__c", "2026-11-23T09:00:00-05:00", "2026-11-23T14:00:00.000Z"),
        ("Need__c", "Pre Approval", "pre_approval"),
        ("Source", "Billboard", "Billboard"),
        ("Kinds__c", "A; b", "a;b"),
        ("City", "Guelph", "Guel…"),
    ],
)
def test_a_text_becomes_what_the_fields_type_takes(name: str, text: str, expected: object) -> None:
    assert as_json(INFO, prepared(INFO, {name: text})) == {name: expected}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Amount", "a lot"),
        ("Amount", "NaN"),
        ("Amount", "1e30"),
        ("DoNotCall", "perhaps"),
        ("CloseDate", "soon"),
        ("Need__c", "boat loan"),
        ("Name", "Ana Quill"),
        ("Nowhere__c", "x"),
    ],
)
def test_what_does_not_fit_is_refused_by_field_and_without_the_value(name: str, text: str) -> None:
    with pytest.raises(Rejected) as caught:
        prepared(INFO, {name: text})
    assert caught.value.field_name == name
    assert name in caught.value.remedy
    assert text not in f"{caught.value} {caught.value.remedy}".split()


def test_blanks_are_left_out() -> None:
    assert prepared(INFO, {"City": "  ", "Nowhere__c": ""}) == {}


def test_a_length_counts_as_salesforce_counts_it() -> None:
    assert cut("ab", 2) == "ab"
    assert cut("a😀b", 4) == "a😀b"
    assert cut("a😀bc", 4) == "a😀…"
    assert len(cut("😀" * 40, 40).encode("utf-16-le")) <= 80


def test_a_prepared_text_stays_as_it_is() -> None:
    for field in FIELDS[:6]:
        once = {"Amount": "5", "City": "Guelph", "DoNotCall": "yes", "CloseDate": "2026-11-23"}.get(
            field.name
        )
        if once is not None:
            text = as_text(field, once)
            assert as_text(field, text) == text


def test_a_box_never_ticked_and_our_placeholder_are_nothing_that_a_person_typed() -> None:
    row = Row("003", {"DoNotCall": "false", "LastName": "(not given)", "City": "Elora", "Amount": "450000.0"})
    wanted = Texts({"DoNotCall": "true", "LastName": "Quill", "City": "Guelph", "Amount": "450000"}, {})
    assert allowed(wanted, row, frozenset({"Amount"})) == {"DoNotCall": "true", "LastName": "Quill"}


def test_a_describe_offers_only_what_may_be_chosen() -> None:
    values = [{"value": "New", "active": True}, {"value": "Old", "active": False}, {"value": None}]
    field = {"name": "Status", "type": "picklist", "createable": True, "picklistValues": values}
    info = read_object({"name": "Lead", "keyPrefix": "00Q", "createable": True, "fields": [field, {}, 7]})
    assert (info.prefix, info.createable, info.updateable) == ("00Q", True, False)
    assert info.fields["Status"].options == (("New", "New"),)


def test_a_statement_cannot_be_broken_out_of() -> None:
    (statement,) = soql.any_of(("Email",), "Contact", {"Email": ["o'neil\\'@example.com"]})
    assert statement == "SELECT Id, Email FROM Contact WHERE Email IN ('o\\'neil\\\\\\'@example.com')"


def test_many_values_become_statements_that_fit_into_an_address() -> None:
    values = [f"person{number}@example.com" for number in range(2_000)]
    statements = list(soql.any_of(("Email", "Phone"), "Contact", {"Email": values, "Phone": ["+1 416"]}))
    assert all(len(soql.encoded(statement)) <= soql.LONGEST_ENCODED for statement in statements)
    assert len(statements) < 8
    assert all(sum(soql.quoted(value) in one for one in statements) == 1 for value in values)
    assert not list(soql.any_of(("Email",), "Contact", {"Email": []}))


def test_an_address_says_what_the_statement_says() -> None:
    (statement,) = soql.any_of(
        ("Email",), "Contact", {"Email": ["a+b&c=#%?/ö@example.com"], "Phone": ["(416) 1"]}
    )
    assert parse_qs(urlsplit(f"https://example.com/query/?q={soql.encoded(statement)}").query) == {
        "q": [statement]
    }


def test_what_a_borrower_typed_is_no_reference() -> None:
    made = parts.create(
        "t0", "Task", ("task", "F1"), {"Description": "see @{p0.id}", "WhoId": parts.Reference("p0")}
    )
    body = made.request("/services/data/v62.0")["body"]
    assert body == {"Description": "see @ {p0.id}", "WhoId": "@{p0.id}"}
