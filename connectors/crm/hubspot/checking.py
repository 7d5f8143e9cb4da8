"""Is HubSpot's door open: the token, its scopes, the account, and how much of the daily limit is left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.crm.base import AuthFailed, CheckReport, Rejected
from connectors.crm.hubspot import limits
from connectors.crm.hubspot.errors import MissingScopes, NotThere
from connectors.crm.hubspot.requirements import demands
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


@dataclass(frozen=True, slots=True)
class Account:
    """The HubSpot account behind the token; the calls are None where HubSpot does not say (OAuth)."""

    portal_id: str
    kind: str
    calls_left_today: int | None
    calls_a_day: int | None


def account(transport: Transport) -> Account:
    """The account's details. Raises a CrmError."""
    answer = transport.request("GET", "/account-info/v3/details")
    return Account(
        portal_id=str(answer.body.get("portalId") or ""),
        kind=str(answer.body.get("accountType") or "").replace("_", " ").lower(),
        calls_left_today=limits.number(answer.headers, "daily-remaining"),
        calls_a_day=limits.number(answer.headers, "daily"),
    )


def report(transport: Transport) -> tuple[CheckReport, Account | None]:
    """What stands in the way, in plain words. Raises RateLimited, Unavailable or Uncertain.

    scopes holds those that could be looked up or tried without writing.
    """
    try:
        found = account(transport)
        scopes = _granted(transport)
        required = demands(transport)
    except AuthFailed as error:
        return CheckReport(ok=False, problems=(f"{error} {error.remedy}".strip(),)), None
    lacking = tuple(_lacking(scope) for scope, granted in scopes.items() if not granted)
    summary = CheckReport(
        ok=not lacking,
        account=f"HubSpot account {found.portal_id}" + (f" ({found.kind})" if found.kind else ""),
        problems=lacking,
        calls_left_today=found.calls_left_today,
        calls_a_day=found.calls_a_day,
        scopes=scopes,
        required=required,
    )
    return summary, found


def _granted(transport: Transport) -> dict[str, bool]:
    """Scope we need → whether the token has it."""
    listed = _listed(transport)
    if listed is None:
        return _tried(transport)
    return {scope: scope in listed for scope in NEEDED_SCOPES}


def _listed(transport: Transport) -> frozenset[str] | None:
    """The token's scopes; None for a token that this endpoint does not describe (OAuth, service key)."""
    try:
        answer = transport.request(
            "POST", "/oauth/v2/private-apps/get/access-token-info", {"tokenKey": transport.token()}
        )
    except (Rejected, NotThere, AuthFailed):
        return None  # the token itself is good: account() has just been let in with it
    listed: Any = answer.body.get("scopes")
    return frozenset(str(scope) for scope in listed) if isinstance(listed, list) else None


def _tried(transport: Transport) -> dict[str, bool]:
    """Where scopes cannot be listed, try what can be tried without writing."""
    crm = transport.client.crm
    probes: Mapping[str, Callable[[], object]] = {
        "crm.objects.contacts.read": lambda: transport.call(
            crm.objects.basic_api.get_page, "contacts", limit=1
        ),
        "crm.objects.deals.read": lambda: transport.call(crm.objects.basic_api.get_page, "deals", limit=1),
        "crm.objects.owners.read": lambda: transport.call(crm.owners.owners_api.get_page, limit=1),
        "crm.schemas.contacts.read": lambda: transport.call(crm.properties.groups_api.get_all, "contacts"),
        "crm.schemas.deals.read": lambda: transport.call(crm.properties.groups_api.get_all, "deals"),
    }
    return {scope: _let_in(probe) for scope, probe in probes.items()}


def _let_in(probe: Callable[[], object]) -> bool:
    try:
        probe()
    except MissingScopes:
        return False
    return True


def _lacking(scope: str) -> str:
    return f"The HubSpot token lacks the scope {scope}: add it to the app in HubSpot, then check again."
