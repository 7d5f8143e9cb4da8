"""One HighLevel sandbox for all its tests, emptied before each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.sandbox.highlevel import RunningSandbox, SandboxOptions, WorkflowSeed, start
from tests.sandbox.highlevel.location import Location
from tests.sandbox.hub import Clock

OPTIONS = SandboxOptions.instant(workflows=(WorkflowSeed("New lead"), WorkflowSeed("Draft", published=False)))


@pytest.fixture(scope="session")
def serving(clock: Clock) -> Iterator[RunningSandbox]:
    """A sandbox that is serving."""
    with start(options=OPTIONS, clock=clock) as running:
        yield running


@pytest.fixture
def highlevel(serving: RunningSandbox) -> RunningSandbox:
    """The sandbox, unused, without delays and limits."""
    serving.state.options = OPTIONS
    serving.reset()
    return serving


@pytest.fixture
def location(highlevel: RunningSandbox) -> Iterator[Location]:
    """A caller with the right token."""
    caller = Location(highlevel)
    yield caller
    caller.session.close()
