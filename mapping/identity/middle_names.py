"""Do the middle names agree? "Kyung Hee" is not "Kyung Soo", whichever field the second name stands in."""

from __future__ import annotations

from collections.abc import Iterable

from mapping.identity.known import KnownBorrower
from mapping.inquiry import Party
from mapping.normalize.text import fold


def middle_names_agree(party: Party, borrower: KnownBorrower) -> bool | None:
    """None when one of the two did not say; a second first name counts where the other gave a middle name."""
    mine, theirs = _folded([party.middle_name]), _folded(borrower.middle_names)
    if not mine and theirs:
        mine = _second_words([party.first_name])
    elif mine and not theirs:
        theirs = _second_words(borrower.first_names)
    if not mine or not theirs:
        return None
    return any(_agree(one, other) for one in mine for other in theirs)


def _agree(one: str, other: str) -> bool:
    """An initial stands for every name that begins with it."""
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


def _folded(names: Iterable[str]) -> list[str]:
    return [folded for name in names if (folded := fold(name))]


def _second_words(first_names: Iterable[str]) -> list[str]:
    return [words[1] for name in first_names if len(words := fold(name).split()) > 1]
