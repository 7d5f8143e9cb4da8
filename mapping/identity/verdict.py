"""What is decided about one person, and what one known borrower comes to in it."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Verdict(StrEnum):
    """REVIEW means: open as new, deliver meanwhile, and let a person say."""

    SAME = "same"
    NEW = "new"
    REVIEW = "review"


class Match(Struct, frozen=True):
    """A borrower who may be the person: what weighs for and against it, in bits and in words."""

    borrower_id: str
    bits: float
    reasons: tuple[str, ...]


class Identity(Struct, frozen=True):
    """borrower_id is set for SAME; household_with is the borrower whose household a NEW one belongs to.

    matches are the borrowers a REVIEW is about, the likeliest first; of SAME, others who seem to be the same
    person too, and were opened before anything showed it. Reasons hold no personal values.
    """

    verdict: Verdict
    borrower_id: str
    household_with: str
    reasons: tuple[str, ...]
    matches: tuple[Match, ...] = ()

    @property
    def candidates(self) -> tuple[str, ...]:
        """The ids of the matches: whom a person is asked about."""
        return tuple(match.borrower_id for match in self.matches)
