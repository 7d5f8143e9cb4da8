"""From a CRM's settings to its connector."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from connectors.crm.allowance import Allowance
from connectors.crm.base import Crm
from connectors.crm.tokens import TokenStore
from jobs.settings.model import CrmSettings

#: Gives the store for tokens that come from the secret which the function tells.
Tokens = Callable[[Callable[[], str]], TokenStore]
_CONNECT_SECONDS = 5


def open_crm(settings: CrmSettings, tokens: Tokens, allowance: Allowance) -> Crm:
    """The connector for this account; no call is made yet.

    A vendor's package is imported only where an account of its kind is set.
    """
    return _OPENERS[settings.kind](settings, tokens, allowance)


def _hubspot(settings: CrmSettings, tokens: Tokens, allowance: Allowance) -> Crm:
    from connectors.crm.hubspot import HubSpotCrm, OAuthTokens

    token = settings.secrets.get("TOKEN")
    if token is None:
        refresh = settings.secrets["REFRESH_TOKEN"]
        secret = settings.secrets["CLIENT_SECRET"]
        token = OAuthTokens(settings.client_id, secret, tokens(refresh), refresh, settings.base_url)
    return HubSpotCrm(token, settings.base_url, timeout=_timeout(settings), allowance=allowance)


def _salesforce(settings: CrmSettings, _tokens: Tokens, allowance: Allowance) -> Crm:
    from connectors.crm.salesforce import ClientCredentials, JwtBearer, SalesforceCrm

    login: ClientCredentials | JwtBearer
    if settings.login == "jwt":
        key = settings.secrets["PRIVATE_KEY"]
        login = JwtBearer(settings.base_url, settings.client_id, settings.username, key)
    else:
        login = ClientCredentials(settings.base_url, settings.client_id, settings.secrets["CLIENT_SECRET"])
    # Its tokens need no place in the ledger: each process may simply log in.
    return SalesforceCrm(
        login,
        records=settings.records,
        version=settings.api_version,
        auto_assign=settings.assignment_rules,
        closes_in_days=settings.closes_in_days,
        allowance=allowance,
        timeout=_timeout(settings),
    )


def _highlevel(settings: CrmSettings, tokens: Tokens, allowance: Allowance) -> Crm:
    from connectors.crm.highlevel import HighLevelCrm, OAuthTokens, Starts

    token = settings.secrets.get("TOKEN")
    if token is None:
        refresh = settings.secrets["REFRESH_TOKEN"]
        secret = settings.secrets["CLIENT_SECRET"]
        token = OAuthTokens(settings.client_id, secret, tokens(refresh), refresh, settings.base_url)
    return HighLevelCrm(
        token,
        settings.location,
        settings.base_url,
        version=settings.api_version,
        starts=Starts(settings.phase_tag, settings.workflow),
        allowance=allowance,
        timeout=_timeout(settings),
    )


def _timeout(settings: CrmSettings) -> tuple[float, float]:
    return _CONNECT_SECONDS, settings.timeout_seconds


_OPENERS: Mapping[str, Callable[[CrmSettings, Tokens, Allowance], Crm]] = {
    "hubspot": _hubspot,
    "salesforce": _salesforce,
    "highlevel": _highlevel,
}
