"""Every way in which HubSpot and the network fail, and what it means."""

from __future__ import annotations

import json
from typing import Any

import pytest
from urllib3 import exceptions as network

from connectors.crm.base import AuthFailed, Conflict, CrmError, RateLimited, Rejected, Unavailable, Uncertain
from connectors.crm.hubspot.errors import (
    Failed,
    MissingScopes,
    NotThere,
    TokenRefused,
    from_answer,
    from_exception,
    from_item,
)

PERSON = ("ana1@example.com", "Quill", "+14165550123", "450000")


def _invalid(*details: dict[str, Any], message: str = "Property values were not valid: ") -> dict[str, Any]:
    return {"status": "error", "category": "VALIDATION_ERROR", "message": message + json.dumps(list(details))}


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, {"category": "VALIDATION_ERROR"}, Rejected),
        (401, {"category": "INVALID_AUTHENTICATION"}, TokenRefused),
        (401, {"category": "EXPIRED_AUTHENTICATION"}, TokenRefused),
        (401, {}, TokenRefused),
        (403, {}, MissingScopes),
        (404, {"category": "OBJECT_NOT_FOUND"}, NotThere),
        (404, {"message": "resource not found"}, NotThere),
        (408, {}, Uncertain),
        (409, {"category": "CONFLICT"}, Rejected),
        (413, {}, Rejected),
        (414, {}, Rejected),
        (423, {}, RateLimited),
        (429, {}, RateLimited),
        (400, {"category": "RATE_LIMITS"}, RateLimited),
        (477, {}, RateLimited),
        (302, {}, Unavailable),
        *[(status, {}, Uncertain) for status in (500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 530)],
        (500, {"category": "VALIDATION_ERROR"}, Uncertain),
    ],
)
def test_status_and_category_decide(status: int, body: dict[str, Any], expected: type[CrmError]) -> None:
    error = from_answer(status, {}, body)
    assert type(error) is expected or (expected is Uncertain and type(error) is Failed)


@pytest.mark.parametrize(
    ("body", "headers", "seconds"),
    [
        ({"policyName": "DAILY", "errorType": "RATE_LIMIT"}, {}, 3600),
        ({"message": "You have reached your daily limit."}, {}, 3600),
        ({"policyName": "TEN_SECONDLY_ROLLING"}, {}, 10),
        ({"policyName": "SECONDLY"}, {}, 1),
        ({"message": "You have reached your secondly limit."}, {}, 1),
        ({}, {}, 10),
        ({}, {"retry-after": "3"}, 3),
        ({}, {"retry-after": "0.5"}, 0.5),
        ({}, {"retry-after": "-4"}, 0),
        ({}, {"retry-after": "soon"}, 10),
        ({}, {"retry-after": "nan"}, 10),
        ({}, {"retry-after": "inf"}, 10),
        ({"policyName": "DAILY"}, {"retry-after": "999999"}, 86_400),
        (
            {},
            {"retry-after": "Sat, 21 Nov 2026 12:00:30 GMT", "date": "Sat, 21 Nov 2026 12:00:00 GMT"},
            30,
        ),
        ({}, {"retry-after": "Sat, 21 Nov 2020 12:00:00 GMT", "date": "Sat, 21 Nov 2026 12:00:00 GMT"}, 0),
        (
            {},
            {"retry-after": "Sun, 21 Nov 2027 12:00:00 GMT", "date": "Sat, 21 Nov 2026 12:00:00 GMT"},
            86_400,
        ),
    ],
)
def test_a_rate_limit_says_how_long_to_wait(
    body: dict[str, Any], headers: dict[str, str], seconds: float
) -> None:
    error = from_answer(429, headers, body)
    assert isinstance(error, RateLimited)
    assert error.retry_after == seconds


def test_a_pause_of_more_than_a_day_is_cut_and_says_so() -> None:
    assert "24" in str(from_answer(429, {"retry-after": "100000"}, {}))


def test_a_locked_record_waits_two_seconds() -> None:
    error = from_answer(423, {}, {})
    assert isinstance(error, RateLimited)
    assert error.retry_after == 2


@pytest.mark.parametrize(
    ("status", "message", "existing"),
    [
        (409, "Contact already exists. Existing ID: 12345", "12345"),
        (
            400,
            "Cannot set PropertyValueCoordinates{portalId=1, objectTypeId=0-1, "
            "propertyName=email, value=ana1@example.com} on 101. 202 already has that value.",
            "202",
        ),
    ],
)
def test_a_taken_value_names_its_holder_and_nobody(status: int, message: str, existing: str) -> None:
    error = from_answer(status, {}, {"category": "CONFLICT", "message": message})
    assert isinstance(error, Conflict)
    assert error.existing_id == existing
    assert "@" not in str(error)


