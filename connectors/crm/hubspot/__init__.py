"""The HubSpot connector."""

from __future__ import annotations

from connectors.crm.hubspot.crm import HubSpotCrm
from connectors.crm.hubspot.oauth import OAuthTokens

__all__ = ["HubSpotCrm", "OAuthTokens"]
