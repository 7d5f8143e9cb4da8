"""What the evidence about one known borrower comes to: gates first, then the two lines.

Gates beat thresholds: relatives share names, address, phone and inbox, so that any sum of these is reached.
"""

from __future__ import annotations

from math import log2

from msgspec import Struct
from msgspec.structs import replace

from mapping.identity import weights
from mapping.identity.by_name import by_name_alone
from mapping.identity.company import Company
from mapping.identity.contacts import Standing
from mapping.identity.doubts import doubt_about
from mapping.identity.evidence import Evidence
from mapping.identity.first_names import Agreement
from mapping.identity.known import KnownBorrower
from mapping.identity.last_names import LastNames
from mapping.identity.places import Nearness
from mapping.identity.rules import USUAL, IdentityRules
from mapping.identity.verdict import Verdict
from mapping.people.inboxes import is_named_for


class Finding(Struct, frozen=True):
    """What one known borrower comes to; relative: what is shared tells of one household."""

    evidence: Evidence
    verdict: Verdict
    gate: str  # what decided beside the bits, in words; "" when the bits did
    relative: bool = False
    namesakes: bool = False  # somebody else of the borrower's name is about

    @property
    def id(self) -> str:
        return self.evidence.borrower.id

    @property
    def named(self) -> bool:
        return self.evidence.first_name is not Agreement.UNLIKE

    @property
    def reasons(self) -> tuple[str, ...]:
        """Every weight, the sum, and the gate that had the last word."""
        total = f"{self.evidence.bits:.1f} bits in all"
        return (*map(str, self.evidence.weights), total, *([self.gate] if self.gate else ()))


def find(evidence: Evidence, company: Company, stored: int = 0, rules: IdentityRules = USUAL) -> Finding:
    """The gates in their order; the first that applies decides. stored is how many borrowers there are."""
    found = (
        _first_name_gate(evidence)
        or _conflict_gate(evidence)
        or _co_borrower_gate(evidence, company)
        or _nameless_gate(evidence, rules)
        or _identifier_gate(evidence, company, stored, rules)
        or _lines(evidence, company, rules)
    )
    return replace(found, namesakes=True) if company.namesake else found


def _first_name_gate(evidence: Evidence) -> Finding | None:
    if evidence.first_name is not Agreement.UNLIKE:
        return None
    return Finding(evidence, Verdict.NEW, "first name differs", relative=_shares_a_household(evidence))


def _shares_a_household(evidence: Evidence) -> bool:
    """An inbox or a number of late; or the address with the last name."""
    email, phone = evidence.email, evidence.phone
    by_email = email.agrees and not email.near
    by_phone = phone.agrees and not (phone.near or phone.stale) and phone.standing is not Standing.NOTHING
    at_home = evidence.place is Nearness.ADDRESS and evidence.last_name > LastNames.UNKNOWN
    return by_email or by_phone or at_home


def _conflict_gate(evidence: Evidence) -> Finding | None:
    """Father and son differ in suffix; a differing birth date may be a slip, so a person decides."""
    if evidence.suffix is False:
        return Finding(evidence, Verdict.NEW, "suffix differs", relative=_shares_a_household(evidence))
    if evidence.birth_date is False:
        without = evidence.bits - weights.BIRTH_DIFFERS
        named = evidence.last_name is not LastNames.UNLIKE
        likely = evidence.personal and named and without >= weights.LIKELY
        verdict = Verdict.REVIEW if likely else Verdict.NEW
        return Finding(evidence, verdict, "birth date differs", relative=_shares_a_household(evidence))
    return None


def _co_borrower_gate(evidence: Evidence, company: Company) -> Finding | None:
    """The named co-borrower may be the known borrower: then this party is the other half of the couple."""
    other = company.other
    if other is None or other.first_name <= Agreement.ALIKE or other.last_name is LastNames.UNLIKE:
        return None
    if evidence.first_name is Agreement.UNKNOWN:
        return Finding(evidence, Verdict.NEW, "the co-borrower is the known borrower", relative=True)
    proven = bool(evidence.birth_date) or bool(evidence.suffix) or company.told_apart
    if other.first_name < evidence.first_name or proven:
        return None
    if not evidence.identified:
        return Finding(evidence, Verdict.NEW, "the co-borrower has that name too", relative=True)
    return Finding(evidence, Verdict.REVIEW, "the co-borrower has that name too")


def _nameless_gate(evidence: Evidence, rules: IdentityRules) -> Finding | None:
    """Without a first name anybody of the house may have written from an inbox, or called.

    Who gives both is the borrower, where nobody else of the household is about.
    """
    if evidence.first_name is not Agreement.UNKNOWN:
        return None
    if not (evidence.email.agrees or evidence.phone.agrees or evidence.birth_date):
        return Finding(evidence, Verdict.NEW, "nothing but a last name or a place in common")
    if evidence.last_name is LastNames.UNLIKE and not evidence.birth_date:
        return Finding(evidence, Verdict.NEW, "last name differs, no first name to compare")
    told = evidence.reached_both_ways and evidence.last_name is not LastNames.ALIKE
    verdict = Verdict.SAME if told and _is_alone(evidence.borrower, rules) else Verdict.REVIEW
    return Finding(evidence, verdict, "no first name to compare")


def _is_alone(borrower: KnownBorrower, rules: IdentityRules) -> bool:
    """Nobody else of the household is known, and no inbox that the borrower gave bears another's name."""
    first, last = (next(iter(names), "") for names in (borrower.first_names, borrower.last_names))
    own = (email for email in borrower.emails if rules.is_evidence(("email", email)))
    return not borrower.household_id and all(is_named_for(email, first, last) is not False for email in own)


def _identifier_gate(
    evidence: Evidence, company: Company, stored: int, rules: IdentityRules
) -> Finding | None:
    """A name and a town are never enough; when they are rare, a person is asked."""
    if evidence.identified:
        return None
    bits = by_name_alone(evidence, company, stored)
    # No likelier, but the more is known of somebody, the more a question is worth.
    worth = log2(min(max(evidence.borrower.inquiries, 1), weights.KNOWN_WELL))
    likely = bits + worth >= rules.ask_by_name_from
    household = bits >= weights.HOUSEHOLD_BY_NAME and evidence.place >= Nearness.CITY
    if (likely or household) and (evidence.bare or evidence.borrower.is_bare):
        # Somebody named in another's inquiry: there would be nothing to merge.
        return Finding(evidence, Verdict.NEW, "one of them is only known by name", relative=household)
    verdict = Verdict.REVIEW if likely else Verdict.NEW
    return Finding(evidence, verdict, "no email, phone, birth date or address in common")


def _lines(evidence: Evidence, company: Company, rules: IdentityRules) -> Finding:
    """The two lines, and what asks for more than their bits."""
    if evidence.bits < rules.ask_from:
        return Finding(evidence, Verdict.NEW, "too little in common", relative=False)
    doubt = doubt_about(evidence, company)
    if doubt or evidence.bits < rules.same_from:
        return Finding(evidence, Verdict.REVIEW, doubt)
    return Finding(evidence, Verdict.SAME, "")
