"""A skipped test is a failed test in CI, except where only ../shared is missing."""

from __future__ import annotations

import pytest

_HOOKS = "from tests.conftest import pytest_make_collect_report, pytest_runtest_makereport"


@pytest.mark.parametrize(
    ("ci", "reason", "outcome"),
    [
        ("true", "no Chromium: install Debian's chromium", {"failed": 1}),
        ("true", "../shared is absent: no specs here", {"skipped": 1}),
        ("", "no Chromium: install Debian's chromium", {"skipped": 1}),
    ],
)
def test_ci_decides_what_a_skip_means(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, ci: str, reason: str, outcome: dict[str, int]
) -> None:
    monkeypatch.setenv("CI", ci)
    pytester.makeconftest(_HOOKS)
    pytester.makepyfile(f"import pytest\ndef test_page():\n    pytest.skip({reason!r})")
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(**outcome)


def test_a_module_that_skips_itself_fails_in_ci(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    pytester.makeconftest(_HOOKS)
    pytester.makepyfile("import pytest\npytest.skip('no Redis', allow_module_level=True)")
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(errors=1)
