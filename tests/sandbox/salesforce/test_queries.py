"""SOQL: what it finds, in which order, and how it shows it."""

from __future__ import annotations

import pytest

from tests.sandbox.salesforce.org import Org, V

BY_NAME = "SELECT LastName FROM Contact WHERE {} ORDER BY Id"
ORDERED = "SELECT LastName FROM Contact ORDER BY {}"
PEOPLE = (
    {
        "FirstName": "Ada",
        "LastName": "Roy",
        "Email": "ada@example.com",
        "Phone": "613-555-0101",
        "Department": "North",
    },
    {"FirstName": "Ben", "LastName": "roy", "Email": "BEN@example.com", "MobilePhone": "613-555-0102"},
    {
        "FirstName": "Cy",
        "LastName": "O'Neil",
        "Email": "cy@example.com",
        "Department": "South",
        "Birthdate": "1990-05-06",
    },
    {"LastName": "100% Sure_Ltd", "DoNotCall": True},
)


@pytest.fixture
def people(org: Org) -> Org:
    """Four contacts."""
    org.sandbox.configure(opt_out_fields=True)
    for fields in PEOPLE:
        org.contact(**fields)
    return org


WHERE = [
    ("LastName = 'ROY'", "Roy roy"),
    ("LastName != 'Roy'", "O'Neil 100%"),
    ("Email = 'ben@EXAMPLE.com'", "roy"),
    ("Email IN ('ada@example.com', 'cy@example.com')", "Roy O'Neil"),
    ("Email IN ('ada@example.com', null)", "Roy 100%"),
    ("Email NOT IN ('ada@example.com', 'cy@example.com')", "roy 100%"),
    ("Email = null", "100%"),
    ("Email != null", "Roy roy O'Neil"),
    ("Email = ''", "100%"),
    ("LastName = 'O\\'Neil'", "O'Neil"),
    ("LastName LIKE 'r%'", "Roy roy"),
    ("LastName LIKE 'R_y'", "Roy roy"),
    ("LastName LIKE '100\\% %'", "100%"),
    ("LastName LIKE '%e\\_L%'", "100%"),
    ("(NOT LastName LIKE 'r%')", "O'Neil 100%"),
    ("NOT (LastName = 'roy' AND FirstName = 'Ada')", "roy O'Neil 100%"),
    ("Phone = '613-555-0101' OR MobilePhone IN ('613-555-0102')", "Roy roy"),
    ("LastName = 'Roy' AND (Department = 'North' OR Department = 'South')", "Roy"),
    ("DoNotCall = true", "100%"),
    ("DoNotCall != TRUE AND Department = null", "roy"),
    ("LastName > 'p'", "Roy roy"),
    ("LastName <= 'O'", "100%"),
    ("Birthdate < 2000-01-01", "O'Neil"),
    ("Birthdate >= 1990-05-06 AND Birthdate <= 1990-05-06", "O'Neil"),
    ("CreatedDate = TODAY", "Roy roy O'Neil 100%"),
    ("CreatedDate = LAST_N_DAYS:2", "Roy roy O'Neil 100%"),
    ("CreatedDate < YESTERDAY", ""),
    ("CreatedDate <= TODAY AND CreatedDate >= TODAY", "Roy roy O'Neil 100%"),
    ("CreatedDate > TODAY", ""),
    ("Birthdate != NEXT_N_DAYS:3", "Roy roy O'Neil 100%"),
    ("CreatedDate >= 2026-01-01T00:00:00Z", "Roy roy O'Neil 100%"),
    ("CreatedDate < 2026-01-01T00:00:00.000+0000", ""),
    ("SystemModstamp > 2030-01-01T00:00:00-05:00", ""),
    ("Owner.Name = 'Firstpath Integration' AND LastName = 'roy'", "Roy roy"),
    ("Account.Name = null", "Roy roy O'Neil 100%"),
    ("IsDeleted = true", ""),
    ("Id IN (SELECT ReportsToId FROM Contact)", ""),
    ("Id NOT IN (SELECT ReportsToId FROM Contact WHERE ReportsToId != null)", "Roy roy O'Neil 100%"),
]


@pytest.mark.parametrize(("where", "names"), WHERE)
def test_a_condition_finds_what_it_describes(people: Org, where: str, names: str) -> None:
    found = people.found(BY_NAME.format(where))
    assert " ".join(one.split(" ")[0] for one in found) == names


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("Department", "roy 100% Roy O'Neil"),
        ("Department DESC NULLS LAST", "O'Neil Roy roy 100%"),
        ("LastName ASC, FirstName DESC", "100% O'Neil roy Roy"),
        ("Owner.Email, Id DESC LIMIT 2", "100% O'Neil"),
        ("Id LIMIT 2 OFFSET 1", "roy O'Neil"),
    ],
)
def test_the_order_is_the_one_asked_for(people: Org, order: str, names: str) -> None:
    found = people.found(ORDERED.format(order))
    assert " ".join(one.split(" ")[0] for one in found) == names


def test_a_record_carries_its_attributes_and_parents(org: Org) -> None:
    account = org.create("Account", Name="Roys", BillingCity="Ottawa")
    ada, ben = org.contact(AccountId=account), org.contact()
    task = org.create("Task", WhoId=ada)
    records = org.soql("SELECT Id, Account.Name, Account.Owner.Email FROM Contact ORDER BY Id")["records"]
    assert records[0]["attributes"] == {"type": "Contact", "url": f"{V}/sobjects/Contact/{ada}"}
    assert records[0]["Account"]["attributes"]["url"] == f"{V}/sobjects/Account/{account}"
    assert records[0]["Account"]["Owner"]["Email"].startswith("firstpath")
    assert (records[1]["Id"], records[1]["Account"]) == (ben, None)
    who = org.soql("SELECT Who.Name, Who.Type, What.Name FROM Task WHERE Id = ?", task)["records"][0]
    assert (who["Who"]["Type"], who["What"]) == ("Contact", None)
    assert org.found("SELECT BillingAddress FROM Account")[0]["city"] == "Ottawa"


def test_children_are_listed_under_their_parent(org: Org) -> None:
    ada, ben = org.contact(), org.contact()
    for subject in ("Call", "Text", "Mail"):
        org.create("Task", WhoId=ada, Subject=subject)
    statement = (
        "SELECT Id, (SELECT Subject FROM Tasks WHERE Subject != 'Mail' ORDER BY Subject DESC) FROM Contact"
    )
    records = {one["Id"]: one["Tasks"] for one in org.soql(statement)["records"]}
    assert [one["Subject"] for one in records[ada]["records"]] == ["Text", "Call"]
    assert records[ben] is None


def test_counting(people: Org) -> None:
    assert people.soql("SELECT COUNT() FROM Contact WHERE LastName = 'roy'") == {
        "totalSize": 2,
        "done": True,
        "records": [],
    }
    record = people.soql("SELECT COUNT(Email) FROM Contact")["records"][0]
    assert record == {"attributes": {"type": "AggregateResult"}, "expr0": 3}