@pytest.mark.parametrize(
    ("body", "field", "remedy"),
    [
        (_invalid({"name": "need", "error": "INVALID_OPTION", "message": "Quill"}), "need", "option"),
        (
            _invalid({"name": "email", "error": "INVALID_EMAIL", "message": "ana1@example.com"}),
            "email",
            "email",
        ),
        (_invalid({"name": "amount", "error": "INVALID_LONG", "message": "450000"}), "amount", "type"),
        (_invalid({"name": "nick", "error": "PROPERTY_DOESNT_EXIST"}), "nick", "provisioning"),
        (_invalid({"name": "hubspot_owner_id", "error": "INVALID_OWNER_ID"}), "hubspot_owner_id", "Invite"),
        (_invalid({"name": "need", "error": "SOMETHING_NEW"}), "need", "settings"),
        ({"message": 'Property "nick" does not exist'}, "nick", "provisioning"),
        (
            {
                "message": "Quill",
                "errors": [
                    {
                        "message": "Quill",
                        "code": "READ_ONLY_VALUE",
                        "context": {"propertyName": ["createdate"]},
                    }
                ],
            },
            "createdate",
            "itself",
        ),
        (
            {"errors": [{"message": "x", "code": "MISSING_REQUIRED_PROPERTY", "in": "city"}]},
            "city",
            "requir",
        ),
        ({"message": "Property values were not valid: [{broken"}, "", "mapping"),
        ({"message": "Property values were not valid: [{}]"}, "", "mapping"),
        ({"errors": "Quill"}, "", "mapping"),
    ],
)
def test_a_refusal_names_the_property_and_what_to_do(body: dict[str, Any], field: str, remedy: str) -> None:
    error = from_answer(400, {}, body)
    assert isinstance(error, Rejected)
    assert error.field_name == field
    assert remedy in error.remedy
    assert not any(value in f"{error} {error.remedy}" for value in PERSON)


def test_a_property_name_that_is_no_name_is_not_repeated() -> None:
    error = from_answer(400, {}, _invalid({"name": "Quill <ana1@example.com>", "error": "Ana is wrong"}))
    assert isinstance(error, Rejected)
    assert error.field_name == ""
    assert "Quill" not in str(error)


def test_missing_scopes_are_named_in_the_remedy() -> None:
    body = {
        "category": "MISSING_SCOPES",
        "errors": [{"context": {"requiredGranularScopes": ["crm.objects.deals.write", "Ana Quill"]}}],
    }
    error = from_answer(403, {}, body)
    assert isinstance(error, AuthFailed)
    assert "crm.objects.deals.write" in error.remedy
    assert "Quill" not in error.remedy


def test_an_entry_of_a_partial_failure_is_read_like_an_answer() -> None:
    conflict = from_item({"category": "CONFLICT", "message": "Contact already exists. Existing ID: 7"})
    assert isinstance(conflict, Conflict)
    assert conflict.existing_id == "7"
    assert isinstance(from_item({"category": "OBJECT_NOT_FOUND"}), NotThere)
    assert isinstance(from_item({"category": "INTERNAL_ERROR"}), Uncertain)


class _Vendor(Exception):
    """What the vendor's client raises, whatever its package."""

    def __init__(self, status: int, body: object = None, reason: str = "") -> None:
        super().__init__("ana1@example.com")
        self.status, self.body, self.reason, self.headers = status, body, reason, {"Retry-After": "5"}


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (network.NewConnectionError(None, "refused"), Unavailable),  # type: ignore[arg-type]
        (network.NameResolutionError("api.example.com", None, OSError()), Unavailable),  # type: ignore[arg-type]
        (network.ConnectTimeoutError(), Unavailable),
        (network.ProxyError("no proxy", OSError()), Unavailable),
        (network.ReadTimeoutError(None, "", ""), Uncertain),  # type: ignore[arg-type]
        (network.ProtocolError("aborted"), Uncertain),
        (ConnectionResetError(), Uncertain),
        (UnicodeDecodeError("utf-8", b"", 0, 1, ""), Uncertain),
        (_Vendor(0, reason="SSLError certificate verify failed"), Unavailable),
        (_Vendor(0, reason="SSLError bad record"), Uncertain),
        (_Vendor(429, b'{"policyName": "SECONDLY"}'), RateLimited),
        (_Vendor(400, b"<html>"), Rejected),
        (_Vendor(500, b"\xff\xfe"), Uncertain),
    ],
)
def test_only_what_cannot_have_left_is_certainly_not_done(error: Exception, expected: type[CrmError]) -> None:
    found = from_exception(error)
    assert isinstance(found, expected)
    assert "ana1" not in str(found)


def test_headers_of_the_vendors_exception_are_read_whatever_their_case() -> None:
    found = from_exception(_Vendor(429, b"{}"))
    assert isinstance(found, RateLimited)
    assert found.retry_after == 5
