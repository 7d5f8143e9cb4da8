"""Do two first names belong to one person? The gate that keeps spouses and siblings apart."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from mapping.identity.common_names import is_common_given_name
from mapping.nicknames import are_forms_of_one_name, is_given_name
from mapping.normalize.text import fold

_LONG_NAME = 8


class Agreement(IntEnum):
    """How two first names stand to each other, the strongest highest."""

    UNLIKE = 0
    UNKNOWN = 1  # at least one was not given
    ALIKE = 2  # a slip of the finger apart
    INITIAL = 3
    MIDDLE = 4  # one goes by the middle name
    NICKNAME = 5
    SAME = 6


@lru_cache(maxsize=8192)
def compare(one: str, other: str) -> Agreement:
    """Accents, case and punctuation do not count; "Mary" is "Mary Ann", "Mary Beth" is not."""
    first, second = fold(one).split(), fold(other).split()
    if not first or not second:
        return Agreement.UNKNOWN
    if "".join(first) == "".join(second):
        return Agreement.SAME
    if len(first) > 1 and len(second) > 1 and first[1] != second[1]:
        return _second_words(first, second)
    return _compare_word(first[0], second[0])


def best(name: str, others: tuple[str, ...]) -> Agreement:
    """The strongest agreement of a name with any of those a borrower goes by."""
    return max((compare(name, other) for other in others if other), default=Agreement.UNKNOWN)


def _second_words(first: list[str], second: list[str]) -> Agreement:
    """Mary Ann and Mary A. are one, Mary Ann and Mary Beth are two; a slip in either word is one."""
    if first[0] == second[0]:
        return min(Agreement.NICKNAME, _compare_word(first[1], second[1]))
    return Agreement.UNLIKE


def _compare_word(one: str, other: str) -> Agreement:
    if one == other:
        return Agreement.SAME
    if len(one) == 1 or len(other) == 1:
        return Agreement.INITIAL if one[0] == other[0] else Agreement.UNLIKE
    if are_forms_of_one_name(one, other):
        return Agreement.NICKNAME
    return Agreement.ALIKE if _a_slip_apart(one, other) else Agreement.UNLIKE


def _a_slip_apart(one: str, other: str) -> bool:
    """One letter added, dropped, changed or two swapped, two in long names; but not another given name."""
    shorter = min(len(one), len(other))
    allowed = 2 if shorter >= _LONG_NAME else 1
    if shorter <= 3 or OSA.distance(one, other, score_cutoff=allowed) > allowed:
        return False
    return not (_is_known(one) and _is_known(other)) and not _differ_in_gender(one, other)


def _is_known(name: str) -> bool:
    return is_common_given_name(name) or is_given_name(name)


def _differ_in_gender(one: str, other: str) -> bool:
    """Renato and Renata, Daniel and Daniela: a couple's or siblings' names, not a slip."""
    stem, ending = one.rstrip("aeo"), one[len(one.rstrip("aeo")) :]
    return stem == other.rstrip("aeo") and {ending, other[len(stem) :]} in ({"a", "o"}, {"a", ""}, {"a", "e"})
