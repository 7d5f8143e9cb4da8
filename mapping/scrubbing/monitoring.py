"""Race, ethnicity, sex, marital status and the like: what the law has lenders ask, and nobody here may know.

Found by the names of fields (sensitive_names.py), and here by the shapes in which names and values stand in
text: tags, JSON, lines of "name: value".
"""

from __future__ import annotations

import re
from functools import lru_cache

from mapping.normalize.text import fold

MONITORING = "monitoring"
MARK = "[redacted monitoring]"

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NAMES = re.compile(
    r"\bhmda\b|\b(?:government|gov) monitoring\b|\bdemographics?(?: info(?:rmation)?)?\b"
    r"|\braces?\b|\braza\b|\bracial\b|\bethnic\w*|\bethnie\b|\betni\w+|\borigine ethnique\b"
    r"|\bsex\b|\bsexe\b|\bsexo\b|\bgender\b|^genero\b|^genre$|\bmarital\b|\bmarried\b|\bmarie e?\b"
    r"|\betat (?:civil|matrimonial)\b|\bestado civil\b|\bsituation (?:matrimoniale|de famille|conjugale)\b"
    r"|\bhispanic\b|\blatin[oax]\b|\bamerican indian\b|\balaska native\b|\bnative hawaiian\b"
    r"|\bpacific islander\b|\bafrican american\b|\bnational origin\b|\borigine nationale\b"
    r"|\borigen nacional\b|\breligio\w*\b|\bdisabilit(?:y|ies)\b"
)
#: A longer label asks for more than the one thing.
_MOST_WORDS = 9

_HINT = re.compile(
    r"race|raza|ethni|etni|hmda|gender|genre|g[eé]nero|marital|married|mari[eé]|matrimonial|conjugal|civil"
    r"|\bsexe?\b|\bsexo\b|_sex|sexType|hispanic|latin[oax]|islander|monitoring|demographic|religio|national"
    r"|nacional|disabilit",
    re.IGNORECASE,
)
#: <GenderType>Female</GenderType>, with whatever attributes and prefix; and name="value".
_TAG = re.compile(r"(<(?:[\w-]+:)?([A-Za-z][\w.-]*)(?:\s[^<>]*)?>)([^<>]+)(?=<)")
_JSON = re.compile(
    r"""("([\w .-]{2,60})"\s*:\s*)("(?:[^"\\]|\\.)*"|true\b|false\b|[\d.]+|\[[^\[\]]*\]|\{[^{}]*\})"""
)
_ATTRIBUTE = re.compile(r"""(\b([A-Za-z][\w-]{1,60})\s*=\s*)("[^"]*"|'[^']*')""")
#: "Marital status: married" at the start of a line, or after a comma or semicolon.
_WORD = r"[^\W\d_][\w'’/().-]{0,24}"
_LINE = re.compile(
    rf"(?m)((?:^|[;,|>])[ \t>*•-]{{0,8}}({_WORD}(?:[ \t]{_WORD}){{0,3}})[ \t]?[:=][ \t]?)([^\n;|<\[]+)"
)


@lru_cache(maxsize=8192)
def asks_for_monitoring(name: str) -> bool:
    """Whether a field of this name (camelCase, snake_case) or label asks for nothing else."""
    words = fold(_CAMEL.sub(" ", name))
    return words.count(" ") < _MOST_WORDS and _NAMES.search(words) is not None


def redact_monitoring(text: str) -> tuple[str, int]:
    """The text with such values replaced, and how many were."""
    if not _HINT.search(text):
        return text, 0
    count = 0

    def replaced(match: re.Match[str]) -> str:
        nonlocal count
        value = match[3].strip()
        if not value or value.startswith("[redacted") or not asks_for_monitoring(match[2]):
            return match[0]
        count += 1
        return match[1] + MARK

    for shape in (_TAG, _JSON, _ATTRIBUTE, _LINE):
        text = shape.sub(replaced, text)
    return text, count
