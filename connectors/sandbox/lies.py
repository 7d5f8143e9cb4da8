"""What the caller gets instead of the true answer when a fault was ordered."""

from __future__ import annotations

import json
from collections.abc import Iterator

from connectors.sandbox.answers import Answer, Headers, html_answer, typed_answer
from connectors.sandbox.faults import FaultRule
from connectors.sandbox.lie_bodies import HTML, big_json, gzip_bomb
from connectors.sandbox.stage import FaultLooks

LOGIN_PATH = "/_sandbox/login"  # where a redirect leads: a web page, as a proxy's login would be
_JSON = "application/json;charset=utf-8"
_ID_KEYS = ("id", "Id", "ID")


def faulty(rule: FaultRule, real: Answer | None, looks: FaultLooks) -> Answer | None:
    """What the caller gets instead; real is the true answer when the request was carried out.

    None means: nothing, the socket is reset.
    """
    if rule.kind.startswith("reset"):
        return None
    if rule.kind.startswith("timeout"):
        return html_answer(504, b"<html><body><h1>504 Gateway Time-out</h1></body></html>")
    if rule.kind == "rate_limit":
        return looks.rate_limited(rule)
    if rule.kind == "unauthorized":
        return looks.unauthorized(rule)
    if rule.kind == "garbage":
        return _garbage(real)
    if rule.kind == "answer":
        return _ordered(rule, real)
    if rule.kind == "swap_id" and real is not None:
        return _renamed(rule, real, looks)
    return looks.status(rule)


def retry_after(rule: FaultRule) -> Headers:
    """The Retry-After header of a rule, if it wants one: seconds, or any text."""
    if rule.retry_after is None:
        return []
    value = rule.retry_after
    return [("Retry-After", value if isinstance(value, str) else f"{value:g}")]


def _garbage(real: Answer | None) -> Answer:
    if real is None:
        return html_answer(200, HTML)
    return typed_answer(200, _JSON, real.body[: len(real.body) // 2] or b'{"id":')


def _ordered(rule: FaultRule, real: Answer | None) -> Answer:
    """The answer that an `answer` rule describes; its headers replace the usual ones."""
    if rule.content == "half" and real is not None:
        return Answer(real.status, real.headers, real.body[: len(real.body) // 2], broken_off=True)
    body, usual = _content(rule)
    named = {name.lower() for name in rule.headers}
    kept = [(name, value) for name, value in usual if name.lower() not in named]
    return Answer(rule.status, [*kept, *rule.headers.items(), ("Content-Length", str(len(body)))], body)


def _content(rule: FaultRule) -> tuple[bytes, Headers]:
    """Body and usual headers."""
    as_json = [("Content-Type", _JSON)]
    if rule.content == "html":
        return HTML, [("Content-Type", "text/html; charset=utf-8")]
    if rule.content == "big_json":
        return big_json(), as_json
    if rule.content == "gzip_bomb":
        return gzip_bomb(), [*as_json, ("Content-Encoding", "gzip")]
    if rule.content == "redirect":
        return b"", [("Location", LOGIN_PATH)]
    return rule.text.encode(), as_json


def _renamed(rule: FaultRule, real: Answer, looks: FaultLooks) -> Answer:
    """The true answer, its first id replaced; one without an id stays as it is."""
    try:
        document = json.loads(real.body)
    except ValueError:
        return real
    for holder, key in _id_places(document):
        known = holder[key]
        other = rule.text or looks.other_id(str(known))
        holder[key] = int(other) if isinstance(known, int) and other.isdigit() else other
        return real.with_body(json.dumps(document, separators=(",", ":")).encode())
    return real


def _id_places(value: object) -> Iterator[tuple[dict[str, object], str]]:
    """Every object with an id and the id's key, outermost first, in the order of the document."""
    if isinstance(value, dict):
        for key in _ID_KEYS:
            if isinstance(value.get(key), str | int) and not isinstance(value[key], bool):
                yield value, key
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _id_places(one)


def neighbouring_id(known: str) -> str:
    """An id of the same form: the last digit or letter turned to the next ("109" → "100", "aZ" → "aA")."""
    for place in range(len(known) - 1, -1, -1):
        for first, last in (("0", "9"), ("a", "z"), ("A", "Z")):
            if first <= known[place] <= last:
                following = first if known[place] == last else chr(ord(known[place]) + 1)
                return known[:place] + following + known[place + 1 :]
    return known + "1"
