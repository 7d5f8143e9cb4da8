"""How likely two are one person of whom nothing but a name, and perhaps a town, is the same."""

from __future__ import annotations

from math import log2

from mapping.identity import weights
from mapping.identity.company import Company
from mapping.identity.evidence import Evidence
from mapping.identity.places import Nearness


def by_name_alone(evidence: Evidence, company: Company, stored: int) -> float:
    """The bits for one person when nothing but names and towns agree, among so many borrowers stored.

    The bits of the name are set against how many strangers bear it by chance.
    """
    strangers = max(stored, weights.FEWEST_STORED) * 2.0**-evidence.name_bits
    weighs = (
        (weights.NAMED_EMAIL_DIFFERS, evidence.email.differs),
        (weights.NAMED_PHONE_DIFFERS, evidence.phone.differs),
        (weights.NAMED_IN_TOWN, evidence.place in (Nearness.POSTAL, Nearness.CITY)),
        (weights.NAMED_LIKE_OTHERS, company.named_alike),
        (weights.NAMED_IN_HOUSEHOLD, bool(evidence.borrower.household_id)),
    )
    by_chance = -log2(2.0**-weights.RAREST + strangers)
    more = sum(bits for bits, holds in weighs if holds)
    return evidence.bits - evidence.name_bits + by_chance + more
