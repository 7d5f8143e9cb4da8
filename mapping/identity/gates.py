"""What the evidence about one known borrower comes to: gates first, then the two lines.

Gates beat thresholds: relatives share names, address, phone and inbox, so that any sum of these is reached.
"""

from __future__ import annotations

from dataclasses import dataclass

from mapping.identity import weights
from mapping.identity.contacts import Standing
from mapping.identity.evidence import Evidence
from mapping.identity.first_names import Agreement
from mapping.identity.last_names import LastNames
from mapping.identity.places import Nearness
from mapping.identity.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Finding:
    """What one known borrower comes to; relative: what is shared tells of one household."""

    evidence: Evidence
    verdict: Verdict
    gate: str  # what decided beside the bits, in words; "" when the bits did
    relative: bool = False

    @property
    def id(self) -> str:
        return self.evidence.borrower.id

    @property
    def named(self) -> bool:
        return self.evidence.first_name is not Agreement.UNLIKE

    @property
    def reasons(self) -> tuple[str, ...]:
        """Every weight, the sum, and the gate that had the last word."""
        lines = tuple(str(weight) for weight in self.evidence.weights)
        total = f"{self.evidence.bits:.1f} bits in all"
        return (*lines, total, *([self.gate] if self.gate else ()))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Who else is there: the other party of the inquiry, and what they have in common with the borrower."""

    other: Evidence | None = None
    told_apart: bool = False  # the two parties have contact points of their own
    namesake: bool = False  # somebody else of that name is about


def find(evidence: Evidence, around: Surroundings) -> Finding:
    """The gates in their order; the first that applies decides."""
    return (
        _first_name_gate(evidence)
        or _conflict_gate(evidence)
        or _co_borrower_gate(evidence, around)
        or _nameless_gate(evidence)
        or _identifier_gate(evidence)
        or _lines(evidence, around)
    )


def _first_name_gate(evidence: Evidence) -> Finding | None:
    if evidence.first_name is not Agreement.UNLIKE:
        return None
    return Finding(evidence, Verdict.NEW, "first name differs", relative=_shares_a_household(evidence))


def _shares_a_household(evidence: Evidence) -> bool:
    """An inbox or a number of late; or the address with the last name."""
    phone = evidence.phone
    by_phone = phone.agrees and phone.standing is not Standing.NOTHING and not phone.stale
    at_home = evidence.place is Nearness.ADDRESS and evidence.last_name > LastNames.UNKNOWN
    return evidence.email.agrees or by_phone or at_home


def _conflict_gate(evidence: Evidence) -> Finding | None:
    """Father and son differ in suffix; a differing birth date may be a slip, so a person decides."""
    if evidence.suffix is False:
        return Finding(evidence, Verdict.NEW, "suffix differs", relative=_shares_a_household(evidence))
    if evidence.birth_date is False:
        without = evidence.bits - weights.BIRTH_DIFFERS
        likely = evidence.personal and evidence.last_name is not LastNames.UNLIKE and without >= weights.LINK
        verdict = Verdict.REVIEW if likely else Verdict.NEW
        return Finding(evidence, verdict, "birth date differs", relative=_shares_a_household(evidence))
    return None


def _co_borrower_gate(evidence: Evidence, around: Surroundings) -> Finding | None:
    """The named co-borrower may be the known borrower: then this party is the other half of the couple."""
    other = around.other
    if other is None or other.first_name <= Agreement.ALIKE or other.last_name is LastNames.UNLIKE:
        return None
    if evidence.first_name is Agreement.UNKNOWN:
        return Finding(evidence, Verdict.NEW, "the co-borrower is the known borrower", relative=True)
    proven = bool(evidence.birth_date) or bool(evidence.suffix) or around.told_apart
    if other.first_name < evidence.first_name or proven:
        return None
    return Finding(evidence, Verdict.REVIEW, "the co-borrower has that name too")


def _nameless_gate(evidence: Evidence) -> Finding | None:
    """Without a first name only an inbox of one person tells who it is."""
    if evidence.first_name is not Agreement.UNKNOWN:
        return None
    if not (evidence.email.agrees or evidence.phone.agrees or evidence.birth_date):
        return Finding(evidence, Verdict.NEW, "nothing but a last name or a place in common")
    own_inbox = evidence.email.standing is Standing.PERSON
    if own_inbox and evidence.last_name is not LastNames.UNLIKE:
        return Finding(evidence, Verdict.SAME, "no first name to compare")
    return Finding(evidence, Verdict.REVIEW, "no first name to compare")


def _identifier_gate(evidence: Evidence) -> Finding | None:
    """A name and a town are never enough; when they are rare, a person is asked."""
    if evidence.identified:
        return None
    asked = evidence.bits >= weights.REVIEW_BY_NAME
    return Finding(
        evidence, Verdict.REVIEW if asked else Verdict.NEW, "no email, phone, birth date or address in common"
    )


def _lines(evidence: Evidence, around: Surroundings) -> Finding:
    """The two lines, and what asks for more than their bits."""
    if evidence.bits < weights.REVIEW:
        return Finding(evidence, Verdict.NEW, "too little in common", relative=False)
    doubt = _doubt(evidence, around)
    if doubt or evidence.bits < weights.LINK:
        return Finding(evidence, Verdict.REVIEW, doubt)
    return Finding(evidence, Verdict.SAME, "")


def _carries_a_new_last_name(evidence: Evidence) -> bool:
    """People marry: their own inbox stays, or the birth date with something else."""
    contact = evidence.email.agrees or evidence.phone.agrees or evidence.place is Nearness.ADDRESS
    return evidence.email.standing is Standing.PERSON or (bool(evidence.birth_date) and contact)


def _doubt(evidence: Evidence, around: Surroundings) -> str:
    """What looks like one person and may be two: something that only one person has must agree then."""
    last, first = evidence.last_name, evidence.first_name
    if last is LastNames.UNLIKE and not _carries_a_new_last_name(evidence):
        return "last name differs"
    if first is Agreement.INITIAL and last < LastNames.PART:
        return "only the initial agrees"
    if evidence.middle_name is False:
        return "middle name differs"
    if evidence.personal:
        return ""
    if around.namesake:
        return "somebody else of that name is about"
    if first in (Agreement.ALIKE, Agreement.INITIAL, Agreement.MIDDLE):
        return "the first name agrees only nearly"
    if evidence.place is Nearness.ADDRESS and evidence.all_changed:
        return "email and phone both changed"
    return ""
