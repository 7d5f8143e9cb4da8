"""Who owns an inquiry: gates first, then the officer named, the one already there, rules, turns."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mapping.capacity import Loads
from mapping.gates import Passed, licence_words, on_duty, pass_gates
from mapping.inquiry import Inquiry
from mapping.owner_rules import first_rule, main_language, partner_of
from mapping.playbook.model import Playbook
from mapping.playbook.team import Member
from mapping.turns import Turns, advance, group_of, whose_turn

__all__ = ["OwnerDecision", "Standing", "after_turn", "choose_owner"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of earlier inquiries; emails are the CRM's logins, "" = none.

    borrower_owner had the borrower's last inquiry, partner_owner the last one of the referral partner. loads
    are what limited members have on the table, turns the pointers of the round robin. missed had this very
    inquiry and did not get in touch in time.
    """

    turns: Turns
    borrower_owner: str = ""
    partner_owner: str = ""
    loads: Loads = field(default_factory=dict)
    missed: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class OwnerDecision:
    """Who owns an inquiry and why.

    owner is the email by which the CRM knows the person ("" = nobody). method is one of named, sticky,
    partner, rule, duty, round_robin, fallback, held. considered lists every member who was passed over, with
    the reason. alert is a sentence for the desk, "" when nobody needs to act. licence says under which number
    the owner may act there, "" where that is unknown. group are the emails of those who take turns among
    themselves (a rule's, a shift's), () = the whole team.
    """

    owner: str
    name: str
    method: str
    reasons: tuple[str, ...]
    considered: tuple[tuple[str, str], ...]
    alert: str
    licence: str = ""
    group: tuple[str, ...] = ()

    @property
    def because(self) -> str:
        """The reasons as one text."""
        return " ".join(self.reasons)

    @property
    def may_act(self) -> bool:
        """Whether the owner is a loan officer who passed the gates, not a queue or nobody."""
        return self.method not in ("fallback", "held")


def choose_owner(inquiry: Inquiry, playbook: Playbook, standing: Standing, *, now: datetime) -> OwnerDecision:
    """Decide on the owner. Nobody is ever chosen who is not licensed, today, in the property's state."""
    passed = pass_gates(inquiry, playbook, now=now, loads=standing.loads, missed=standing.missed)
    choice = _Choice(inquiry, playbook, passed, now, standing.turns)
    if not inquiry.property.state:
        choice.reasons.append("The property's state is unknown: licences were not checked.")
    if not passed.eligible:
        return choice.nobody()
    known = partner_of(inquiry, playbook)
    partner_owner = (known.owner if known else "") or standing.partner_owner
    if (chosen := choice.named()) is not None:
        return choice.decided(chosen, "named")
    if (chosen := choice.stays(standing.borrower_owner, "borrower")) is not None:
        return choice.decided(chosen, "sticky")
    if (chosen := choice.stays(partner_owner, "referral partner")) is not None:
        return choice.decided(chosen, "partner")
    # From here on somebody is chosen for the work: who has enough of it gets no more.
    return choice.by_rule() or choice.by_turn()


def after_turn(turns: Turns, decision: OwnerDecision, playbook: Playbook) -> Turns:
    """The pointers after a decision: who was chosen for the work took a turn in the team and in the group."""
    if decision.method not in ("rule", "duty", "round_robin"):
        return turns
    moved = advance(turns, decision.owner, playbook.team)
    if not decision.group:
        return moved
    members = _members(playbook.team, decision.group)
    return advance(moved, decision.owner, members, group_of(decision.group))


