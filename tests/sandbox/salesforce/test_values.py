"""What a field takes: the refusals of reference section 9, word for word where they were recorded."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.salesforce.org import DEAL, LEAD, Org, error

REFUSED: list[tuple[str, dict[str, Any], str, str, list[str] | None]] = [
    (
        "Lead",
        {"Company": None},
        "REQUIRED_FIELD_MISSING",
        "Required fields are missing: [Company]",
        ["Company"],
    ),
    (
        "Lead",
        {"LastName": " "},
        "REQUIRED_FIELD_MISSING",
        "Required fields are missing: [LastName]",
        ["LastName"],
    ),
    (
        "Lead",
        {"FirstName": "X" * 41},
        "STRING_TOO_LONG",
        f"First Name: data value too large: {'X' * 41} (max length=40)",
        ["FirstName"],
    ),
    ("Lead", {"foo": 1}, "INVALID_FIELD", "No such column 'foo' on sobject of type Lead", None),
    (
        "Lead",
        {"Email": "ada@"},
        "INVALID_EMAIL_ADDRESS",
        "Email: invalid email address: ada@",
        ["Email"],
    ),
    (
        "Opportunity",
        {"ForecastCategoryName": "Foo"},
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        "Forecast Category: bad value for restricted picklist field: Foo",
        ["ForecastCategoryName"],
    ),
    (
        "Opportunity",
        {"Amount": 1e17},
        "NUMBER_OUTSIDE_VALID_RANGE",
        "Amount: value outside of valid range on numeric field: 1e+17",
        ["Amount"],
    ),
    (
        "Opportunity",
        {"Amount": "lots"},
        "JSON_PARSER_ERROR",
        "Cannot deserialize instance of currency from VALUE_STRING value lots or request may be missing a "
        "required field",
        None,
    ),
    (
        "Opportunity",
        {"AccountId": "001"},
        "MALFORMED_ID",
        "Account ID: id value of incorrect type: 001",
        ["AccountId"],
    ),
    (
        "Opportunity",
        {"AccountId": "0037e00001WZ30qAAD"},
        "MALFORMED_ID",
        "Account ID: id value of incorrect type: 0037e00001WZ30qAAD",
        ["AccountId"],
    ),
]
GOOD = {"Lead": LEAD, "Opportunity": DEAL}


@pytest.mark.parametrize(("kind", "changes", "code", "message", "fields"), REFUSED)
def test_a_refusal_says_code_message_and_fields(
    org: Org, kind: str, changes: dict[str, Any], code: str, message: str, fields: list[str] | None
) -> None:
    answer = org.post(f"/sobjects/{kind}", {**GOOD[kind], **changes})
    row = answer.json()[0]
    assert (answer.status_code, row["errorCode"], row["message"], row.get("fields")) == (
        400,
        code,
        message,
        fields,
    )
    assert org.count(kind) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"Amount": "5"},
        {"Amount": True},
        {"CloseDate": "2026-13-01"},
        {"CloseDate": "soon"},
        {"IsPrivate": "true"},
        {"IsPrivate": 1},
        {"Name": 5},
        {"Name": ["x"]},
        {"AccountId": 5},
    ],
)
def test_json_of_the_wrong_type_is_no_value(org: Org, changes: dict[str, Any]) -> None:
    assert error(org.post("/sobjects/Opportunity", {**DEAL, **changes})) == (400, "JSON_PARSER_ERROR")


def test_values_are_trimmed_cut_to_the_day_and_rounded(org: Org) -> None:
    deal = org.deal(Name="  Purchase ", CloseDate="2026-06-01T23:00:00Z", Amount=400000.129)
    stored = org.stored(deal)
    assert (stored["Name"], stored["CloseDate"], stored["Amount"]) == ("Purchase", "2026-06-01", 400000.13)
    org.patch(f"/sobjects/Opportunity/{deal}", {"NextStep": "", "Amount": None, "IsPrivate": None})
    assert org.stored(deal).keys() & {"NextStep", "Amount", "ExpectedRevenue"} == set()
    assert org.stored(deal)["IsPrivate"] is False


def test_moments_are_stored_in_utc_and_whole_seconds(org: Org) -> None:
    task = org.create("Task", ReminderDateTime="2026-03-02T10:00:00.750-05:00", IsReminderSet=True)
    assert org.stored(task)["ReminderDateTime"] == "2026-03-02T15:00:00.000+0000"


def test_names_in_any_alphabet_and_of_full_length(org: Org) -> None:
    contact = org.contact(
        LastName="Żółć" * 20, FirstName="Anne-Maëlle 安", MailingStreet="1 Rue\nde l'Église"
    )
    assert org.get(f"/sobjects/Contact/{contact}").json()["Name"] == f"Anne-Maëlle 安 {'Żółć' * 20}"


def test_required_fields_cannot_be_emptied(org: Org) -> None:
    lead = org.lead()
    answer = org.patch(f"/sobjects/Lead/{lead}", {"LastName": None})
    assert error(answer) == (400, "REQUIRED_FIELD_MISSING")


def test_picklists_take_anything_until_they_are_restricted(org: Org) -> None:
    lead = org.lead(Status="Anything", LeadSource="Elsewhere")
    org.sandbox.configure(restricted_picklists=["Lead.Status"])
    path = f"/sobjects/Lead/{lead}"
    assert error(org.patch(path, {"Status": "Other"})) == (400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST")
    assert org.patch(path, {"Status": "working - contacted"}).status_code == 204
    assert org.stored(lead)["Status"] == "Working - Contacted"


@pytest.mark.parametrize("name", ["IsDeleted", "CreatedDate", "SystemModstamp", "Name", "ConvertedContactId"])
def test_fields_that_salesforce_keeps_cannot_be_written(org: Org, name: str) -> None:
    answer = org.post("/sobjects/Lead", {**LEAD, name: "x"})
    assert error(answer) == (400, "INVALID_FIELD_FOR_INSERT_UPDATE")
    assert answer.json()[0]["fields"] == [name]


def test_an_opportunity_follows_its_stage(org: Org) -> None:
    deal = org.deal(Amount=1000)
    stored = org.stored(deal)
    assert (stored["IsClosed"], stored["Probability"], stored["ExpectedRevenue"]) == (False, 10.0, 100.0)
    org.patch(f"/sobjects/Opportunity/{deal}", {"StageName": "Closed Won"})
    stored = org.stored(deal)
    assert (stored["IsClosed"], stored["IsWon"], stored["Probability"]) == (True, True, 100.0)
    assert stored["ForecastCategory"] == "Closed"
    org.patch(f"/sobjects/Opportunity/{deal}", {"StageName": "A stage of nobody"})
    assert (org.stored(deal)["IsClosed"], org.stored(deal)["Probability"]) == (False, 0.0)


def test_a_task_follows_its_status(org: Org) -> None:
    task = org.create("Task", Subject="Call", Priority="High")
    assert (org.stored(task)["IsClosed"], org.stored(task)["IsHighPriority"]) == (False, True)
    org.patch(f"/sobjects/Task/{task}", {"Status": "Completed"})
    assert org.stored(task)["IsClosed"] is True
    assert org.stored(task)["CompletedDateTime"] == org.stored(task)["SystemModstamp"]
    assert error(org.patch(f"/sobjects/Task/{task}", {"TaskSubtype": "Call"})) == (
        400,
        "INVALID_FIELD_FOR_INSERT_UPDATE",
    )
