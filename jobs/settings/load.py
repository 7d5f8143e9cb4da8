"""Reads the settings: one TOML file and the environment become one Settings object, or a list of mistakes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from jobs.settings.assemble import assemble
from jobs.settings.collect import SecretCollector
from jobs.settings.crosschecks import contradictions
from jobs.settings.mistake import Key, Mistake
from jobs.settings.model import Settings
from jobs.settings.problem import Problem, SettingsInvalid
from jobs.settings.schema import ConfigSchema
from jobs.settings.secrets import SecretSource
from mapping.playbook.lines import key_lines

_SYNTAX_PLACE = re.compile(r" \((?:at line (\d+), column \d+|at end of document)\)$")
_SECTIONS = ("brokerage", "server", "ledger", "queue", "work", "secrets", "playbook", "retention")


def load_settings(path: Path, environ: Mapping[str, str]) -> Settings:
    """Everything that is set in the file at path and in the environment.

    Relative file names count from the file's folder. Raises SettingsInvalid with all mistakes at once.
    """
    text = _text_of(path)
    raw = _parsed(path, text)
    folder = path.resolve().parent
    data, mistakes = _read_shape(raw)
    mistakes += contradictions(data)
    collector = SecretCollector(SecretSource(environ, folder / data["secrets"].get("directory", "secrets")))
    collected = collector.collect(data)
    mistakes += collector.mistakes
    if mistakes:
        raise SettingsInvalid(path.name, _problems(mistakes, key_lines(text)))
    return assemble(path.resolve(), data, collected)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        problem = Problem(path.name, 0, "is not there.", "Name another file, or run: firstpath init")
    except OSError:
        problem = Problem(path.name, 0, "cannot be read.", "Check that it is a file and who may read it.")
    except UnicodeDecodeError:
        problem = Problem(path.name, 0, "is not text in UTF-8.", "Save it again with that encoding.")
    raise SettingsInvalid(path.name, [problem])


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = _SYNTAX_PLACE.search(message)
        line = int(place[1]) if place and place[1] else len(text.splitlines())
        reason = message[: place.start()] if place else message
        problem = Problem("", line, f"This is not TOML: {reason}.", "Correct this line, then try again.")
        raise SettingsInvalid(path.name, [problem]) from None


def _read_shape(raw: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[Key, Mistake]]]:
    """The values with every default filled in, as far as they are right, and what is wrong with the rest."""
    whole: dict[str, Any] = {name: {} for name in _SECTIONS} | raw
    try:
        return ConfigSchema().load(whole), []
    except ValidationError as error:
        data = error.valid_data if isinstance(error.valid_data, dict) else {}
        sections = {name: data.get(name) or {} for name in _SECTIONS}
        return data | sections, list(_flat(error.messages, ()))


def _flat(messages: Any, key: Key) -> Iterator[tuple[Key, Mistake]]:
    """marshmallow's nested messages, one by one."""
    if isinstance(messages, Mistake):
        yield key, messages
    elif isinstance(messages, dict):
        for name, inner in messages.items():
            yield from _flat(inner, key if name == "_schema" else (*key, name))
    else:
        for inner in messages:
            yield from _flat(inner, key)


def _problems(mistakes: list[tuple[Key, Mistake]], lines: Mapping[Key, int]) -> list[Problem]:
    """Each mistake once, with its place, in the order of the file; those outside of it come last."""
    found = {
        Problem(_dotted(key), _line(lines, key), mistake.message, mistake.remedy) for key, mistake in mistakes
    }
    return sorted(found, key=lambda problem: (problem.line == 0, problem.line, problem.key))


def _line(lines: Mapping[Key, int], key: Key) -> int:
    """The line of a key, or of the nearest table around it that is written in the file; else 0."""
    around = (key[:length] for length in range(len(key), 0, -1))
    return next((lines[part] for part in around if part in lines), 0)


def _dotted(key: Key) -> str:
    """The key as a person would write it; positions in lists are counted from 1."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in key)
    return "".join(parts).removeprefix(".")