class _Choice:
    """One decision in the making, with its reasons in the order in which they arose."""

    def __init__(
        self, inquiry: Inquiry, playbook: Playbook, passed: Passed, now: datetime, turns: Turns
    ) -> None:
        self._inquiry = inquiry
        self._playbook = playbook
        self._passed = passed
        self._now = now
        self._turns = turns
        self.reasons: list[str] = []

    def named(self) -> Member | None:
        """The officer whom the link names."""
        written = self._inquiry.assigned_to
        if not written.strip():
            return None
        wanted = _folded(written)
        matches = [member for member in self._playbook.team if wanted in _callings(member)]
        if len(matches) != 1:
            found = "several members" if matches else "nobody in the team"
            self.reasons.append(f"The link names a loan officer, but the name fits {found}.")
            return None
        return self._if_eligible(matches[0], "The link names")

    def stays(self, email: str, whose: str) -> Member | None:
        """The officer whom the borrower or partner works with already."""
        if not email:
            return None
        member = self._playbook.member(email)
        if member is None:
            self.reasons.append(f"The {whose}'s present owner is not in the team.")
            return None
        return self._if_eligible(member, f"The {whose} already works with")

    def by_rule(self) -> OwnerDecision | None:
        """The first rule that matches decides; when none of its members may act, the whole team is asked."""
        rule = first_rule(self._inquiry, self._playbook)
        if rule is None:
            return None
        named = _members(self._passed.free, rule.assign)
        if not named:
            self.reasons.append(f'The rule "{rule.name}" matches, but nobody it names may take this inquiry.')
            return None
        ready = [member for member in named if on_duty(member, self._now)] or named
        chosen = self._next(ready, rule.assign)
        self.reasons.append(f'The rule "{rule.name}" names {chosen.name}.')
        return self.decided(chosen, "rule", group=rule.assign)

    def by_turn(self) -> OwnerDecision:
        """Those on duty take turns, else everybody; of them who speaks the borrower's language."""
        free = self._passed.free
        if not free:
            return self.nobody()
        ready = [member for member in free if on_duty(member, self._now)]
        speakers, silent = self._speakers(ready or free)
        group = self._roster() if ready else ()
        chosen = self._next(speakers, group)
        where = " on duty" if ready else ""
        self.reasons.append(f"It is the turn of {chosen.name} among {_count(len(speakers))}{where}.")
        off = tuple((one.name, "not on duty now") for one in free if ready and one not in ready)
        return self.decided(chosen, "duty" if ready else "round_robin", (*silent, *off), group)

    def decided(
        self,
        chosen: Member,
        method: str,
        passed_over: Sequence[tuple[str, str]] = (),
        group: tuple[str, ...] = (),
    ) -> OwnerDecision:
        """The decision for a member; everybody else is listed."""
        listed = {name for name, _ in passed_over}
        others = tuple(
            (member.name, self._passed.full.get(member.name, "another member was chosen"))
            for member in self._passed.eligible
            if member is not chosen and member.name not in listed
        )
        return OwnerDecision(
            owner=chosen.email,
            name=chosen.name,
            method=method,
            reasons=tuple(self.reasons),
            considered=(*self._passed.considered, *passed_over, *others),
            alert="",
            licence=licence_words(chosen, self._inquiry.property.state),
            group=group,
        )

    def nobody(self) -> OwnerDecision:
        """The decision for the queue, with an alert."""
        passed, queue = self._passed, self._playbook.fallback
        if passed.full:
            method, reason = "fallback", "Everybody who may take it has enough inquiries."
        elif passed.licensed:
            method, reason = "fallback", "No member is available."
        else:
            state = self._inquiry.property.state
            method, reason = "held", f"Nobody in the team is licensed in {state} today."
        next_step = "It went to the queue's owner." if queue else "It has no owner."
        alert = f"{reason} {next_step} Assign a loan officer who may take it."
        considered = (*passed.considered, *passed.full.items())
        return OwnerDecision(
            queue, "Queue" if queue else "", method, (*self.reasons, reason), considered, alert
        )

    def _if_eligible(self, member: Member, why: str) -> Member | None:
        if member in self._passed.eligible:
            self.reasons.append(f"{why} {member.name}.")
            return member
        why_not = dict(self._passed.considered).get(member.name, "not available")
        self.reasons.append(f"{why} {member.name}, who cannot take it: {why_not}.")
        return None

    def _next(self, candidates: Sequence[Member], group: Sequence[str]) -> Member:
        if not group:
            return whose_turn(self._turns, candidates, self._playbook.team)
        members = _members(self._playbook.team, group)
        return whose_turn(self._turns, candidates, members, group_of(group))

    def _roster(self) -> tuple[str, ...]:
        """Everybody who is on duty now, whether they may take this inquiry or not."""
        return tuple(member.email for member in self._playbook.team if on_duty(member, self._now))

    def _speakers(self, candidates: Sequence[Member]) -> tuple[Sequence[Member], tuple[tuple[str, str], ...]]:
        """Those who speak the borrower's language, if any does; and the others, with that reason."""
        wanted = main_language(self._inquiry.language)
        speakers = [member for member in candidates if wanted in member.languages]
        if not wanted or len(speakers) == len(candidates):
            return candidates, ()
        if not speakers:
            self.reasons.append(f'Nobody available speaks the borrower\'s language ("{wanted}").')
            return candidates, ()
        silent = tuple(
            (member.name, f'does not speak "{wanted}"') for member in candidates if member not in speakers
        )
        return speakers, silent


def _members(team: Sequence[Member], emails: Collection[str]) -> list[Member]:
    wanted = {email.casefold() for email in emails}
    return [member for member in team if member.email.casefold() in wanted]


def _callings(member: Member) -> set[str]:
    """How a link may name a member: full address, the part before the @, or the name."""
    return {_folded(member.email), _folded(member.email.partition("@")[0]), _folded(member.name)}


def _folded(text: str) -> str:
    """Lower case, without accents, dots, dashes and spaces: "maya-whitfield" is Maya Whitfield."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum() or letter in "@")


def _count(number: int) -> str:
    return "one member" if number == 1 else f"{number} members"
