"""The HubSpot connector."""

from __future__ import annotations

from collections.abc import Callable

from connectors.crm.base import Crm
from connectors.crm.hubspot.crm import HubSpotCrm


def build(token: Callable[[], str], base_url: str = "") -> Crm:
    """A HubSpot connector with production settings; base_url "" means HubSpot itself."""
    return HubSpotCrm(token, base_url) if base_url else HubSpotCrm(token)


__all__ = ["HubSpotCrm", "build"]
