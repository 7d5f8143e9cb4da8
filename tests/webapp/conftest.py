"""The web application over an invented brokerage, and people who use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from flask import Flask

from jobs.services import Services
from tests.webapp.installation import Clock, HeardBell, Installation, open_installation
from tests.webapp.visitor import Visitor, log_in_as
from webapp.accounts import passwords
from webapp.app import create_app


@pytest.fixture(scope="session", autouse=True)
def costly_hasher() -> Iterator[PasswordHasher]:
    """Passwords are hashed as cheaply as argon2 can; this is the hasher of real life."""
    costly, passwords._hasher = passwords._hasher, PasswordHasher.from_parameters(CHEAPEST)
    yield costly
    passwords._hasher = costly


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    services, clock, bell = open_installation(tmp_path)
    yield services, clock, bell
    services.ledger.close()


@pytest.fixture
def services(installation: Installation) -> Services:
    return installation[0]


@pytest.fixture
def clock(installation: Installation) -> Clock:
    return installation[1]


@pytest.fixture
def bell(installation: Installation) -> HeardBell:
    return installation[2]


@pytest.fixture
def app(services: Services) -> Flask:
    return create_app(services)


@pytest.fixture
def stranger(app: Flask) -> Visitor:
    return Visitor(app.test_client())


@pytest.fixture
def someone(app: Flask, services: Services) -> Callable[..., Visitor]:
    """Logs somebody in with a role and an address."""

    def log_in(role: str, email: str = "") -> Visitor:
        return log_in_as(app, services, role, email or f"{role}@example.com")

    return log_in


@pytest.fixture
def admin(someone: Callable[..., Visitor]) -> Visitor:
    return someone("admin")
