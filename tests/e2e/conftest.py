"""One brokerage for all browser tests: real processes, a sandbox CRM, an admin."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.fleet import Fleet

ADMIN = "admin@example.com"


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """Firstpath on SQLite beside a sandbox HubSpot; their logs are shown when a test fails."""
    running = Fleet(tmp_path_factory.mktemp("fleet"))
    try:
        running.start_sandbox()
        running.start_web()
        yield running
    finally:
        running.stop()
        for log in sorted(running.folder.glob("*.log")):
            print(f"--- {log.name}", log.read_text(errors="replace")[-3000:])  # noqa: T201


@pytest.fixture(scope="module")
def admin(fleet: Fleet) -> str:
    """The admin's address."""
    link_of(fleet, "user", "add", ADMIN, "--role", "admin", "--name", "Rosa Delgado")
    return ADMIN


@pytest.fixture
def link(fleet: Fleet, admin: str) -> str:
    """A log-in link of the admin that nobody has used yet."""
    return link_of(fleet, "user", "link", admin)


def link_of(fleet: Fleet, *command: str) -> str:
    """The link that a command prints."""
    done = fleet.run(*command)
    found = re.search(r"http\S+/login/\S+", done.stdout)
    assert found, done.stderr
    return found[0]
