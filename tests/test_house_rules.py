"""The rules of the house that a machine can hold: rooms, names, places, and what a repository must have."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("mapping", "connectors", "jobs", "webapp")
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
# Put together here, so that this file does not break its own rules.
MACHINE_PATHS = re.compile(r"(?<![\w.~-])/(?:" + "|".join(["work", "tmp", "root"]) + r")/")
REGISTRY_HOSTS = re.compile(
    "|".join(
        re.escape(".".join(host))
        for host in [
            ("pypi", "org"),
            ("files", "pythonhosted", "org"),
            ("registry", "npmjs", "org"),
            ("deb", "debian", "org"),
        ]
    )
)
WAITING = re.compile(r"\bsleep" + r"\(")
SOCIAL_SECURITY = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")
UNIT_TESTS = ("tests/mapping/", "tests/connectors/", "tests/jobs/", "tests/settings/", "tests/webapp/")


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that is or would be committed, relative to the root."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    files = (Path(name) for name in listing.stdout.split("\0") if name)
    return tuple(file for file in files if (ROOT / file).is_file())


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """The name and content of every project file that is text."""
    found = []
    for file in project_files():
        content = (ROOT / file).read_bytes()
        if b"\0" not in content:
            found.append((file.as_posix(), content.decode("utf-8", errors="replace")))
    return tuple(found)


def places(pattern: re.Pattern[str], *, under: str | tuple[str, ...] = "") -> list[str]:
    """file:line of every match."""
    return [
        f"{name}:{number}"
        for name, content in texts()
        if name.startswith(under) and pattern.search(content)
        for number, line in enumerate(content.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_imports_go_one_way() -> None:
    assert lint_imports(no_cache=True) == 0


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [str(file) for file in project_files() if VAGUE_NAMES & {*file.parts, file.stem}] == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert places(MACHINE_PATHS) == []


def test_no_file_names_a_package_registry() -> None:
    assert places(REGISTRY_HOSTS) == []


def test_unit_tests_never_wait() -> None:
    assert places(WAITING, under=UNIT_TESTS) == []


def test_only_the_scrub_tests_hold_numbers_like_social_security_numbers() -> None:
    """And the cases: those that must be found nowhere afterwards say so (must_not_contain)."""
    found = places(SOCIAL_SECURITY, under="tests/")
    elsewhere = [place for place in found if "scrub" not in place and not place.startswith("tests/cases/")]
    assert elsewhere == []


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "LICENSE", "config.example.toml"])
def test_the_repository_has(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8")) > 200


def test_every_module_says_what_it_is() -> None:
    modules = [file for file in project_files() if file.suffix == ".py" and file.parts[0] in ROOMS]
    assert modules
    assert [str(file) for file in modules if not docstring(file)] == []


def test_every_package_says_it_in_one_sentence() -> None:
    packages = [file for file in project_files() if file.name == "__init__.py"]
    assert packages
    assert [str(file) for file in packages if not re.fullmatch(r"[^\n]+\.", docstring(file))] == []


def docstring(file: Path) -> str:
    """The docstring of a module, "" when there is none."""
    return ast.get_docstring(ast.parse((ROOT / file).read_text(encoding="utf-8"))) or ""
