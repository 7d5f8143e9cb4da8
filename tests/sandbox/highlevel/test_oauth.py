"""OAuth: codes and refresh tokens that are good once, thirty seconds of grace, a day of access."""

from __future__ import annotations

import pytest
import requests

from tests.sandbox.highlevel.location import Json, Location
from tests.sandbox.hub import Clock

CLIENT = {"client_id": "sandbox-client", "client_secret": "sandbox-client-secret"}


def token(location: Location, **fields: str) -> requests.Response:
    """One call of the token endpoint, as a form and without other headers."""
    form = {**CLIENT, **fields}
    return requests.post(f"{location.sandbox.url}/oauth/token", data=form, timeout=5)


def refreshed(location: Location, refresh_token: str) -> requests.Response:
    """One refresh."""
    return token(location, grant_type="refresh_token", refresh_token=refresh_token, user_type="Location")


def admitted(location: Location, answer: Json) -> bool:
    """Whether the access token opens the API."""
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    return location.call("GET", f"/locations/{location.id}", headers=headers).status_code == 200


def test_a_code_gives_tokens_once(location: Location) -> None:
    code = location.post("/_sandbox/oauth/code").json()["code"]
    answer = token(location, grant_type="authorization_code", code=code)
    body = answer.json()
    assert (answer.status_code, body["expires_in"], body["userType"]) == (200, 86_399, "Location")
    assert (body["locationId"], "contacts.write" in body["scope"].split()) == (location.id, True)
    assert admitted(location, body)
    again = token(location, grant_type="authorization_code", code=code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_a_refresh_token_rotates_with_thirty_seconds_of_grace(location: Location, clock: Clock) -> None:
    first = location.sandbox.state.oauth.install()
    second = refreshed(location, first["refresh_token"]).json()
    clock.now += 30
    assert refreshed(location, first["refresh_token"]).json() == second
    assert second["refresh_token"] != first["refresh_token"]
    assert admitted(location, first)
    assert admitted(location, second)
    clock.now += 1
    late = refreshed(location, first["refresh_token"])
    assert (late.status_code, late.json()["error"]) == (400, "invalid_grant")
    assert refreshed(location, second["refresh_token"]).status_code == 200


def test_access_ends_after_a_day_and_refresh_after_a_year(location: Location, clock: Clock) -> None:
    answer = location.sandbox.state.oauth.install()
    clock.now += 86_398
    assert admitted(location, answer)
    clock.now += 1
    assert not admitted(location, answer)
    fresh = refreshed(location, answer["refresh_token"]).json()
    assert admitted(location, fresh)
    clock.now += 365 * 86_400
    assert refreshed(location, fresh["refresh_token"]).status_code == 400


def test_access_can_be_ended_at_once(location: Location) -> None:
    answer = location.sandbox.state.oauth.install()
    location.sandbox.state.oauth.expire_access()
    assert not admitted(location, answer)
    assert refreshed(location, answer["refresh_token"]).status_code == 200


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"client_secret": "wrong", "grant_type": "refresh_token"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "rt-unknown"}, "invalid_grant"),
        ({}, "unsupported_grant_type"),
    ],
)
def test_refusals_are_in_oauths_own_words(location: Location, fields: dict[str, str], error: str) -> None:
    answer = token(location, **fields)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.json()["error_description"]


def test_only_forms_are_taken_and_no_secret_is_written_down(location: Location) -> None:
    as_json = requests.post(f"{location.sandbox.url}/oauth/token", json=CLIENT, timeout=5)
    assert (as_json.status_code, as_json.json()["error"]) == (400, "invalid_request")
    installed = location.sandbox.state.oauth.install()
    refreshed(location, installed["refresh_token"])
    noted = str(location.sandbox.journal.since())
    assert CLIENT["client_secret"] not in noted
    assert installed["refresh_token"] not in noted
    assert "'grant_type': 'refresh_token'" in noted
