"""Faults to order: which requests go wrong, how often, and in which way."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

# kind → what it does; those in DONE carry the request out before they go wrong.
KINDS = {
    "status_before": "answer `status` without doing it",
    "status_after": "do it, then answer `status`",
    "rate_limit": "answer as the vendor does when `policy` is used up, with `retry_after`, without doing it",
    "timeout_before": "hold the connection for `seconds` without doing it, then answer 504",
    "timeout_after": "do it, hold the connection for `seconds`, then answer 504",
    "reset_before": "close the socket with a TCP reset without doing it",
    "reset_after": "do it, then close the socket with a TCP reset",
    "unauthorized": "answer as the vendor does to a wrong token, not done; `content` may be expired or scope",
    "garbage": "answer 200 with HTML, not done; or (`content` cut_json) do it and cut the answer",
    "slow": "do it `seconds` later",
    "answer": "do it or not (`done`), then answer `status`, `headers` and `text`, or what `content` says",
    "swap_id": "do it, but name another record's id in the answer (`text`, or one that looks alike)",
}
DONE = frozenset({"status_after", "timeout_after", "reset_after", "slow", "swap_id"})


@dataclass(frozen=True, slots=True)
class FaultRule:
    """One line of the fault file. A request matches when method, path and body (a substring) all do.

    Of the matches, only the `nth` (from 1) is hit, or, with `times`, that many from the nth on; without
    either all are. Each is hit with `probability`. retry_after is seconds or any text (an HTTP-date);
    None sends no header. carry_out ("done" in JSON), headers and text are for the kind `answer`; text
    also names the id of `swap_id`.
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
    policy: str = ""
    seconds: float = 30.0
    content: str = ""
    carry_out: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""

    @property
    def done(self) -> bool:
        """Whether the request is carried out although it goes wrong."""
        if self.kind == "answer":
            return self.carry_out
        return self.kind in DONE or (self.kind == "garbage" and self.content == "cut_json")

    def json(self) -> dict[str, Any]:
        """The rule as a fault document writes it."""
        return {KEYS.get(f.name, f.name): getattr(self, f.name) for f in fields(self)}


KEYS = {"carry_out": "done"}  # field → its key in a fault document, where the two differ


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
            return [{**rule.json(), "matched": matched, "hit": hit} for (rule, _), matched, hit in counts]


def _matches(rule: FaultRule, pattern: re.Pattern[str], method: str, path: str, body: bytes) -> bool:
    if rule.method and rule.method.upper() != method:
        return False
    if not pattern.search(path):
        return False
    return not rule.body or rule.body.encode() in body
