"""Who is this? The same borrower, a new one, or a question for a person; with the reasons in words.

Gates beat thresholds: first names must agree, an identifier must agree, and nothing may speak against it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mapping.evidence import Evidence, KnownBorrower, compare
from mapping.first_names import Agreement
from mapping.inquiry import Party
from mapping.lookup_keys import Key, identity_keys, search_keys

__all__ = ["Identity", "KnownBorrower", "Verdict", "identify", "identity_keys", "search_keys"]


class Verdict(StrEnum):
    """REVIEW means: open as new, deliver meanwhile, and let a person say."""

    SAME = "same"
    NEW = "new"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Identity:
    """borrower_id is set for SAME; household_with is the borrower whose household a NEW one belongs to.

    candidates are the borrowers a REVIEW is about, the likeliest first. Reasons hold no personal values.
    """

    verdict: Verdict
    borrower_id: str
    household_with: str
    reasons: tuple[str, ...]
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Finding:
    """What one known borrower comes to; relative: what is shared tells of one household."""

    evidence: Evidence
    verdict: Verdict
    reason: str
    relative: bool = False

    @property
    def id(self) -> str:
        return self.evidence.borrower.id

    @property
    def named(self) -> bool:
        return self.evidence.first_name > Agreement.ALIKE


def identify(
    party: Party,
    known: Sequence[KnownBorrower],
    *,
    other_party: Party | None = None,
    at: datetime | None = None,  # noqa: ARG001
    worthless: Collection[Key] = (),
) -> Identity:
    """Decide who party is among known, the borrowers found by its search_keys; their order does not matter.

    at is when the inquiry arrived: what was last heard long ago proves less. worthless are keys that are no
    evidence: a referral partner's own address, and what more borrowers share than are worth looking at.
    What a person said is obeyed: of two borrowers who are apart_from each other, the likelier is taken.

    An exact email or phone and agreeing first names make the same borrower. Suffixes or birth dates that
    differ, and a co-borrower (other_party) who is that borrower, never do. An unlike first name on a shared
    email or phone makes a new borrower of the same household. Two borrowers who match make a review.
    """
    compared = (compare(party, borrower, worthless) for borrower in known)
    findings = sorted((_find(party, each, other_party) for each in compared if each.shared), key=_likeliest)
    same = [finding for finding in findings if finding.verdict is Verdict.SAME]
    doubtful = [finding for finding in findings if finding.verdict is Verdict.REVIEW]
    if same and not _rivals(same[0], findings):
        return Identity(Verdict.SAME, same[0].id, "", (same[0].reason,), ())
    return _review(same, doubtful) if same or doubtful else _new(findings)


def _likeliest(finding: _Finding) -> tuple[bool, int, bool, int, str]:
    evidence = finding.evidence
    unlike_last_name = evidence.last_name is not True
    return (
        not finding.named,
        -len(evidence.shared),
        unlike_last_name,
        -evidence.borrower.inquiries,
        finding.id,
    )


def _rivals(winner: _Finding, findings: list[_Finding]) -> list[_Finding]:
    """The others whose claim is as good as the winner's."""
    told_apart = winner.evidence.borrower.apart_from
    others = [finding for finding in findings if finding is not winner and finding.id not in told_apart]
    if not winner.named:
        return [
            other for other in others if "email" in other.evidence.shared or other.verdict is not Verdict.NEW
        ]
    mine = set(winner.evidence.shared)
    claims = [other for other in others if other.verdict is not Verdict.NEW and other.named]
    return [claim for claim in claims if not set(claim.evidence.shared) < mine]


def _review(same: list[_Finding], doubtful: list[_Finding]) -> Identity:
    findings = same + doubtful
    reasons = ["more than one known borrower matches"] if len(findings) > 1 else []
    reasons += dict.fromkeys(finding.reason for finding in findings)
    if len(findings) == 1 and same:
        reasons.append("others share the same email")
    return Identity(Verdict.REVIEW, "", "", tuple(reasons), tuple(finding.id for finding in findings))


