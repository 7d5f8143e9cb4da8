"""Faults to order: which requests go wrong, how often, and in which way."""

from __future__ import annotations

import json
import random
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from connectors.sandbox.hubspot.options import OptionsError

# kind → what it does; those in DONE carry the request out before they go wrong.
KINDS = {
    "status_before": "answer `status` without doing it",
    "status_after": "do it, then answer `status`",
    "rate_limit": "answer 429 with `policy` and `retry_after` without doing it",
    "timeout_before": "hold the connection for `seconds` without doing it, then answer 504",
    "timeout_after": "do it, hold the connection for `seconds`, then answer 504",
    "reset_before": "close the socket with a TCP reset without doing it",
    "reset_after": "do it, then close the socket with a TCP reset",
    "unauthorized": "answer 401 without doing it; `content` may be expired",
    "garbage": "answer 200 with HTML, not done; or (`content` cut_json) do it and cut the answer",
    "slow": "do it `seconds` later",
}
DONE = frozenset({"status_after", "timeout_after", "reset_after", "slow"})


@dataclass(frozen=True, slots=True)
class FaultRule:
    """One line of the fault file. A request matches when method, path and body (a substring) all do.

    Of the matches, only the `nth` (from 1) is hit, or, with `times`, that many from the nth on; without
    either all are. Each is hit with `probability`. retry_after is seconds or any text (an HTTP-date);
    None sends no header.
    """

    kind: str
    method: str = ""
    path: str = ""
    body: str = ""
    probability: float = 1.0
    nth: int | None = None
    times: int | None = None
    status: int = 500
    retry_after: float | str | None = None
    policy: str = "TEN_SECONDLY_ROLLING"
    seconds: float = 30.0
    content: str = ""

    @property
    def done(self) -> bool:
        """Whether the request is carried out although it goes wrong."""
        return self.kind in DONE or (self.kind == "garbage" and self.content == "cut_json")


_TYPES: Mapping[str, tuple[type, ...]] = {
    "kind": (str,),
    "method": (str,),
    "path": (str,),
    "body": (str,),
    "probability": (int, float),
    "nth": (int, type(None)),
    "times": (int, type(None)),
    "status": (int,),
    "retry_after": (int, float, str, type(None)),
    "policy": (str,),
    "seconds": (int, float),
    "content": (str,),
}
_CONTENTS = {"garbage": ("", "html", "cut_json"), "unauthorized": ("", "expired")}


def _rule(raw: object, where: str) -> FaultRule:
    if not isinstance(raw, dict):
        raise OptionsError(f'{where} must be an object such as {{"kind": "reset_after", "nth": 2}}.')
    known = [f.name for f in fields(FaultRule)]
    for name, value in raw.items():
        if name not in known:
            raise OptionsError(f"{where} has an unknown key {name!r}; known are {', '.join(known)}.")
        if not isinstance(value, _TYPES[name]) or isinstance(value, bool):
            accepted = " or ".join("null" if t is type(None) else t.__name__ for t in _TYPES[name])
            raise OptionsError(f"{where}: {name} must be of type {accepted}.")
    if raw.get("kind") not in KINDS:
        raise OptionsError(f"{where}: kind must be one of {', '.join(KINDS)}.")
    rule = FaultRule(**raw)
    _check_values(rule, where)
    return rule


def _check_values(rule: FaultRule, where: str) -> None:
    try:
        re.compile(rule.path)
    except re.error as e:
        raise OptionsError(f"{where}: path is not a regular expression ({e}).") from e
    checks = (
        (0 <= rule.probability <= 1, "probability must be between 0 and 1"),
        (rule.nth is None or rule.nth >= 1, "nth counts from 1"),
        (rule.times is None or rule.times >= 1, "times must be at least 1, or null"),
        (400 <= rule.status <= 599, "status must be between 400 and 599"),
        (0 <= rule.seconds <= 600, "seconds must be between 0 and 600"),
        (rule.content in _CONTENTS.get(rule.kind, ("",)), f"content {rule.content!r} does not fit the kind"),
    )
    for fine, message in checks:
        if not fine:
            raise OptionsError(f"{where}: {message}.")


def parse_faults(document: Any) -> tuple[tuple[FaultRule, ...], int]:
    """Rules and seed of {"seed": 1, "rules": [...]} or of a bare list. Raises: OptionsError."""
    if isinstance(document, list):
        document = {"rules": document}
    if not isinstance(document, dict) or not isinstance(document.get("rules"), list):
        raise OptionsError('A fault document must be a list of rules, or {"seed": 1, "rules": [...]}.')
    unknown = document.keys() - {"seed", "rules"}
    seed = document.get("seed", 0)
    if unknown or not isinstance(seed, int):
        raise OptionsError("A fault document has only rules and seed; seed must be a whole number.")
    rules = (_rule(raw, f"Rule {number}") for number, raw in enumerate(document["rules"], start=1))
    return tuple(rules), seed


def read_faults(path: Path) -> tuple[tuple[FaultRule, ...], int]:
    """Rules and seed from a JSON file. Raises: OptionsError naming the file and the place."""
    try:
        document = json.loads(path.read_text("utf-8"))
    except OSError as e:
        raise OptionsError(f"The fault file {path} cannot be read: {e.strerror}.") from e
    except ValueError as e:
        raise OptionsError(f"The fault file {path} is not JSON: {e}.") from e
    try:
        return parse_faults(document)
    except OptionsError as e:
        raise OptionsError(f"In the fault file {path}: {e}") from e


class Faults:
    """The rules in force, with how often each has matched. Thread safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.set((), 0)

    def set(self, rules: tuple[FaultRule, ...], seed: int = 0) -> None:
        """Replace all rules; counting and chance start over."""
        with self._lock:
            self._rules = [(rule, re.compile(rule.path)) for rule in rules]
            self._matched = [0] * len(rules)
            self._hit = [0] * len(rules)
            self._random = random.Random(seed)  # noqa: S311 - chance of faults, not of secrets

    def pick(self, method: str, path: str, body: bytes) -> list[FaultRule]:
        """The rules that hit this request: at most one that spoils it, after any `slow` ones before it."""
        if not self._rules:
            return []
        hits: list[FaultRule] = []
        with self._lock:
            for number, (rule, pattern) in enumerate(self._rules):
                if not _matches(rule, pattern, method, path, body) or not self._fires(number, rule):
                    continue
                hits.append(rule)
                if rule.kind != "slow":
                    break
        return hits

    def _fires(self, number: int, rule: FaultRule) -> bool:
        self._matched[number] += 1
        times = 1 if rule.times is None and rule.nth is not None else rule.times
        if self._matched[number] < (rule.nth or 1) or (times is not None and self._hit[number] >= times):
            return False
        if rule.probability < 1.0 and self._random.random() >= rule.probability:
            return False
        self._hit[number] += 1
        return True

    def json(self) -> list[dict[str, Any]]:
        """The rules with their counts."""
        with self._lock:
            counts = zip(self._rules, self._matched, self._hit, strict=True)
            return [
                {**{f.name: getattr(rule, f.name) for f in fields(rule)}, "matched": matched, "hit": hit}
                for (rule, _), matched, hit in counts
            ]


def _matches(rule: FaultRule, pattern: re.Pattern[str], method: str, path: str, body: bytes) -> bool:
    if rule.method and rule.method.upper() != method:
        return False
    if not pattern.search(path):
        return False
    return not rule.body or rule.body.encode() in body
