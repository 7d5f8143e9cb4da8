"""The HighLevel connector."""

from __future__ import annotations

from connectors.crm.highlevel.crm import HighLevelCrm
from connectors.crm.highlevel.oauth import OAuthTokens
from connectors.crm.highlevel.starting import Starts

__all__ = ["HighLevelCrm", "OAuthTokens", "Starts"]
