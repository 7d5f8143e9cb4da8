"""Two rate limits with their five headers, and what the ordered ones look like."""

from __future__ import annotations

import requests

from tests.sandbox.highlevel.location import Location
from tests.sandbox.hub import Clock


def call(location: Location) -> requests.Response:
    """A cheap call."""
    return location.get(f"/locations/{location.id}")


def test_calls_are_limited_per_ten_seconds(location: Location, clock: Clock) -> None:
    location.sandbox.configure(limits=True, burst_limit=3)
    answers = [call(location) for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert [one.headers["X-RateLimit-Remaining"] for one in answers] == ["2", "1", "0", "0"]
    assert answers[0].headers["X-RateLimit-Max"] == "3"
    assert answers[0].headers["X-RateLimit-Interval-Milliseconds"] == "10000"
    assert answers[3].json()["message"] == "Too Many Requests"
    assert "Retry-After" not in answers[3].headers
    clock.now += 10
    assert call(location).status_code == 200


def test_the_daily_limit_ends_at_midnight_utc(location: Location, clock: Clock) -> None:
    location.sandbox.configure(limits=True, daily_limit=2)
    answers = [call(location) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert [one.headers["X-RateLimit-Daily-Remaining"] for one in answers] == ["1", "0", "0"]
    assert answers[0].headers["X-RateLimit-Limit-Daily"] == "2"
    clock.now += 86_400
    assert call(location).status_code == 200


def test_refused_calls_are_not_counted_and_tokens_are_free(location: Location) -> None:
    location.sandbox.configure(limits=True, burst_limit=2)
    for _ in range(3):
        location.call("GET", "/contacts/x", headers={"Authorization": "Bearer pit-wrong"})
        requests.post(f"{location.sandbox.url}/oauth/token", data={}, timeout=5)
    assert call(location).headers["X-RateLimit-Remaining"] == "1"


def test_ordered_limits_tell_which_one_is_used_up(location: Location) -> None:
    location.sandbox.set_faults(
        [
            {"kind": "rate_limit", "nth": 1},
            {"kind": "rate_limit", "nth": 1, "policy": "daily", "retry_after": 60},
        ]
    )
    burst, daily = call(location), call(location)
    assert (burst.status_code, burst.headers["X-RateLimit-Remaining"]) == (429, "0")
    assert burst.headers["X-RateLimit-Daily-Remaining"] != "0"
    assert (daily.headers["X-RateLimit-Daily-Remaining"], daily.headers["Retry-After"]) == ("0", "60")


def test_ordered_refusals_and_errors_look_like_highlevels(location: Location) -> None:
    wanted = {
        "": "Invalid Private Integration token",
        "expired": "Invalid token: access token is invalid",
        "scope": "The token is not authorized for this scope.",
    }
    for content, message in wanted.items():
        location.sandbox.set_faults([{"kind": "unauthorized", "content": content}])
        answer = call(location)
        assert (answer.status_code, answer.json()["message"]) == (401, message)
    location.sandbox.set_faults([{"kind": "status_after", "status": 502}])
    answer = call(location)
    assert (answer.status_code, answer.json()["statusCode"]) == (502, 502)
