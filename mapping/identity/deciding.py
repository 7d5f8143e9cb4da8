"""Who is this? The same borrower, a new one, or a question for a person; with the reasons in words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec.structs import replace

from mapping.identity import weights
from mapping.identity.company import company_of
from mapping.identity.contacts import contacts_of
from mapping.identity.evidence import compare
from mapping.identity.first_names import Agreement
from mapping.identity.gates import Finding, find
from mapping.identity.known import KnownBorrower
from mapping.identity.last_names import LastNames
from mapping.identity.rules import USUAL, IdentityRules
from mapping.identity.verdict import Identity, Match, Verdict
from mapping.inquiry import Party
from mapping.people.lookup_keys import Key

_MOST_CANDIDATES = 3
_NOBODY = Identity(Verdict.NEW, "", "", ("no email, phone, birth date or address in common with anyone",))


def identify(
    party: Party,
    known: Sequence[KnownBorrower],
    *,
    other_party: Party | None = None,
    at: datetime | None = None,
    worthless: Collection[Key] = (),
    taken: Collection[str] = (),
    stored: int = 0,
    rules: IdentityRules = USUAL,
) -> Identity:
    """Decide who party is among known, the borrowers found by its search_keys; their order does not matter.

    other_party is the co-borrower; taken are the ids of those who were recognised in this inquiry already.
    at is when the inquiry arrived: what was last heard long ago proves less. worthless are keys that are no
    evidence: a referral partner's own address, and what more borrowers share than are worth looking at.
    stored is how many borrowers there are. What a person said is obeyed: of two borrowers who are apart_from
    each other, the likelier is taken. rules are the playbook's.

    An unlike first name on a shared email, phone or address makes a new borrower of the same household.
    """
    if not known:
        return _explained(_NOBODY, rules.explained(party))
    mine = contacts_of(party, known, at, worthless, rules)
    compared = [compare(party, mine, borrower) for borrower in known]
    company = company_of(party, compared, other_party, worthless, rules)
    findings = sorted(
        (find(*each, stored, rules) for each in company if each[0].borrower.id not in taken), key=_likeliest
    )
    return _explained(_verdict(findings), rules.explained(party))


def _verdict(findings: list[Finding]) -> Identity:
    """What the findings come to together, the likeliest first among them."""
    same = [finding for finding in findings if finding.verdict is Verdict.SAME]
    doubtful = [finding for finding in findings if finding.verdict is Verdict.REVIEW]
    winner = _winner(same, doubtful)
    rivals = _rivals(winner, findings) if winner else []
    if winner and _is_one_with_all(winner, rivals):
        return _same(winner, rivals)
    return _review(same, doubtful) if same or doubtful else _new(findings)


def _explained(identity: Identity, words: tuple[str, ...]) -> Identity:
    """With what the playbook says first in every list of reasons: what decided stands last."""
    if not words:
        return identity
    matches = tuple(replace(one, reasons=(*words, *one.reasons)) for one in identity.matches)
    return replace(identity, reasons=(*words, *identity.reasons), matches=matches)


def _winner(same: Sequence[Finding], doubtful: Sequence[Finding]) -> Finding | None:
    """The likeliest of those who are the same and whom nobody outdoes."""
    clear = [one for one in same if not _outdone(one, [*same, *doubtful])]
    # Who is named in an inquiry again is the one who was named before, whoever else it may be.
    named = [one for one in clear if one.evidence.bare and one.evidence.borrower.is_bare]
    return next(iter([*named, *clear]), None)


def _outdone(finding: Finding, others: Sequence[Finding]) -> bool:
    """Somebody else has this email, while another is known of this one."""
    return finding.evidence.email.differs and any(one.evidence.email.agrees for one in others)


def _is_one_with_all(winner: Finding, rivals: Sequence[Finding]) -> bool:
    """Nothing says that the winner and the others of that name are two: opened before this was known."""
    if not rivals:
        return True
    told = winner.evidence.first_name is not Agreement.UNKNOWN
    apart = winner.evidence.borrower.apart_from
    return told and not any(one.namesakes or one.id in apart for one in (winner, *rivals))


def _same(winner: Finding, rivals: Sequence[Finding]) -> Identity:
    """The winner; a person is asked whether the rivals are the same one, unless they were asked already."""
    borrower = winner.evidence.borrower
    asked = [
        one
        for one in rivals
        if one.verdict is not Verdict.NEW
        and one.id not in borrower.asked_with
        # Who was only named in another's inquiry is not worth a question.
        and not (winner.evidence.bare or one.evidence.borrower.is_bare)
    ]
    matches = tuple(Match(one.id, one.evidence.bits, one.reasons) for one in asked[:_MOST_CANDIDATES])
    return Identity(Verdict.SAME, winner.id, "", winner.reasons, matches)


def _likeliest(finding: Finding) -> tuple[bool, float, int, str]:
    return (not finding.named, -finding.evidence.bits, -finding.evidence.borrower.inquiries, finding.id)


def _rivals(winner: Finding, findings: Sequence[Finding]) -> list[Finding]:
    """The others whose claim is as good as the winner's, or nearly."""
    return [one for one in findings if one is not winner and _is_rival(winner, one)]


def _is_rival(winner: Finding, other: Finding) -> bool:
    if winner.evidence.first_name is Agreement.UNKNOWN and other.evidence.email.agrees:
        return True  # nobody said which of those who read this inbox it is
    if other.verdict is Verdict.NEW or (winner.evidence.personal and not other.evidence.identified):
        return False
    ahead = winner.evidence.bits - other.evidence.bits
    # Who is who of these two is answered, or asked already: once is enough.
    borrower = winner.evidence.borrower
    settled = other.id in borrower.apart_from or other.id in borrower.asked_with
    return ahead <= 0 if settled else ahead < weights.MARGIN


def _review(same: list[Finding], doubtful: list[Finding]) -> Identity:
    findings = sorted([*same, *doubtful], key=_likeliest)[:_MOST_CANDIDATES]
    matches = tuple(Match(one.id, one.evidence.bits, one.reasons) for one in findings)
    several = ("more than one known borrower matches",) if len(findings) > 1 else ()
    shared = ("others share the same email",) if same and len(findings) == 1 else ()
    return Identity(Verdict.REVIEW, "", "", (*several, *matches[0].reasons, *shared), matches)


def _new(findings: list[Finding]) -> Identity:
    relatives = [finding for finding in findings if finding.relative]
    close = [finding for finding in relatives if finding.evidence.last_name > LastNames.UNKNOWN]
    if close or len(relatives) == 1:
        relative = (close or relatives)[0]
        return Identity(Verdict.NEW, "", relative.id, (*relative.reasons, "one household"))
    if relatives:
        # An address seen with several unrelated names is a realtor's or an office's.
        return Identity(Verdict.NEW, "", "", ("the email or phone is used by several unrelated people",))
    closest = next((one for one in findings if one.evidence.identified), None)
    return Identity(Verdict.NEW, "", "", closest.reasons) if closest else _NOBODY
