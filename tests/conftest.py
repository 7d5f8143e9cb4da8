"""What every test can use, and the rule that CI skips nothing."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

pytest_plugins = [
    "pytester",
    "tests.services.postgres",
    "tests.services.migrated",
    "tests.services.redis",
    "tests.services.imap",
    "tests.services.browser",
]

ROOT = Path(__file__).resolve().parent.parent
SHARED_ABSENT = "../shared is absent: the vendors' specs and samples are not here"
_MARKS = {
    "postgres_server": pytest.mark.servers,
    "redis_process": pytest.mark.servers,
    "imap_process": pytest.mark.servers,
    "chromium": pytest.mark.browser,
}


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The reference material beside the project; the test is skipped where it is absent."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(SHARED_ABSENT)
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the servers that they ask for, so that `-m "not servers"` needs no marks by hand."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        for fixture, mark in _MARKS.items():
            if fixture in fixtures:
                item.add_marker(mark)


def _fail_instead(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure in CI: a green run there means that everything ran."""
    if not (os.environ.get("CI") and report.skipped):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if "../shared" not in reason and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and CI skips nothing: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Apply the CI rule to tests."""
    report = yield
    _fail_instead(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Apply the CI rule to modules that skip themselves."""
    report = yield
    _fail_instead(report)
    return report
