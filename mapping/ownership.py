"""Who owns an inquiry: gates first, then the officer named, the one already there, rules, turns."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mapping.gates import Passed, pass_gates
from mapping.inquiry import Amount, Inquiry
from mapping.playbook.model import Member, OwnerRule, Playbook
from mapping.turns import advance, whose_turn

__all__ = ["OwnerDecision", "advance", "choose_owner"]


@dataclass(frozen=True, slots=True)
class OwnerDecision:
    """Who owns an inquiry and why.

    owner is the email by which the CRM knows the person ("" = nobody). method is one of named, sticky, rule,
    round_robin, fallback, held. considered lists every member who was passed over, with the reason. alert is
    a sentence for the desk, "" when nobody needs to act.
    """

    owner: str
    name: str
    method: str
    reasons: tuple[str, ...]
    considered: tuple[tuple[str, str], ...]
    alert: str

    @property
    def because(self) -> str:
        """The reasons as one text."""
        return " ".join(self.reasons)


def choose_owner(
    inquiry: Inquiry, playbook: Playbook, *, now: datetime, sticky: str = "", turns: Mapping[str, float]
) -> OwnerDecision:
    """Decide on the owner.

    sticky is the email of the officer the borrower already has ("" = none), turns the round-robin pointers
    by email. Nobody is ever chosen who is not licensed, today, in the property's state.
    """
    passed = pass_gates(inquiry, playbook, now=now)
    reasons = (
        [] if inquiry.property.state else ["The property's state is unknown: licences were not checked."]
    )
    if not passed.eligible:
        return _nobody(inquiry, playbook, passed, reasons)
    if (chosen := _named(inquiry.assigned_to, playbook, passed, reasons)) is not None:
        return _decision(chosen, "named", passed, reasons)
    if (chosen := _sticky(sticky, playbook, passed, reasons)) is not None:
        return _decision(chosen, "sticky", passed, reasons)
    if (chosen := _by_rule(inquiry, playbook, passed, turns, reasons)) is not None:
        return _decision(chosen, "rule", passed, reasons)
    speakers, silent = _speakers(inquiry.language, passed.eligible, reasons)
    chosen = whose_turn(turns, speakers, playbook.team)
    reasons.append(f"It is the turn of {chosen.name} among {_count(len(speakers))}.")
    return _decision(chosen, "round_robin", passed, reasons, silent)


def _named(written: str, playbook: Playbook, passed: Passed, reasons: list[str]) -> Member | None:
    if not written.strip():
        return None
    wanted = _folded(written)
    matches = [member for member in playbook.team if wanted in _callings(member)]
    if len(matches) != 1:
        found = "several members" if matches else "nobody in the team"
        reasons.append(f"The link names a loan officer, but the name fits {found}.")
        return None
    return _if_eligible(matches[0], "The link names", passed, reasons)


def _sticky(email: str, playbook: Playbook, passed: Passed, reasons: list[str]) -> Member | None:
    if not email:
        return None
    member = playbook.member(email)
    if member is None:
        reasons.append("The borrower's present owner is not in the team.")
        return None
    return _if_eligible(member, "The borrower already works with", passed, reasons)


def _if_eligible(member: Member, why: str, passed: Passed, reasons: list[str]) -> Member | None:
    if member in passed.eligible:
        reasons.append(f"{why} {member.name}.")
        return member
    why_not = dict(passed.considered).get(member.name, "not available")
    reasons.append(f"{why} {member.name}, who cannot take it: {why_not}.")
    return None


def _by_rule(
    inquiry: Inquiry, playbook: Playbook, passed: Passed, turns: Mapping[str, float], reasons: list[str]
) -> Member | None:
    """The first rule that matches decides; when none of its members may act, the whole team is asked."""
    rule = next((rule for rule in playbook.owner_rules if matches(rule, inquiry)), None)
    if rule is None:
        return None
    emails = {email.casefold() for email in rule.assign}
    named = [member for member in passed.eligible if member.email.casefold() in emails]
    if not named:
        reasons.append(f'The rule "{rule.name}" matches, but nobody it names may take this inquiry.')
        return None
    chosen = whose_turn(turns, named, playbook.team)
    reasons.append(f'The rule "{rule.name}" names {chosen.name}.')
    return chosen


def matches(rule: OwnerRule, inquiry: Inquiry) -> bool:
    """Whether every condition of the rule is met. An unknown answer meets no condition."""
    conditions = (
        (rule.types, inquiry.type),
        (rule.states, inquiry.property.state),
        (rule.paths, inquiry.path),
        (rule.sources, inquiry.source),
        (rule.languages, _language(inquiry.language)),
    )
    if any(allowed and value not in allowed for allowed, value in conditions):
        return False
    return _in_range(inquiry.loan.amount, rule.amount_from, rule.amount_to)


def _in_range(amount: Amount, low: Decimal | None, high: Decimal | None) -> bool:
    """A stated range must lie inside as a whole: it never becomes a single value."""
    if low is None and high is None:
        return True
    least = amount.value if amount.value is not None else amount.low
    most = amount.value if amount.value is not None else amount.high
    above = low is None or (least is not None and least >= low)
    below = high is None or (most is not None and most <= high)
    return above and below


def _speakers(
    language: str, eligible: Sequence[Member], reasons: list[str]
) -> tuple[Sequence[Member], tuple[tuple[str, str], ...]]:
    """Those who speak the borrower's language, if any does; and the others, with that reason."""
    wanted = _language(language)
    speakers = [member for member in eligible if wanted in member.languages]
    if not wanted or len(speakers) == len(eligible):
        return eligible, ()
    if not speakers:
        reasons.append(f'Nobody available speaks the borrower\'s language ("{wanted}").')
        return eligible, ()
    silent = tuple(
        (member.name, f'does not speak "{wanted}"') for member in eligible if member not in speakers
    )
    return speakers, silent


def _decision(
    chosen: Member,
    method: str,
    passed: Passed,
    reasons: Sequence[str],
    silent: Sequence[tuple[str, str]] = (),
) -> OwnerDecision:
    listed = {name for name, _ in silent}
    others = tuple(
        (member.name, "another member was chosen")
        for member in passed.eligible
        if member is not chosen and member.name not in listed
    )
    considered = (*passed.considered, *silent, *others)
    return OwnerDecision(chosen.email, chosen.name, method, tuple(reasons), considered, "")


def _nobody(inquiry: Inquiry, playbook: Playbook, passed: Passed, reasons: Sequence[str]) -> OwnerDecision:
    if passed.licensed:
        method, reason = "fallback", "No member is available."
    else:
        method, reason = "held", f"Nobody in the team is licensed in {inquiry.property.state} today."
    next_step = "It went to the queue's owner." if playbook.fallback else "It has no owner."
    alert = f"{reason} {next_step} Assign a loan officer who may take it."
    name = "Queue" if playbook.fallback else ""
    return OwnerDecision(playbook.fallback, name, method, (*reasons, reason), passed.considered, alert)


def _callings(member: Member) -> set[str]:
    """How a link may name a member: full address, the part before the @, or the name."""
    return {_folded(member.email), _folded(member.email.partition("@")[0]), _folded(member.name)}


def _folded(text: str) -> str:
    """Lower case, without accents, dots, dashes and spaces: "maya-whitfield" is Maya Whitfield."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum() or letter in "@")


def _language(tag: str) -> str:
    return tag.partition("-")[0].casefold()


def _count(number: int) -> str:
    return "one member" if number == 1 else f"{number} members"
