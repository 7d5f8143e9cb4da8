"""Do two first names belong to one person? The gate that keeps spouses and siblings apart."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from mapping.normalize.text import fold
from mapping.people.common_names import is_common_given_name
from mapping.people.nicknames import are_forms_of_one_name, forms, is_given_name, root

_LONG_NAME = 8
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = [pair for row in _ROWS for pair in pairwise(row)]
_BELOW = [
    pair
    for row, below in pairwise(_ROWS)
    for shift in (0, 1)
    for pair in zip(row[shift:], below, strict=False)
]
_NEIGHBOURS = frozenset(map(frozenset, (*_BESIDE, *_BELOW)))


class Agreement(IntEnum):
    """How two first names stand to each other, the strongest highest."""

    UNLIKE = 0
    UNKNOWN = 1  # at least one was not given
    ALIKE = 2  # a letter apart: misread, misheard, or two people
    INITIAL = 3
    SLIP = 4  # a slip of the finger apart
    MIDDLE = 5  # one goes by the middle name
    NICKNAME = 6
    SAME = 7


@lru_cache(maxsize=1024)
def compare(one: str, other: str) -> Agreement:
    """Accents, case and punctuation do not count; "Mary" is "Mary Ann", "Mary Beth" is not."""
    first, second = fold(one).split(), fold(other).split()
    if not first or not second:
        return Agreement.UNKNOWN
    # "Jean Luc" is "Jeanluc", but "Paul A." is not "Paula".
    no_initials = min(map(len, (*first, *second))) > 1
    if first == second or (no_initials and "".join(first) == "".join(second)):
        return Agreement.SAME
    if len(first) > 1 and len(second) > 1 and first[1] != second[1]:
        return _second_words(first, second)
    if are_forms_of_one_name(one, other):
        return Agreement.NICKNAME
    return _compare_word(first[0], second[0])


def best(name: str, others: tuple[str, ...]) -> Agreement:
    """The strongest agreement of a name with any of those a borrower goes by.

    Who is known by more than an initial is not compared by it: Mat is not Marie M.
    """
    whole = [other for other in others if len(fold(other)) > 1]
    return max([compare(name, other) for other in whole or others if other], default=Agreement.UNKNOWN)


def _second_words(first: list[str], second: list[str]) -> Agreement:
    """Mary Ann and Mary A. are one, Mary Ann and Mary Beth are two; a slip in either word is one."""
    if first[0] == second[0]:
        return min(Agreement.NICKNAME, _compare_word(first[1], second[1]))
    return Agreement.UNLIKE


def _compare_word(one: str, other: str) -> Agreement:
    if one == other:
        return Agreement.SAME
    if len(one) == 1 or len(other) == 1:
        return Agreement.INITIAL if _is_initial_of(one, other) else Agreement.UNLIKE
    if are_forms_of_one_name(one, other) or _is_cut_short(one, other):
        return Agreement.NICKNAME
    if _a_letter_apart(one, other):
        return Agreement.SLIP if _is_slip(one, other) else Agreement.ALIKE
    return Agreement.SLIP if _is_slip_of_a_form(one, other) else Agreement.UNLIKE


def _is_initial_of(one: str, other: str) -> bool:
    """W. is William, and Billy too."""
    initial, name = sorted((one, other), key=len)
    return initial[0] in (name[0], root(name)[0])


def _is_cut_short(one: str, other: str) -> bool:
    """Anj is Anjali; a short form that is a name in itself is in the list of nicknames, or another's."""
    short, long = sorted((one, other), key=len)
    return len(short) >= 3 <= len(long) - len(short) and long.startswith(short) and not _is_known(short)


def _is_slip_of_a_form(one: str, other: str) -> bool:
    """Miek is Mike, and so Miguel; Ryn is Ryan. Only what is no name in itself is taken for a slip."""
    if _is_known(one) == _is_known(other):
        return False
    typed, meant = (other, one) if _is_known(one) else (one, other)
    return any(_is_short_slip(typed, form) for form in forms(meant))


def _is_short_slip(typed: str, meant: str) -> bool:
    apart = OSA.distance(typed, meant, score_cutoff=1) == 1 and typed[0] == meant[0]
    short = max(len(typed), len(meant)) <= 3
    return apart and not short and _is_slip(typed, meant) and not _differ_in_gender(typed, meant)


def _a_letter_apart(one: str, other: str) -> bool:
    """One letter added, dropped, changed or two swapped, two in long names; but not another given name."""
    shorter = min(len(one), len(other))
    allowed = 2 if shorter >= _LONG_NAME else 1
    if shorter <= 3 or OSA.distance(one, other, score_cutoff=allowed) > allowed:
        return False
    return not (_is_known(one) and _is_known(other)) and not _differ_in_gender(one, other)


def _is_slip(one: str, other: str) -> bool:
    """A letter too many, too few or swapped with its neighbour, or its neighbour on the keyboard."""
    changed = [pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]]
    if len(one) != len(other) or len(changed) != 1:
        return True
    return frozenset(changed[0]) in _NEIGHBOURS


def _is_known(name: str) -> bool:
    return is_common_given_name(name) or is_given_name(name)


def _differ_in_gender(one: str, other: str) -> bool:
    """Renato and Renata, Daniel and Daniela: a couple's or siblings' names, not a slip."""
    stem, ending = one.rstrip("aeo"), one[len(one.rstrip("aeo")) :]
    return stem == other.rstrip("aeo") and {ending, other[len(stem) :]} in ({"a", "o"}, {"a", ""}, {"a", "e"})
