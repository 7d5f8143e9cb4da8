"""Tokens, scopes, the account's details and the three rate limits."""

from __future__ import annotations

import pytest

from tests.sandbox.hub import DEAL, KEY, OBJECTS, Clock, Hub

INFO = "/oauth/v2/private-apps/get/access-token-info"


@pytest.mark.parametrize("header", ["", "Bearer wrong", "pat-na1-sandbox", "Basic cGF0"])
def test_without_the_right_token_nothing_is_answered(hub: Hub, header: str) -> None:
    answer = hub.call("GET", f"{OBJECTS}/contacts", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["category"]) == (401, "INVALID_AUTHENTICATION")


def test_a_token_can_stop_being_accepted_and_be_replaced(hub: Hub) -> None:
    hub.sandbox.configure(token_accepted=False)
    assert hub.get(f"{OBJECTS}/contacts").status_code == 401
    hub.sandbox.configure(token_accepted=True, token="another")
    assert hub.get(f"{OBJECTS}/contacts").status_code == 401
    hub.session.headers["Authorization"] = "Bearer another"
    assert hub.get(f"{OBJECTS}/contacts").status_code == 200


SCOPED: list[tuple[str, str, object, str]] = [
    ("GET", f"{OBJECTS}/contacts", None, "crm.objects.contacts.read"),
    ("POST", f"{OBJECTS}/contacts", {"properties": {"firstname": "A"}}, "crm.objects.contacts.write"),
    ("POST", f"{OBJECTS}/0-1/search", {}, "crm.objects.contacts.read"),
    ("POST", f"{OBJECTS}/contacts/batch/read", {"inputs": []}, "crm.objects.contacts.read"),
    ("POST", f"{OBJECTS}/contacts/batch/upsert", {"inputs": []}, "crm.objects.contacts.write"),
    ("POST", f"{OBJECTS}/deals", {"properties": DEAL}, "crm.objects.deals.write"),
    ("GET", f"{OBJECTS}/tasks", None, "crm.objects.contacts.read"),
    ("POST", "/crm/v3/properties/contacts", KEY, "crm.schemas.contacts.write"),
    ("GET", "/crm/v3/properties/deals", None, "crm.schemas.deals.read"),
    ("GET", "/crm/v3/owners/", None, "crm.objects.owners.read"),
    ("GET", "/crm/v3/pipelines/deals", None, "crm.objects.deals.read"),
    ("POST", "/crm/v4/associations/deals/contacts/batch/create", {"inputs": []}, "crm.objects.deals.write"),
    ("POST", "/crm/v4/associations/deals/contacts/batch/read", {"inputs": []}, "crm.objects.contacts.read"),
]


@pytest.mark.parametrize(("method", "path", "body", "scope"), SCOPED)
def test_a_call_needs_its_scope(hub: Hub, method: str, path: str, body: object, scope: str) -> None:
    assert hub.call(method, path, body).status_code in (200, 201)
    hub.sandbox.configure(scopes=sorted(hub.sandbox.state.options.scopes - {scope}))
    answer = hub.call(method, path, body)
    assert (answer.status_code, answer.json()["category"]) == (403, "MISSING_SCOPES")
    assert answer.json()["errors"][0]["context"]["requiredGranularScopes"] == [scope]


def test_the_token_tells_its_scopes(hub: Hub) -> None:
    hub.sandbox.configure(scopes=["oauth", "crm.objects.deals.read"])
    answer = hub.post(INFO, {"tokenKey": hub.sandbox.token})
    assert answer.json()["scopes"] == ["crm.objects.deals.read", "oauth"]
    assert answer.json()["hubId"] == hub.sandbox.state.options.portal_id
    assert hub.post(INFO, {"tokenKey": "wrong"}).status_code == 401


def test_the_account_tells_its_time_zone_and_use(hub: Hub) -> None:
    details = hub.get("/account-info/v3/details").json()
    assert (details["timeZone"], details["utcOffset"]) == ("America/Toronto", "-05:00")
    used = hub.get("/account-info/v3/api-usage/daily/private-apps").json()["results"][0]
    assert (used["usageLimit"], used["currentUsage"]) == (625_000, 2)


def test_searches_are_limited_per_second_and_carry_no_limit_headers(hub: Hub, clock: Clock) -> None:
    hub.sandbox.configure(limits=True)
    answers = [hub.search("contacts") for _ in range(6)]
    assert [one.status_code for one in answers] == [200] * 5 + [429]
    assert answers[-1].json()["policyName"] == "SECONDLY"
    assert not any("ratelimit" in name.lower() for name in answers[0].headers)
    clock.now += 1
    assert hub.search("contacts").status_code == 200


def test_calls_are_limited_per_ten_seconds_and_searches_do_not_count(hub: Hub, clock: Clock) -> None:
    hub.sandbox.configure(limits=True, burst_limit=3, search_limit=None)
    answers = [hub.get(f"{OBJECTS}/contacts") for _ in range(4)]
    assert [one.status_code for one in answers] == [200] * 3 + [429]
    body = answers[-1].json()
    assert (body["errorType"], body["policyName"]) == ("RATE_LIMIT", "TEN_SECONDLY_ROLLING")
    assert body["message"] == "You have reached your ten_secondly_rolling limit."
    assert "category" not in body
    left = [one.headers["X-HubSpot-RateLimit-Remaining"] for one in answers]
    assert left == ["2", "1", "0", "0"]
    assert answers[0].headers["X-HubSpot-RateLimit-Interval-Milliseconds"] == "10000"
    assert hub.search("contacts").status_code == 200
    clock.now += 10
    assert hub.get(f"{OBJECTS}/contacts").status_code == 200


def test_the_daily_limit_ends_at_the_accounts_midnight(hub: Hub, clock: Clock) -> None:
    hub.sandbox.configure(limits=True, daily_limit=2)
    answers = [hub.get(f"{OBJECTS}/contacts") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[-1].json()["policyName"] == "DAILY"
    assert answers[-1].json()["message"] == "You have reached your daily limit."
    hub.sandbox.configure(limits=False)
    resets_at = hub.get("/account-info/v3/api-usage/daily/private-apps").json()["results"][0]["resetsAt"]
    assert resets_at.endswith("T05:00:00.000Z")
    hub.sandbox.configure(limits=True)
    clock.now += 86_400
    assert hub.get(f"{OBJECTS}/contacts").status_code == 200
