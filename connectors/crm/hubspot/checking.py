"""Is HubSpot's door open: the token, its scopes, the account, and how much of the daily limit is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.crm.base import AuthFailed, CheckReport, Rejected
from connectors.crm.hubspot.errors import MissingScopes, NotThere
from connectors.crm.hubspot.transport import Transport

NEEDED_SCOPES = (
    "crm.objects.contacts.read",
    "crm.objects.contacts.write",
    "crm.objects.deals.read",
    "crm.objects.deals.write",
    "crm.objects.owners.read",
    "crm.schemas.contacts.read",
    "crm.schemas.contacts.write",
    "crm.schemas.deals.read",
    "crm.schemas.deals.write",
)
_LEFT_TODAY = "x-hubspot-ratelimit-daily-remaining"


@dataclass(frozen=True, slots=True)
class Account:
    """The HubSpot account behind the token; calls_left_today is None where HubSpot does not say (OAuth)."""

    portal_id: str
    kind: str
    calls_left_today: int | None


def account(transport: Transport) -> Account:
    """The account's details. Raises a CrmError."""
    answer = transport.request("GET", "/account-info/v3/details")
    left = answer.headers.get(_LEFT_TODAY, "")
    return Account(
        portal_id=str(answer.body.get("portalId") or ""),
        kind=str(answer.body.get("accountType") or "").replace("_", " ").lower(),
        calls_left_today=int(left) if left.isdigit() else None,
    )


def report(transport: Transport) -> tuple[CheckReport, Account | None]:
    """What stands in the way, in plain words. Raises RateLimited, Unavailable or Uncertain."""
    try:
        found = account(transport)
        problems = _scope_problems(transport)
    except AuthFailed as error:
        return CheckReport(ok=False, problems=(f"{error} {error.remedy}".strip(),)), None
    name = f"HubSpot account {found.portal_id}" + (f" ({found.kind})" if found.kind else "")
    summary = CheckReport(
        ok=not problems, account=name, problems=problems, calls_left_today=found.calls_left_today
    )
    return summary, found


def _scope_problems(transport: Transport) -> tuple[str, ...]:
    scopes = _scopes(transport)
    if scopes is None:
        return _probed(transport)
    return tuple(_lacking(scope) for scope in NEEDED_SCOPES if scope not in scopes)


def _scopes(transport: Transport) -> frozenset[str] | None:
    """The token's scopes; None for a token that this endpoint does not describe (OAuth, service key)."""
    try:
        answer = transport.request(
            "POST", "/oauth/v2/private-apps/get/access-token-info", {"tokenKey": transport.token()}
        )
    except (Rejected, NotThere, MissingScopes):
        return None
    listed: Any = answer.body.get("scopes")
    return frozenset(str(scope) for scope in listed) if isinstance(listed, list) else None


def _probed(transport: Transport) -> tuple[str, ...]:
    """Where scopes cannot be listed, try what can be tried without writing."""
    crm = transport.client.crm
    probes: Mapping[str, Any] = {
        "crm.objects.owners.read": lambda: transport.call(crm.owners.owners_api.get_page, limit=1),
        "crm.objects.contacts.read": lambda: transport.call(
            crm.objects.basic_api.get_page, "contacts", limit=1
        ),
        "crm.objects.deals.read": lambda: transport.call(crm.objects.basic_api.get_page, "deals", limit=1),
        "crm.schemas.contacts.read": lambda: transport.call(crm.properties.groups_api.get_all, "contacts"),
        "crm.schemas.deals.read": lambda: transport.call(crm.properties.groups_api.get_all, "deals"),
    }
    problems = []
    for scope, probe in probes.items():
        try:
            probe()
        except MissingScopes:
            problems.append(_lacking(scope))
    return tuple(problems)


def _lacking(scope: str) -> str:
    return f"The HubSpot token lacks the scope {scope}: add it to the app in HubSpot, then check again."
