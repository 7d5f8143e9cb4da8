"""Cuts off what a reply quotes; never used on what is forwarded."""

from __future__ import annotations

import re

# "On Mon, Mar 3, 2025 at 4:00 PM Ann Lee <ann@example.com> wrote:", also broken over two or three lines.
ATTRIBUTION = re.compile(
    r"^[ \t>]*(?:On|Le|El|Am|Il)\b[^\n]{4,200}(?:\n[^\n]{0,160}){0,2}?"
    r"\b(?:wrote|a [ée]crit|escribi[óo]|schrieb|ha scritto)\s*:[ \t]*$",
    re.MULTILINE,
)
_ORIGINAL = re.compile(
    r"^[ \t>]*-{3,}\s*(?:original message|message d['’]origine|message original|mensaje original)\s*-{3,}",
    re.IGNORECASE | re.MULTILINE,
)
_MARKER = re.compile(
    r"^[ \t]*#*-{2,}\s*(?:please (?:type|reply) above|r[ée]pondez au-dessus)", re.IGNORECASE | re.MULTILINE
)


def without_quotes(text: str) -> str:
    """The text without what it answers to; answers written between quoted lines are kept."""
    for mark in (_ORIGINAL, _MARKER):
        found = mark.search(text)
        if found:
            text = text[: found.start()]
    found = ATTRIBUTION.search(text)
    if found:
        rest = text[found.end() :]
        quoted = rest.lstrip("\n").startswith(">")
        text = text[: found.start()] + (_own_lines(rest) if quoted else "")
    return _own_lines(text).strip()


def _own_lines(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.lstrip().startswith(">"))
