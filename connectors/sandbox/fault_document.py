"""Fault rules from JSON, with a sentence for whatever is wrong with them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from connectors.sandbox.faults import KEYS, KINDS, FaultRule
from connectors.sandbox.options import OptionsError

ANSWER_CONTENTS = ("", "empty", "html", "big_json", "gzip_bomb", "redirect", "half")
_FIELDS = {KEYS.get(f.name, f.name): f.name for f in fields(FaultRule)}  # key → field
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
    "done": (bool,),
    "headers": (dict,),
    "text": (str,),
}
_CONTENTS = {
    "garbage": ("", "html", "cut_json"),
    "unauthorized": ("", "expired", "scope"),
    "answer": ANSWER_CONTENTS,
}
_ONLY_FOR = {"done": ("answer",), "headers": ("answer",), "text": ("answer", "swap_id")}


def _rule(raw: object, where: str) -> FaultRule:
    if not isinstance(raw, dict):
        raise OptionsError(f'{where} must be an object such as {{"kind": "reset_after", "nth": 2}}.')
    for name, value in raw.items():
        if name not in _FIELDS:
            raise OptionsError(f"{where} has an unknown key {name!r}; known are {', '.join(_FIELDS)}.")
        if not isinstance(value, _TYPES[name]) or (isinstance(value, bool) and bool not in _TYPES[name]):
            accepted = " or ".join("null" if t is type(None) else t.__name__ for t in _TYPES[name])
            raise OptionsError(f"{where}: {name} must be of type {accepted}.")
    if raw.get("kind") not in KINDS:
        raise OptionsError(f"{where}: kind must be one of {', '.join(KINDS)}.")
    _check_keys(raw, where)
    given = {_FIELDS[name]: value for name, value in raw.items()}
    rule = FaultRule(**{"status": _usual_status(raw), **given})
    _check_values(rule, where)
    return rule


def _usual_status(raw: Mapping[str, Any]) -> int:
    if raw["kind"] != "answer":
        return 500
    return 302 if raw.get("content") == "redirect" else 200


def _check_keys(raw: Mapping[str, Any], where: str) -> None:
    kind = raw["kind"]
    for name, kinds in _ONLY_FOR.items():
        if raw.get(name) and kind not in kinds:  # the usual value may be written out
            raise OptionsError(f"{where}: {name} belongs to the kind {' or '.join(kinds)}, not to {kind}.")
    headers = raw.get("headers", {})
    if not all(isinstance(value, str) and "\n" not in f"{name}{value}" for name, value in headers.items()):
        raise OptionsError(f"{where}: headers must be an object of texts without line breaks.")


def _check_values(rule: FaultRule, where: str) -> None:
    try:
        re.compile(rule.path)
    except re.error as e:
        raise OptionsError(f"{where}: path is not a regular expression ({e}).") from e
    checks = (
        (0 <= rule.probability <= 1, "probability must be between 0 and 1"),
        (rule.nth is None or rule.nth >= 1, "nth counts from 1"),
        (rule.times is None or rule.times >= 1, "times must be at least 1, or null"),
        (rule.kind == "answer" or 400 <= rule.status <= 599, "status must be between 400 and 599"),
        (0 <= rule.seconds <= 600, "seconds must be between 0 and 600"),
        (rule.content in _CONTENTS.get(rule.kind, ("",)), f"content {rule.content!r} does not fit the kind"),
        *(_answer_checks(rule) if rule.kind == "answer" else ()),
    )
    for fine, message in checks:
        if not fine:
            raise OptionsError(f"{where}: {message}.")


def _answer_checks(rule: FaultRule) -> tuple[tuple[bool, str], ...]:
    redirect = rule.content == "redirect"
    return (
        (200 <= rule.status <= 599, "status of an answer must be between 200 and 599"),
        (not redirect or 300 <= rule.status <= 399, "status of a redirect must be between 300 and 399"),
        (rule.content != "half" or rule.done, 'content "half" cuts the real answer: it needs "done": true'),
        (not (rule.content and rule.text), "text and content exclude each other"),
    )


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
