"""What HubSpot accounts differ in: OAuth, required properties, a subscription without labels."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from connectors.sandbox.hubspot import OptionsError, RunningSandbox, SandboxOptions
from tests.sandbox.hub import Clock, Hub

GRANT = {
    "grant_type": "refresh_token",
    "client_id": "sandbox-client",
    "client_secret": "sandbox-secret",
    "refresh_token": "sandbox-refresh",
}


def renew(sandbox: RunningSandbox, path: str = "/oauth/v3/token", **changes: str) -> requests.Response:
    """One request to the token endpoint."""
    return requests.post(sandbox.url + path, data=GRANT | changes, timeout=10)


def owners(sandbox: RunningSandbox, access: str) -> requests.Response:
    """A call with an access token."""
    headers = {"Authorization": f"Bearer {access}"}
    return requests.get(sandbox.url + "/crm/v3/owners", headers=headers, timeout=10)


@pytest.mark.parametrize("path", ["/oauth/v3/token", "/oauth/2026-03/token", "/oauth/2026-09/token"])
def test_a_refresh_token_gives_an_access_token_for_half_an_hour(
    sandbox: RunningSandbox, clock: Clock, path: str
) -> None:
    body: dict[str, Any] = renew(sandbox, path).json()
    assert (body["expires_in"], body["token_type"]) == (1800, "bearer")
    assert body["refresh_token"] == "sandbox-refresh"
    assert owners(sandbox, body["access_token"]).status_code == 200
    clock.now += 1800
    refused = owners(sandbox, body["access_token"])
    assert refused.status_code == 401
    assert refused.json()["category"] == "EXPIRED_AUTHENTICATION"


@pytest.mark.parametrize(
    ("changes", "error", "status"),
    [
        ({"refresh_token": "x"}, "invalid_grant", "BAD_REFRESH_TOKEN"),
        ({"client_id": "x"}, "invalid_client", "BAD_CLIENT_ID"),
        ({"client_secret": "x"}, "invalid_client", "BAD_CLIENT_SECRET"),
        ({"grant_type": "password"}, "unsupported_grant_type", "BAD_GRANT_TYPE"),
    ],
)
def test_a_wrong_grant_is_refused(
    sandbox: RunningSandbox, changes: dict[str, str], error: str, status: str
) -> None:
    answer = renew(sandbox, **changes)
    assert answer.status_code == 400
    assert (answer.json()["error"], answer.json()["status"]) == (error, status)


def test_a_rotating_refresh_token_works_once(sandbox: RunningSandbox) -> None:
    sandbox.configure(oauth_rotates=True)
    following = renew(sandbox).json()["refresh_token"]
    assert renew(sandbox).status_code == 400
    assert renew(sandbox, refresh_token=following).status_code == 200


def test_secrets_come_as_a_form_and_not_in_the_address(sandbox: RunningSandbox) -> None:
    url = sandbox.url + "/oauth/v3/token"
    assert requests.post(url, json=GRANT, timeout=10).status_code == 400
    assert requests.post(url, params=GRANT, data=GRANT, timeout=10).status_code == 400


def test_what_the_account_requires_is_asked_for_on_every_new_record(
    hub: Hub, sandbox: RunningSandbox
) -> None:
    sandbox.configure(required_properties=["contacts.city"])
    body = {"properties": {"email": "ana@example.com"}, "associations": []}
    refused = hub.post("/crm/v3/objects/contacts", body)
    assert refused.status_code == 400
    assert "MISSING_REQUIRED_PROPERTY" in refused.text
    listed = hub.get("/crm-object-schemas/v3/schemas/contacts").json()["requiredProperties"]
    assert listed == ["city"]


def test_a_subscription_without_labels_makes_none(hub: Hub, sandbox: RunningSandbox) -> None:
    sandbox.configure(association_labels=False)
    path = "/crm/v4/associations/deals/contacts/labels"
    assert hub.post(path, {"name": "co", "label": "Co-borrower"}).status_code == 403
    assert hub.get(path).status_code == 200


def test_a_token_lasts_at_least_a_second() -> None:
    with pytest.raises(OptionsError):
        SandboxOptions(oauth_token_seconds=0)
