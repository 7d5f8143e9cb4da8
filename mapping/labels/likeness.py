"""Labels that are nearly known: misspelt, in another order, or with a known phrase inside."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz, process

from mapping.labels.form_labels import CO_BORROWER, PARTNER, SOMEBODY_ELSE
from mapping.labels.vocabulary import known_phrases, phrase
from mapping.normalize.text import fold

_ELSE, _PARTNER, _CO = re.compile(SOMEBODY_ELSE), re.compile(PARTNER), re.compile(rf"\b{CO_BORROWER}\b")
_SHORTEST = 4  # letters; below, one wrong letter makes another word
_NEAR = 86.0  # of 100: "adress" for "address", "telphone"
_OF_TYPO, _OF_PART = 0.85, 0.6


@lru_cache(maxsize=2048)
def nearest(label: str) -> tuple[str, float, str]:
    """(field, confidence 0..1, the known phrase it is like); ("", 0, "") when it is like none."""
    words = phrase(label[:200])
    if len(words) < _SHORTEST or _ELSE.search(fold(label)):
        return "", 0.0, ""
    found = _misspelt(words) or _containing(words)
    if found is None or not _about_the_same(found[0], fold(label)):
        return "", 0.0, ""
    return found


def _misspelt(words: str) -> tuple[str, float, str] | None:
    """The known phrase with a letter or two wrong, or with its words in another order."""
    choices = [one for one in known_phrases() if len(one) >= _SHORTEST]
    straight = process.extractOne(words, choices, scorer=fuzz.ratio, score_cutoff=_NEAR)
    turned = process.extractOne(words, choices, scorer=fuzz.token_sort_ratio, score_cutoff=_NEAR)
    found = max((one for one in (straight, turned) if one), key=lambda one: one[1], default=None)
    if found is None:
        return None
    return known_phrases()[found[0]], round(found[1] / 100 * _OF_TYPO, 2), found[0]


def _containing(words: str) -> tuple[str, float, str] | None:
    """The longest known phrase of two words or more that stands in the label as it is."""
    padded = f" {words} "
    inside = [one for one in known_phrases() if " " in one and f" {one} " in padded]
    if not inside:
        return None
    best = max(inside, key=len)
    share = len(best) / len(words)
    return known_phrases()[best], round(_OF_PART + 0.2 * share, 2), best


def _about_the_same(field: str, label: str) -> bool:
    """A label that speaks of the co-borrower or the partner is no label of the borrower's."""
    if _CO.search(label):
        return field.startswith("co_")
    if _PARTNER.search(label):
        return field.startswith("partner_")
    return not field.startswith(("co_", "partner_"))