def _new(findings: list[_Finding]) -> Identity:
    relatives = [finding for finding in findings if finding.relative]
    close = [finding for finding in relatives if finding.evidence.last_name]
    if close or len(relatives) == 1:
        relative = (close or relatives)[0]
        return Identity(Verdict.NEW, "", relative.id, (f"{relative.reason}: one household",), ())
    if relatives:
        # An address seen with several unrelated names is a realtor's or an office's.
        return Identity(Verdict.NEW, "", "", ("the email or phone is used by several unrelated people",), ())
    reasons = tuple(dict.fromkeys(finding.reason for finding in findings))
    return Identity(
        Verdict.NEW, "", "", reasons or ("no email, phone or birth date in common with anyone",), ()
    )


def _find(party: Party, evidence: Evidence, other: Party | None) -> _Finding:
    """The gates in their order; the first that applies decides."""
    for gate in (_names_gate, _conflict_gate):
        finding = gate(evidence)
        if finding:
            return finding
    return _co_borrower_gate(party, evidence, other) or _doubt_gate(evidence) or _same(evidence)


def _same(evidence: Evidence) -> _Finding:
    how = {
        Agreement.UNKNOWN: "no first name to compare",
        Agreement.INITIAL: "the initial and last name agree",
        Agreement.NICKNAME: "one first name is a form of the other",
        Agreement.SAME: "first name agrees",
    }[evidence.first_name]
    return _Finding(evidence, Verdict.SAME, f"{evidence.shared_in_words}; {how}")


def _names_gate(evidence: Evidence) -> _Finding | None:
    if evidence.first_name is not Agreement.UNLIKE:
        return None
    shares_contact = evidence.shared != ("birth date",) and not evidence.fictional_only
    return _Finding(
        evidence, Verdict.NEW, f"{evidence.shared_in_words}; first name differs", relative=shares_contact
    )


def _conflict_gate(evidence: Evidence) -> _Finding | None:
    """Father and son differ in suffix; a differing birth date may be a slip, so a person decides."""
    if evidence.suffix is False:
        reason = f"{evidence.shared_in_words}; suffix differs"
        return _Finding(evidence, Verdict.NEW, reason, relative=not evidence.fictional_only)
    if evidence.birth_date is False:
        return _Finding(evidence, Verdict.REVIEW, f"{evidence.shared_in_words}; birth date differs")
    return None


def _co_borrower_gate(party: Party, evidence: Evidence, other: Party | None) -> _Finding | None:
    """The named co-borrower may be the known borrower: then this party is the other half of the couple."""
    if other is None:
        return None
    theirs = compare(other, evidence.borrower)
    if theirs.first_name <= Agreement.ALIKE or theirs.last_name is False:
        return None
    if evidence.first_name is Agreement.UNKNOWN:
        reason = f"{evidence.shared_in_words}; the co-borrower is the known borrower"
        return _Finding(evidence, Verdict.NEW, reason, relative=True)
    told_apart = (
        bool(identity_keys(other)) and not theirs.shared and identity_keys(party) != identity_keys(other)
    )
    if theirs.first_name < evidence.first_name or evidence.birth_date or evidence.suffix or told_apart:
        return None
    return _Finding(
        evidence, Verdict.REVIEW, f"{evidence.shared_in_words}; the co-borrower has that name too"
    )


def _doubt_gate(evidence: Evidence) -> _Finding | None:
    """What looks like one person and may be two."""
    doubt = _doubt(evidence)
    return _Finding(evidence, Verdict.REVIEW, f"{evidence.shared_in_words}; {doubt}") if doubt else None


def _doubt(evidence: Evidence) -> str:
    has_email, last_name = "email" in evidence.shared, evidence.last_name
    if evidence.first_name is Agreement.UNKNOWN and (not has_email or last_name is False):
        return "last name differs" if last_name is False else "no first name to compare"
    if evidence.first_name is Agreement.ALIKE:
        return "first names are one letter apart"
    if evidence.first_name is Agreement.INITIAL and last_name is not True:
        return "only the initial agrees"
    if not has_email and last_name is False:
        # Numbers are given out again: a new full name on an old number is often a new person.
        return "first name agrees, last name differs"
    if evidence.fictional_only and last_name is None:
        return "the number is a made-up one"
    return _birth_only_doubt(evidence) if evidence.shared == ("birth date",) else ""


def _birth_only_doubt(evidence: Evidence) -> str:
    if evidence.last_name is not True or evidence.first_name is not Agreement.SAME:
        return "the names do not fully agree"
    return "name agrees, but email and phone both changed" if evidence.all_changed else ""
