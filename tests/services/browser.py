"""A real Chromium for tests, which may speak to this machine only."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    # Only browser tests pay for this import.
    from playwright.sync_api import Browser, Error, Page, Route

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
_OWN_HOSTS = {"127.0.0.1", "localhost", "::1", ""}


def browser_binary() -> str:
    """The system's Chromium; "" when there is none."""
    return next((path for name in _NAMES if (path := shutil.which(name))), "")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless browser per test process."""
    binary = browser_binary()
    if not binary:
        pytest.skip("no Chromium: install Debian's chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=binary, args=list(_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page in a fresh profile; the test fails when a script fails or anything outside is asked for."""
    complaints: list[str] = []

    def keep_inside(route: Route) -> None:
        if urlsplit(route.request.url).hostname in _OWN_HOSTS | {None}:
            route.continue_()
        else:
            complaints.append(f"asked for {route.request.url}")
            route.abort()

    def note_error(error: Error) -> None:
        complaints.append(f"script error: {error.message}")

    context = chromium.new_context()
    context.set_default_timeout(10_000)
    context.route("**/*", keep_inside)
    own_page = context.new_page()
    own_page.on("pageerror", note_error)
    yield own_page
    context.close()
    assert complaints == []
