"""The HubSpot connector keeps the contract of every CRM connector."""

from __future__ import annotations

import pytest

from connectors.crm.hubspot import HubSpotCrm
from tests.connectors.contract import CrmContract
from tests.connectors.hubspot_account import HubSpotAccount


class TestHubSpot(CrmContract):
    """Runs against the sandbox over loopback."""

    @pytest.fixture
    def account(self, account: HubSpotAccount) -> HubSpotAccount:
        """The sandbox."""
        return account

    @pytest.fixture
    def crm(self, crm: HubSpotCrm) -> HubSpotCrm:
        """A connector to the sandbox."""
        return crm

    @pytest.fixture
    def impatient_crm(self, impatient_crm: HubSpotCrm) -> HubSpotCrm:
        """A connector that waits half a second for an answer."""
        return impatient_crm

    @pytest.fixture
    def unreachable_crm(self, unreachable_crm: HubSpotCrm) -> HubSpotCrm:
        """A connector to a port where nobody listens."""
        return unreachable_crm
