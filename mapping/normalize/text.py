"""Text as people and systems send it: cleaned for keeping, folded for comparing."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST = 20_000  # characters; far beyond any honest answer, short enough to keep every regex cheap

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]"
)
_TAG = re.compile(r"<[^<>]*>")
# Letters with a stroke or grown together, which Unicode does not take apart.
_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_NOT_WORD = re.compile(r"[\W_]+")


def tidy(text: str) -> str:
    """NFC, no control or invisible characters, lines kept, ends trimmed. Idempotent."""
    if text.isascii() and text.isprintable():
        return text[:LONGEST].strip()
    cleaned = _CONTROL.sub("", text[:LONGEST].replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", cleaned).strip()


def tidy_line(text: str) -> str:
    """As tidy, on one line with single spaces."""
    return " ".join(tidy(text).split()) if text else ""


def without_markup(text: str) -> str:
    """One line without HTML tags or angle brackets."""
    if "<" in text or ">" in text:
        text = _TAG.sub(" ", text).replace("<", " ").replace(">", " ")
    return tidy_line(text)


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Lower-case words without accents or punctuation, one space between: for comparing only."""
    if text.isascii() and text.isalnum():
        return text.lower()
    lowered = text if text.isascii() else _without_accents(text)
    return _NOT_WORD.sub(" ", lowered.lower()).strip()


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_STROKES))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def word_set(table: str) -> frozenset[str]:
    """The words of a table written as one string."""
    return frozenset(table.split())
