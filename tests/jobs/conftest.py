"""The brokerage of the engine's tests: one sandbox for all, a fresh copy of a migrated ledger for each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.crm.hubspot import HubSpotCrm
from connectors.sandbox.hubspot import RunningSandbox
from jobs.services import Services
from jobs.settings.model import Settings
from tests.jobs.brokerage import (
    Clock,
    HeardBell,
    connector,
    empty,
    open_brokerage,
    provision,
    read_brokerage,
    start_sandbox,
)
from tests.jobs.daily_work import assert_keys_agree
from tests.services.postgres import PostgresServer


@pytest.fixture(scope="session")
def account() -> Iterator[RunningSandbox]:
    """The sandbox HubSpot of all tests; tests use sandbox."""
    with start_sandbox() as running:
        yield running


@pytest.fixture(scope="session")
def settings(account: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The brokerage's settings, its CRM provisioned."""
    found = read_brokerage(tmp_path_factory.mktemp("brokerage"), account.url)
    provision(found)
    return found


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A SQLite ledger of this test's own."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'ledger.sqlite3')}"


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, postgres_template: str) -> Iterator[str]:
    """A PostgreSQL ledger of this test's own."""
    with postgres_server.database(postgres_template) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def ledger_url(request: pytest.FixtureRequest) -> str:
    """A ledger of this test's own, once on each database."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def sandbox(account: RunningSandbox, settings: Settings) -> RunningSandbox:
    """The sandbox HubSpot, provisioned, with no records and no faults."""
    empty(account)
    return account


@pytest.fixture(scope="session")
def crm(account: RunningSandbox, settings: Settings) -> Iterator[HubSpotCrm]:
    """Our connector to the sandbox; it has learned already who and which stages are there."""
    made = connector(account.url)
    made.schema()
    yield made
    made.close()


@pytest.fixture
def clock() -> Clock:
    """The brokerage's clock; it stands still until moved."""
    return Clock()


@pytest.fixture
def bell() -> HeardBell:
    """The brokerage's bell; nobody listens but the test."""
    return HeardBell()


@pytest.fixture
def services(
    settings: Settings,
    ledger_url: str,
    sandbox: RunningSandbox,
    crm: HubSpotCrm,
    clock: Clock,
    bell: HeardBell,
) -> Iterator[Services]:
    """The brokerage, once on each database; its CRM holds no records."""
    opened = open_brokerage(settings, ledger_url, bell, crm, clock)
    yield opened
    assert_keys_agree(opened)
    opened.ledger.close()
