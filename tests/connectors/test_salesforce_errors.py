"""Salesforce's ways of failing, as they are documented or were captured, and what they mean here."""

from __future__ import annotations

import pytest
import requests
from simple_salesforce.exceptions import SalesforceGeneralError, SalesforceMalformedRequest
from urllib3 import exceptions as network

from connectors.crm.base import AuthFailed, Conflict, CrmError, RateLimited, Rejected, Unavailable, Uncertain
from connectors.crm.salesforce.duplicates import Duplicates
from connectors.crm.salesforce.errors import from_answer, from_exception, from_part
from connectors.crm.salesforce.failures import Failed, Gone, Halted, SessionExpired

PRIVATE = "ana@example.com"


def refusal(code: str, message: str = PRIVATE, *fields: str) -> list[dict[str, object]]:
    """A body with one error."""
    return [{"errorCode": code, "message": message, "fields": list(fields)}]


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        ("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record", Unavailable),
        ("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "MyFlow: UNABLE_TO_LOCK_ROW, unable to", Unavailable),
        ("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", RateLimited),
        ("REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.", RateLimited),
        ("STORAGE_LIMIT_EXCEEDED", "storage limit exceeded", RateLimited),
        ("API_DISABLED_FOR_ORG", "API is not enabled for this Organization", AuthFailed),
        ("INVALID_SESSION_ID", "Session expired or invalid", SessionExpired),
        ("SERVER_UNAVAILABLE", "busy", Failed),
        ("UNKNOWN_EXCEPTION", "An unexpected error occurred", Failed),
        ("QUERY_TIMEOUT", "too long", Uncertain),
        ("PROCESSING_HALTED", "The transaction was rolled back", Halted),
        ("ALL_OR_NONE_OPERATION_ROLLED_BACK", "", Halted),
        ("ENTITY_IS_DELETED", "entity is deleted", Gone),
        ("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", Gone),
        ("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", Gone),
        ("REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName]", Rejected),
        ("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights", Rejected),
        ("A_CODE_OF_TOMORROW", PRIVATE, Rejected),
    ],
)
def test_a_code_says_what_happens_next(code: str, message: str, expected: type[CrmError]) -> None:
    error = from_part(400, refusal(code, f"{message} {PRIVATE}"))
    assert type(error) is expected or (expected is Rejected and isinstance(error, Rejected))
    assert PRIVATE not in f"{error} {error.remedy}"


def test_the_two_limits_are_waited_out_differently() -> None:
    day = from_answer(403, refusal("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."))
    moment = from_answer(
        403, refusal("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API) exceeded.")
    )
    assert isinstance(day, RateLimited)
    assert isinstance(moment, RateLimited)
    assert day.retry_after == 3600 > moment.retry_after
    assert "daily" in str(day)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (
            refusal("REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName]", "LastName"),
            "LastName",
        ),
        (refusal("REQUIRED_FIELD_MISSING", "Required fields are missing: [Company]"), "Company"),
        (refusal("INVALID_FIELD", "No such column 'foo__c' on sobject of type Contact"), "foo__c"),
        (
            refusal("STRING_TOO_LONG", f"Email: data value too large: {PRIVATE} (max length=80)", "Email"),
            "Email",
        ),
        (refusal("INACTIVE_OWNER_OR_USER", "operation performed with inactive user", "OwnerId"), "OwnerId"),
        (refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", "OwnerId"), "OwnerId"),
        ([{"statusCode": "INVALID_EMAIL_ADDRESS", "message": PRIVATE, "fields": ["Email"]}], "Email"),
        (refusal("FIELD_CUSTOM_VALIDATION_EXCEPTION", PRIVATE, PRIVATE), ""),
    ],
)
def test_a_refusal_names_the_field_and_no_value(body: list[dict[str, object]], field: str) -> None:
    error = from_part(400, body)
    assert isinstance(error, Rejected)
    assert error.field_name == field
    assert error.remedy
    assert PRIVATE not in f"{error} {error.remedy}"


