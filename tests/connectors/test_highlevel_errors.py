"""Every way in which HighLevel and the network fail, and what it means."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from urllib3 import exceptions as network

from connectors.crm.base import AuthFailed, CrmError, RateLimited, Rejected, Unavailable, Uncertain
from connectors.crm.highlevel.errors import (
    Failed,
    MissingScope,
    NotThere,
    PermanentOptOut,
    StaleToken,
    TakenContact,
    TakenOpportunity,
    from_answer,
)
from connectors.crm.highlevel.wire import from_network

DUPLICATE = "This location does not allow duplicated contacts."
SECOND_CARD = "Can not create duplicate opportunity for the contact."


def said(*message: object, **more: object) -> dict[str, Any]:
    """An error body; several messages are the list that validation answers."""
    return {"message": message[0] if len(message) == 1 else list(message), **more}


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, said(DUPLICATE, meta={"contactId": "c1", "matchingField": "email"}), TakenContact),
        (400, said(DUPLICATE), Rejected),
        (400, said(DUPLICATE, meta={"contactId": "<script>"}), Rejected),
        (400, said(SECOND_CARD, meta={"existingId": "o1"}), TakenOpportunity),
        (400, said(SECOND_CARD, meta=["o1"]), Rejected),
        (400, said("Contact with id c1 not found"), NotThere),
        (
            400,
            said("Not authorized to update permanent dnd setting for SMS", statusCode=401),
            PermanentOptOut,
        ),
        (400, said("Something else"), Rejected),
        (400, {}, Rejected),
        (401, said("Invalid JWT"), StaleToken),
        (401, said("Invalid token: access token is invalid"), StaleToken),
        (401, said("Invalid Private Integration token"), StaleToken),
        (401, {}, StaleToken),
        (401, said("The token is not authorized for this scope."), MissingScope),
        (401, said("This authClass type is not allowed to access this scope"), MissingScope),
        (401, said("This route is not yet supported by the IAM Service"), MissingScope),
        (401, said("version header was not found."), AuthFailed),
        (401, said("version header is invalid"), AuthFailed),
        (403, said("The token does not have access to this location."), AuthFailed),
        (403, said("Forbidden resource"), AuthFailed),
        (404, said("Cannot GET /contacts/x"), Unavailable),
        (404, said("Not Found"), NotThere),
        (404, {}, NotThere),
        (408, {}, Uncertain),
        (409, {}, Rejected),
        (413, {}, Rejected),
        (422, said("property x should not exist", "name should not be empty"), Rejected),
        (422, said("pipelineStageId: stage not found with id s1"), Rejected),
        (429, {}, RateLimited),
        (302, {}, Unavailable),
        (304, {}, Unavailable),
        *[(status, {}, Failed) for status in (500, 501, 502, 503, 520, 521, 530)],
        *[(status, {}, Uncertain) for status in (504, 524)],
        (500, said("Contact with id c1 not found"), Failed),
    ],
)
def test_words_decide_and_then_the_status(
    status: int, body: dict[str, Any], expected: type[CrmError]
) -> None:
    error = from_answer(status, {}, body)
    assert type(error) is expected
    assert str(error).endswith(".")


def test_only_a_token_that_is_over_is_worth_renewing() -> None:
    scope = from_answer(401, {}, said("The token is not authorized for this scope."))
    assert not isinstance(scope, StaleToken)
    assert "Private Integrations" in scope.remedy


@pytest.mark.parametrize("text", ["error code: 1010", "<!DOCTYPE html><title>Attention Required!</title>"])
def test_the_guard_before_highlevel_turned_us_away(text: str) -> None:
    error = from_answer(403, {}, {}, text)
    assert isinstance(error, Unavailable)
    assert "Cloudflare" in str(error)


def test_a_taken_contact_says_which_field_and_whose() -> None:
    error = from_answer(400, {}, said(DUPLICATE, meta={"contactId": "c1", "matchingField": "phone"}))
    assert isinstance(error, TakenContact)
    assert (error.existing_id, error.field) == ("c1", "phone")


@pytest.mark.parametrize(
    ("messages", "field"),
    [
        (["property nonsense should not exist"], "nonsense"),
        (["name should not be empty", "property gender should not exist"], "gender"),
        (["email must be an email"], "email"),
        (["each value in tags must be a string"], "tags"),
        (["customFields.0.id should not be empty"], "customFields"),
        (["assignedTo: user u1 does not belong to this location"], "assignedTo"),
        (["Invalid phone ana1@example.com given"], "phone"),
        (["ana1@example.com must be nicer"], ""),
        ([], ""),
        ([7, None, {"x": 1}], ""),
    ],
)
def test_a_refusal_names_the_field_and_nothing_that_was_sent(messages: list[Any], field: str) -> None:
    error = from_answer(422, {}, {"message": messages})
    assert isinstance(error, Rejected)
    assert error.field_name == field
    assert error.remedy
    assert "example" not in f"{error} {error.remedy}"


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({}, {}, 10),
        ({"x-ratelimit-interval-milliseconds": "10000"}, {}, 10),
        ({"x-ratelimit-interval-milliseconds": "2500"}, {}, 2.5),
        ({"x-ratelimit-interval-milliseconds": "soon"}, {}, 10),
        ({"x-ratelimit-interval-milliseconds": "99999999999"}, {}, 3600),
        ({"x-ratelimit-daily-remaining": "0", "date": "Sat, 21 Nov 2026 23:00:00 GMT"}, {}, 3600),
        ({"date": "Sat, 21 Nov 2026 12:00:00 GMT"}, {"message": "Daily limit reached"}, 43_200),
        ({"x-ratelimit-daily-remaining": "0"}, {}, 3600),
        ({"x-ratelimit-daily-remaining": "0", "date": "yesterday"}, {}, 3600),
        ({"x-ratelimit-daily-remaining": "0", "date": "Fri, 31 Dec 9999 23:30:00 -0500"}, {}, 3600),
        ({"x-ratelimit-daily-remaining": "0" * 5000}, {}, 10),
        ({"x-ratelimit-daily-remaining": "5", "x-ratelimit-remaining": "0"}, {}, 10),
    ],
)
def test_a_limit_says_how_long_to_wait(headers: dict[str, str], body: dict[str, Any], seconds: float) -> None:
    error = from_answer(429, headers, body)
    assert isinstance(error, RateLimited)
    assert error.retry_after == seconds
    assert ("daily" in str(error)) == (seconds >= 3600 and "x-ratelimit-interval-milliseconds" not in headers)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (requests.ConnectTimeout(), Unavailable),
        (requests.exceptions.SSLError(), Unavailable),
        (requests.exceptions.ProxyError(), Unavailable),
        (requests.exceptions.InvalidURL(), Unavailable),
        (requests.ReadTimeout(), Uncertain),
        (requests.ConnectionError(), Uncertain),
        (requests.exceptions.ChunkedEncodingError(), Uncertain),
        (network.ReadTimeoutError(None, "", ""), Uncertain),  # type: ignore[arg-type]
        (network.IncompleteRead(1, 2), Uncertain),
        (network.DecodeError(), Uncertain),
        (ConnectionResetError(), Uncertain),
    ],
)
def test_what_never_left_is_told_apart_from_what_may_have_happened(
    error: Exception, expected: type[CrmError]
) -> None:
    assert type(from_network(error)) is expected
