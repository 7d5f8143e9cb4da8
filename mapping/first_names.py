"""Do two first names belong to one person? The gate that keeps spouses and siblings apart."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

from mapping.nicknames import are_forms_of_one_name
from mapping.normalize.text import fold


class Agreement(IntEnum):
    """How two first names stand to each other, the strongest highest."""

    UNLIKE = 0
    UNKNOWN = 1  # at least one was not given
    ALIKE = 2  # one letter apart: a slip of the finger, or Mario and Maria
    INITIAL = 3
    NICKNAME = 4
    SAME = 5


@lru_cache(maxsize=8192)
def compare(one: str, other: str) -> Agreement:
    """Accents, case and punctuation do not count; "Mary" is "Mary Ann", "Mary Beth" is not."""
    first, second = fold(one).split(), fold(other).split()
    if not first or not second:
        return Agreement.UNKNOWN
    if "".join(first) == "".join(second):
        return Agreement.SAME
    if len(first) > 1 and len(second) > 1 and first[1] != second[1]:
        return Agreement.UNLIKE
    return _compare_word(first[0], second[0])


def best(name: str, others: tuple[str, ...]) -> Agreement:
    """The strongest agreement of a name with any of those a borrower goes by."""
    return max((compare(name, other) for other in others if other), default=Agreement.UNKNOWN)


def _compare_word(one: str, other: str) -> Agreement:
    if one == other:
        return Agreement.SAME
    if len(one) == 1 or len(other) == 1:
        return Agreement.INITIAL if one[0] == other[0] else Agreement.UNLIKE
    if are_forms_of_one_name(one, other):
        return Agreement.NICKNAME
    return (
        Agreement.ALIKE if min(len(one), len(other)) > 3 and _one_edit_apart(one, other) else Agreement.UNLIKE
    )


def _one_edit_apart(one: str, other: str) -> bool:
    """One letter added, dropped or changed, or two neighbours swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    swapped = left[:2] == right[1::-1] and len(right) > 1 and left[2:] == right[2:]
    return swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]
