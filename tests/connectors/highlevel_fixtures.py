"""A HighLevel sandbox and a connector to it, for the tests of what is HighLevel's alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.crm.highlevel import HighLevelCrm
from connectors.sandbox.highlevel import RunningSandbox, SandboxOptions, start
from tests.connectors.highlevel_account import HighLevelAccount, connected, emptied, provisioned


@pytest.fixture(scope="session")
def highlevel_sandbox() -> Iterator[RunningSandbox]:
    """One sandbox without delays and limits."""
    with start(options=SandboxOptions.instant()) as running:
        yield running


@pytest.fixture
def bare_location(highlevel_sandbox: RunningSandbox) -> HighLevelAccount:
    """A location that nobody has used or provisioned; a person made the pipeline."""
    return emptied(highlevel_sandbox)


@pytest.fixture
def location(highlevel_sandbox: RunningSandbox) -> HighLevelAccount:
    """A location with our fields and pipeline: no duplicates of contacts, several opportunities each."""
    return provisioned(highlevel_sandbox, allow_duplicate_opportunity=True)


@pytest.fixture
def highlevel(location: HighLevelAccount) -> Iterator[HighLevelCrm]:
    """A connector to the location."""
    with connected(location) as connector:
        yield connector
