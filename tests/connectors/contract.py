"""What every CRM connector promises, as tests that a vendor's test class inherits."""

from __future__ import annotations

import pytest

from connectors.crm.base import Crm
from tests.connectors.account import Account
from tests.connectors.contract_adopting import Adopting
from tests.connectors.contract_arriving import Arriving
from tests.connectors.contract_batches import Batches
from tests.connectors.contract_closing import Closing
from tests.connectors.contract_failing import Failing
from tests.connectors.contract_handing import Handing
from tests.connectors.contract_merging import Merging
from tests.connectors.contract_news import News
from tests.connectors.contract_people import PeoplesDeeds


class CrmContract(Arriving, Adopting, PeoplesDeeds, News, Closing, Handing, Merging, Batches, Failing):
    """Subclasses provide the fixtures: a provisioned account, and connectors to it."""

    @pytest.fixture
    def account(self) -> Account:
        """The vendor's side, emptied and with what Firstpath provisions there."""
        raise NotImplementedError

    @pytest.fixture
    def crm(self, account: Account) -> Crm:
        """A connector to the account, without limits of its own."""
        raise NotImplementedError

    @pytest.fixture
    def impatient_crm(self, account: Account) -> Crm:
        """A connector that gives up waiting sooner than account.fail("timeout_after") answers."""
        raise NotImplementedError

    @pytest.fixture
    def unreachable_crm(self) -> Crm:
        """A connector to an address where nobody listens."""
        raise NotImplementedError
