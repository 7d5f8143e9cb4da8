"""One sandbox for all its tests, emptied before each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.sandbox.hubspot import RunningSandbox, SandboxOptions, start
from tests.sandbox.hub import Clock, Hub


@pytest.fixture(scope="session")
def clock() -> Clock:
    """The sandbox's time."""
    return Clock()


@pytest.fixture(scope="session")
def running(clock: Clock) -> Iterator[RunningSandbox]:
    """A sandbox that is serving."""
    with start(options=SandboxOptions.instant(), clock=clock) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: RunningSandbox) -> RunningSandbox:
    """The sandbox, unused, without delays and limits."""
    running.state.options = SandboxOptions.instant()
    running.reset()
    return running


@pytest.fixture
def hub(sandbox: RunningSandbox) -> Iterator[Hub]:
    """A caller with the right token."""
    caller = Hub(sandbox)
    yield caller
    caller.session.close()
