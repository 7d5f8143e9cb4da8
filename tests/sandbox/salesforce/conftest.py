"""One Salesforce sandbox for all its tests, emptied before each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.sandbox.salesforce import RunningSandbox, SandboxOptions, UserSeed, start
from tests.sandbox.hub import Clock
from tests.sandbox.salesforce.org import Org, key_field

USERS = (
    UserSeed("maya@brokerage.example.com", "Maya", "Chen"),
    UserSeed("luis@brokerage.example.com", "Luis", "Ortega"),
    UserSeed("gone@brokerage.example.com", "Ida", "Gone", active=False),
)


@pytest.fixture(scope="session")
def running_salesforce(clock: Clock) -> Iterator[RunningSandbox]:
    """An org that is served."""
    with start(options=SandboxOptions.instant(users=USERS), clock=clock) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_salesforce: RunningSandbox) -> RunningSandbox:
    """The org, unused, without limits and duplicate rules."""
    running_salesforce.state.options = SandboxOptions.instant(users=USERS)
    running_salesforce.reset()
    return running_salesforce


@pytest.fixture
def org(sandbox: RunningSandbox) -> Iterator[Org]:
    """A caller with a token."""
    caller = Org(sandbox)
    yield caller
    caller.session.close()


@pytest.fixture
def keyed(org: Org) -> Org:
    """The same, with a unique external id Key__c on contacts, leads, accounts and opportunities."""
    kinds = ("Contact", "Lead", "Account", "Opportunity")
    org.sandbox.seed({"fields": [key_field(kind) for kind in kinds]})
    return org


@pytest.fixture
def person_org(clock: Clock) -> Iterator[Org]:
    """An org with person accounts, where contacts have a custom field."""
    options = SandboxOptions.instant(person_accounts=True, opt_out_fields=True)
    with start(options=options, clock=clock) as sandbox:
        sandbox.seed({"fields": [key_field("Account"), key_field("Contact", name="Note__c", unique=False)]})
        caller = Org(sandbox)
        yield caller
        caller.session.close()
