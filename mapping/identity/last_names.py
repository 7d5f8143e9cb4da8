"""Do two last names belong to one person or one family?"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from mapping.people.family_names import family_words

_LONG_NAME = 8


class LastNames(IntEnum):
    """How two last names stand to each other, the strongest highest."""

    UNLIKE = 0
    UNKNOWN = 1  # at least one was not given
    ALIKE = 2  # a slip of the finger apart
    PART = 3  # hyphenated and double surnames carry both families' names
    SAME = 4


@lru_cache(maxsize=1024)
def compare(one: str, other: str) -> LastNames:
    """Accents, case, particles, apostrophes and hyphens do not count."""
    first, second = family_words(one), family_words(other)
    if not first or not second:
        return LastNames.UNKNOWN
    together, also_together = "".join(first), "".join(second)
    if together == also_together:
        return LastNames.SAME
    if not set(first).isdisjoint(second):
        return LastNames.PART
    shorter = min(len(together), len(also_together))
    allowed = 2 if shorter >= _LONG_NAME else 1
    near = shorter > 3 and OSA.distance(together, also_together, score_cutoff=allowed) <= allowed
    return LastNames.ALIKE if near else LastNames.UNLIKE


def best(name: str, others: tuple[str, ...]) -> LastNames:
    """The strongest agreement of a name with any of those a borrower goes by."""
    return max([compare(name, other) for other in others if other], default=LastNames.UNKNOWN)
