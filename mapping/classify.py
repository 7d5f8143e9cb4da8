"""What the borrower needs: first from the answer they chose, then from their words."""

from __future__ import annotations

import re
from functools import lru_cache

from mapping.inquiry import InquiryType
from mapping.inquiry_words import INQUIRY_WORDS
from mapping.normalize.text import fold

_STATED = tuple((kind, re.compile(stated)) for kind, stated, _ in INQUIRY_WORDS)
_WORDS = tuple((kind, re.compile(words)) for kind, _, words in INQUIRY_WORDS)
# One option for two needs says neither.
_EITHER = re.compile(
    r"(?:purchas\w*|buy\w*|achat|compra) (?:or |and |ou |o |y |et )?(?:a )?refi\w*"
    r"|refi\w* (?:or |and |ou |o |y |et )?(?:purchas\w*|buy\w*|achat|compra)"
)
_BY_VALUE = {kind.value.replace("_", " "): kind for kind in InquiryType}
_LONGEST = 4000  # characters of free text
LONGEST_OPTION = 8  # words; a longer answer was written, not chosen


def classify(stated: str, words: str) -> tuple[InquiryType, str]:
    """The inquiry type and why, in words that quote nothing of the borrower's.

    stated is what the borrower chose or a form asked for, words is free text (message, form title). The
    stated answer decides; words only when it says nothing known; general advice when neither does.
    """
    kind = stated_type(stated)
    if kind:
        return kind, f"the answer about the need says {_plain(kind)}"
    kind = _match(_WORDS, fold(words[:_LONGEST]))
    if kind:
        return kind, f"the words used speak of {_plain(kind)}"
    return InquiryType.GENERAL_ADVICE, "nothing said which kind of mortgage help is needed"


@lru_cache(maxsize=2048)
def stated_type(stated: str) -> InquiryType | None:
    """The type an answer from a list names, None when it names none."""
    folded = fold(stated[:200])
    exact = _BY_VALUE.get(folded)
    if exact:
        return exact
    if len(folded.split()) > LONGEST_OPTION:
        return _match(_WORDS, folded)
    if _EITHER.search(folded):
        return None
    return _match(_STATED, folded)


def _match(rules: tuple[tuple[InquiryType, re.Pattern[str]], ...], text: str) -> InquiryType | None:
    return next((kind for kind, pattern in rules if pattern.search(text)), None) if text else None


def _plain(kind: InquiryType) -> str:
    return kind.value.replace("_", " ")
