"""What the borrower needs: first from the answer they chose, then from their words."""

from __future__ import annotations

import re
from functools import lru_cache

from mapping.inquiry import InquiryType
from mapping.normalize.text import fold
from mapping.reading.inquiry_words import INQUIRY_WORDS

#: A brokerage's own words, as patterns over folded text; the first that is found decides.
Categories = tuple[tuple[InquiryType, re.Pattern[str]], ...]

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


def classify(stated: str, words: str, own: Categories = ()) -> tuple[InquiryType, str]:
    """The inquiry type and why, in words that quote nothing of the borrower's.

    stated is what the borrower chose or a form asked for, words is free text (message, form title). The
    stated answer decides; words only when it says nothing known; general advice when neither does. own are
    the brokerage's words, which are asked before ours.
    """
    kind = own_type(stated, own)
    if kind:
        return kind, f"the answer about the need has a word of the playbook for {_plain(kind)}"
    kind = stated_type(stated)
    if kind:
        return kind, f"the answer about the need says {_plain(kind)}"
    kind = own_type(words, own)
    if kind:
        return kind, f"the words used have one of the playbook for {_plain(kind)}"
    kind = _match(_WORDS, fold(words[:_LONGEST]))
    if kind:
        return kind, f"the words used speak of {_plain(kind)}"
    return InquiryType.GENERAL_ADVICE, "nothing said which kind of mortgage help is needed"


def own_type(text: str, own: Categories) -> InquiryType | None:
    """The type that the brokerage's own words name, None when none of them is there."""
    return _match(own, fold(text[:_LONGEST])) if own and text else None


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


def _match(rules: Categories, text: str) -> InquiryType | None:
    return next((kind for kind, pattern in rules if pattern.search(text)), None) if text else None


def _plain(kind: InquiryType) -> str:
    return kind.value.replace("_", " ")
