"""What somebody said before about being contacted: it holds for every later inquiry, whatever that says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from jobs.ledger import consents, suppressions
from mapping.consent.agreed import taken_back, without
from mapping.consent.record import Said, standing
from mapping.inquiry import Inquiry


@dataclass(frozen=True, slots=True)
class SaidBefore:
    """Equal to another one when nothing was said meanwhile."""

    suppressed: frozenset[tuple[str, str]]  # (hash of an address or number, channel)
    of_people: frozenset[tuple[str, str]]  # (borrower, channel), by any of their addresses and numbers
    record: Mapping[str, tuple[Said, ...]]  # by borrower

    def closed(self, hashes: Sequence[str], borrower_id: str) -> Mapping[str, str]:
        """Channels that are closed for a person with these addresses and numbers, and how: the strictest.

        refused: somebody said no on a form; opted_out: they asked to be left alone.
        """
        left = {channel for hash_, channel in self.suppressed if hash_ in hashes}
        left |= {channel for who, channel in self.of_people if who == borrower_id}
        said = standing(self.record.get(borrower_id, ()))
        return {**said, **dict.fromkeys(sorted(left), "opted_out")}


def said_before(connection: Connection, hashes: Sequence[str], borrower_ids: Sequence[str]) -> SaidBefore:
    """What was said by whoever has these hashed addresses and numbers, and by these borrowers."""
    return SaidBefore(
        suppressions.suppressed(connection, hashes),
        suppressions.of_people(connection, borrower_ids),
        consents.said_by(connection, borrower_ids),
    )


def heeding(inquiry: Inquiry, closed: Mapping[str, str]) -> Inquiry:
    """The inquiry with what is closed closed in it too."""
    if not closed:
        return inquiry
    left = [channel for channel, how in closed.items() if how == "opted_out"]
    return replace(inquiry, consent=taken_back(without(inquiry.consent, tuple(closed)), left))
