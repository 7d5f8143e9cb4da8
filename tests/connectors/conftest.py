"""A HubSpot sandbox for the connector's tests, emptied before each."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from connectors.crm.hubspot import HubSpotCrm
from connectors.sandbox.hubspot import RunningSandbox, SandboxOptions, start
from connectors.sandbox.hubspot.object_types import OBJECT_TYPES
from tests.connectors.hubspot_account import WANTED, HubSpotAccount
from tests.connectors.kept import prepared


@pytest.fixture(scope="session")
def sandbox() -> Iterator[RunningSandbox]:
    """One HubSpot sandbox without delays and limits."""
    with start(options=SandboxOptions.instant()) as running:
        yield running


@pytest.fixture
def bare_account(sandbox: RunningSandbox) -> HubSpotAccount:
    """An account that nobody has used or provisioned."""
    sandbox.state.options = SandboxOptions.instant()
    sandbox.state.reset()
    sandbox.set_faults([])
    sandbox.journal.clear()
    return HubSpotAccount(sandbox)


@pytest.fixture
def account(bare_account: HubSpotAccount) -> HubSpotAccount:
    """An account with our properties and pipeline."""
    prepared(bare_account.sandbox.state, "instant", lambda: _provision(bare_account), lambda _: OBJECT_TYPES)
    return bare_account


def _provision(account: HubSpotAccount) -> None:
    connector = connect(account)
    connector.provision(WANTED)
    connector.close()


def connect(account: HubSpotAccount, **options: object) -> HubSpotCrm:
    """A connector to the account."""
    return HubSpotCrm(lambda: account.sandbox.token, account.sandbox.url, **options)  # type: ignore[arg-type]


@pytest.fixture
def crm(account: HubSpotAccount) -> Iterator[HubSpotCrm]:
    """A connector to the account, without limits of its own."""
    connector = connect(account)
    yield connector
    connector.close()


@pytest.fixture
def impatient_crm(account: HubSpotAccount) -> Iterator[HubSpotCrm]:
    """A connector that waits half a second for an answer."""
    connector = connect(account, timeout=(5, 0.5))
    yield connector
    connector.close()


@pytest.fixture
def unreachable_crm() -> Iterator[HubSpotCrm]:
    """A connector to a port where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        connector = HubSpotCrm(lambda: "a token", f"http://127.0.0.1:{taken.getsockname()[1]}")
        yield connector
        connector.close()