def test_the_culprit_is_named_before_what_followed_from_it() -> None:
    halted = refusal("PROCESSING_HALTED")
    assert isinstance(from_part(400, [*halted, *refusal("UNABLE_TO_LOCK_ROW")]), Unavailable)


def test_a_taken_value_names_its_holder() -> None:
    message = "duplicate value found: Ext__c duplicates value on record with id: 00Q58000003tW4u"
    error = from_part(400, refusal("DUPLICATE_VALUE", message))
    assert isinstance(error, Conflict)
    assert error.existing_id == "00Q58000003tW4u"
    assert isinstance(
        from_part(400, refusal("DUPLICATE_VALUE", "duplicate value found: <unknown>")), Rejected
    )


@pytest.mark.parametrize("spelling", ["duplicateResult", "duplicateResut"])
def test_a_duplicate_rule_is_read_in_both_spellings(spelling: str) -> None:
    record = {"attributes": {"type": "Contact", "url": "/x"}, "Id": "003000000000001AAA"}
    result = {
        "allowSave": True,
        "duplicateRule": "Standard_Contact_Duplicate_Rule",
        "matchResults": [
            {"entityType": "Contact", "matchRecords": [{"record": record}, {"record": record}, {}]}
        ],
    }
    body = [{spelling: result, "errorCode": "DUPLICATES_DETECTED", "message": PRIVATE}]
    error = from_part(400, body)
    assert isinstance(error, Duplicates)
    assert error.records == (("Contact", "003000000000001AAA"),)
    assert error.rule == "Standard_Contact_Duplicate_Rule"
    assert error.may_save


def test_a_duplicate_rule_that_may_not_say_whom_it_means_is_one_all_the_same() -> None:
    error = from_part(400, [{"statusCode": "DUPLICATES_DETECTED", "message": "", "fields": []}])
    assert isinstance(error, Duplicates)
    assert error.records == ()


@pytest.mark.parametrize(
    ("status", "content", "expected"),
    [
        (401, "<html>", SessionExpired),
        (403, refusal("INSUFFICIENT_ACCESS"), AuthFailed),
        (403, "<html>", AuthFailed),
        (404, refusal("NOT_FOUND", "The requested resource does not exist"), Unavailable),
        (409, "", Uncertain),
        (429, "", RateLimited),
        (477, {"odd": True}, Uncertain),
        (300, [f"/services/data/v62.0/{PRIVATE}"], Uncertain),
        (302, "", Uncertain),
        (500, "<html>", Failed),
        (503, "<html>down for maintenance</html>", Failed),
        (504, "", Uncertain),
        (400, refusal("JSON_PARSER_ERROR"), Rejected),
    ],
)
def test_an_answer_to_a_whole_request(status: int, content: object, expected: type[CrmError]) -> None:
    error = from_answer(status, content)
    assert isinstance(error, expected)
    assert PRIVATE not in f"{error} {error.remedy}"


def test_the_vendors_exceptions_are_never_repeated() -> None:
    body = refusal("INVALID_EMAIL_ADDRESS", PRIVATE, "Email")
    for kind in (SalesforceMalformedRequest, SalesforceGeneralError):
        error = from_exception(kind("https://x", 400, "composite", body))  # type: ignore[arg-type]
        assert isinstance(error, Rejected)
        assert PRIVATE not in str(error)


REFUSED = network.NewConnectionError(None, "refused")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (requests.ConnectTimeout(), Unavailable),
        (requests.ConnectionError(network.MaxRetryError(None, "/", REFUSED)), Unavailable),  # type: ignore[arg-type]
        (requests.exceptions.SSLError(), Unavailable),
        (requests.exceptions.ProxyError(), Unavailable),
        (requests.ReadTimeout(), Uncertain),
        (requests.ConnectionError(network.ProtocolError("aborted", ConnectionResetError())), Uncertain),
        (network.IncompleteRead(5, 10), Uncertain),
        (TypeError("object of type 'int' has no len()"), Uncertain),
    ],
)
def test_only_what_cannot_have_arrived_is_certain(error: Exception, expected: type[CrmError]) -> None:
    assert type(from_exception(error)) is expected
