"""Read a playbook's TOML text: all mistakes at once, each with its key, its line and what to do."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
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
from mapping.playbook.lines import Path, key_lines, nearest_line
from mapping.playbook.model import Playbook
from mapping.playbook.schema import PlaybookSchema
from mapping.playbook.values import Fault

SHIPPED = ("mortgage_us", "mortgage_ca")
_SYNTAX = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)")
# What marshmallow says by itself, in our words.
_PLAIN_WORDS = {
    "Missing data for required field.": Fault("this key is missing", "Add it."),
    "Invalid input type.": Fault(
        "this must be a table of keys", "Write it as a [table] or as { key = value }."
    ),
    "Not a valid list.": Fault("this must be a list", "Write it in square brackets: [ ... ]."),
    "Not a valid mapping type.": Fault(
        "this must be a table of keys", "Write it as a [table] or as { key = value }."
    ),
}


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
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        raise PlaybookInvalid((_syntax_problem(e, text),)) from None
    findings = list(cross_check(data))
    try:
        checked: dict[str, Any] = PlaybookSchema().load(data)
    except ValidationError as e:
        findings.extend(_findings(e.messages))
    if findings:
        raise PlaybookInvalid(_problems(findings, text))
    return build_playbook(checked, name=name, revision=fingerprint(text)[:12])


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
    """What to look at in a playbook that is valid: licences that end, gaps in the roster.

    Raises PlaybookInvalid when it is not valid.
    """
    return _problems(list(advice(load_playbook(text, name=""), today)), text)


def _problems(findings: list[Finding], text: str) -> tuple[Problem, ...]:
    lines = key_lines(text)
    found = {
        Problem(".".join(map(str, path)), nearest_line(lines, path), fault.message, fault.remedy)
        for path, fault in findings
    }
    return tuple(sorted(found, key=lambda problem: (problem.line, problem.key, problem.message)))


def _syntax_problem(error: tomllib.TOMLDecodeError, text: str) -> Problem:
    match = _SYNTAX.fullmatch(str(error))
    last = text.count("\n") + 1
    said = match[1] if match else "the text is not TOML"
    line = int(match[2]) if match and match[2] else last
    return Problem(
        "", line, f"this is not valid TOML: {said[:1].lower()}{said[1:]}", "Correct this line first."
    )


def _findings(errors: Any, path: Path = ()) -> Iterator[Finding]:
    """Flatten marshmallow's errors; "_schema" and a mapping's "key" and "value" are no keys of ours."""
    if isinstance(errors, dict):
        unnamed = errors.keys() <= {"key", "value"}
        for key, inner in errors.items():
            yield from _findings(inner, path if unnamed or key == "_schema" else (*path, key))
        return
    for error in errors:
        if isinstance(error, Fault):
            yield path, error
        else:
            yield (
                path,
                _PLAIN_WORDS.get(error, Fault("this value cannot be used", "Compare it with the example.")),
            )
