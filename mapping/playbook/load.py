"""Read a playbook's TOML text: all mistakes at once, each with its key, its line and what to do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from importlib import resources
from typing import Any

from marshmallow import ValidationError

from mapping.playbook.advice import advice
from mapping.playbook.build import build_playbook
from mapping.playbook.checks import Finding, cross_check
from mapping.playbook.findings import each_once, flattened
from mapping.playbook.lines import key_lines, nearest_line
from mapping.playbook.model import Playbook
from mapping.playbook.schema import PlaybookSchema
from mapping.playbook.syntax import read_document

SHIPPED = ("mortgage_us", "mortgage_ca")


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: the dotted key ("team.0.email"), its line from 1, what is wrong, what to do."""

    key: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        return self.told()

    def told(self, source: str = "") -> str:
        """One sentence and what to do; with a source it begins as editors know it: "playbook.toml:12"."""
        place = f"{source}:{self.line}:" if source else f"line {self.line},"
        return f"{place} {self.key or 'the document'}: {self.message}. {self.remedy}"


class PlaybookInvalid(Exception):
    """A playbook with mistakes; problems lists all of them in the order of their lines.

    source is where the text stands, as a person knows it: "playbook.toml", "revision 4", "" = not told.
    """

    def __init__(self, problems: tuple[Problem, ...], source: str = "") -> None:
        super().__init__("\n".join(problem.told(source) for problem in problems))
        self.problems = problems
        self.source = source


def load_playbook(text: str, *, name: str, source: str = "") -> Playbook:
    """The playbook that the TOML text describes. Raises PlaybookInvalid with every mistake in it."""
    try:
        return _loaded(text, name)
    except PlaybookInvalid as invalid:
        raise PlaybookInvalid(invalid.problems, source) from None


@lru_cache(maxsize=8)
def _loaded(text: str, name: str) -> Playbook:
    """A playbook is the same whenever it is read from the same text, and nobody changes one."""
    document = read_document(text)
    broken = [Problem("", line, fault.message, fault.remedy) for line, fault in document.broken]
    if document.data is None:
        raise PlaybookInvalid(_in_order(broken))
    findings = list(cross_check(document.data))
    try:
        checked: dict[str, Any] = PlaybookSchema().load(document.data)
    except ValidationError as e:
        findings.extend(flattened(e.messages))
    findings = each_once(findings, document.left_out)
    if findings or broken:
        raise PlaybookInvalid(_in_order([*broken, *_problems(findings, document.text)]))
    return build_playbook(checked, name=name, revision=fingerprint(text)[:12])


def decoded(raw: bytes, source: str = "") -> str:
    """The text of a playbook's file. Raises PlaybookInvalid when it is not UTF-8."""
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as e:
        line = raw.count(b"\n", 0, e.start) + 1
        message = "this is not text in UTF-8, which TOML is written in"
        problem = Problem("", line, message, "Save the file as UTF-8 in your editor.")
        raise PlaybookInvalid((problem,), source) from None


def fingerprint(text: str) -> str:
    """The SHA-256 of a playbook's text; its first twelve digits are what decisions name."""
    return sha256(text.encode()).hexdigest()


@lru_cache(maxsize=len(SHIPPED))
def shipped(name: str) -> str:
    """The TOML text of a shipped playbook, one of SHIPPED. Raises KeyError for another name."""
    if name not in SHIPPED:
        raise KeyError(name)
    return (resources.files("mapping") / "playbooks" / f"{name}.toml").read_text(encoding="utf-8")


def look_at(text: str, today: date) -> tuple[Problem, ...]:
    """What to look at in a playbook that is valid: licences that end, gaps in the roster, links that
    are still the examples.

    Raises PlaybookInvalid when it is not valid.
    """
    return _problems(list(advice(load_playbook(text, name=""), today)), text)


def _problems(findings: list[Finding], text: str) -> tuple[Problem, ...]:
    lines = key_lines(text)
    found = {
        Problem(
            ".".join(map(str, path)),
            nearest_line(lines, (*path, fault.line) if fault.line else path),
            fault.message,
            fault.remedy,
        )
        for path, fault in findings
    }
    return _in_order(found)


def _in_order(problems: Collection[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.line, problem.key, problem.message)))
