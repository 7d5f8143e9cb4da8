"""One decision on the owner in the making: each method that may find somebody, and the reasons so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mapping.inquiry import Inquiry
from mapping.ownership.decision import OwnerDecision
from mapping.ownership.gates import Passed, Refusals, licence_words, on_duty
from mapping.ownership.rules import first_rule, main_language
from mapping.ownership.team_names import members_called, members_of
from mapping.ownership.turns import Turns, group_of, whose_turn
from mapping.playbook.model import Playbook
from mapping.playbook.team import Member


class Choice:
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
        matches = members_called(self._playbook.team, written)
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
        named = members_of(self._passed.free, rule.assign)
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
        off = tuple((one, "not on duty now") for one in free if ready and one not in ready)
        return self.decided(chosen, "duty" if ready else "round_robin", (*silent, *off), group)

    def decided(
        self,
        chosen: Member,
        method: str,
        passed_over: Refusals = (),
        group: tuple[str, ...] = (),
    ) -> OwnerDecision:
        """The decision for a member; everybody else is listed."""
        listed = {member.email for member, _ in passed_over}
        others = tuple(
            (member, self._passed.full.get(member.email, "another member was chosen"))
            for member in self._passed.eligible
            if member is not chosen and member.email not in listed
        )
        return OwnerDecision(
            owner=chosen.email,
            name=chosen.name,
            method=method,
            reasons=tuple(self.reasons),
            considered=_by_name((*self._passed.refused, *passed_over, *others)),
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
        full = tuple((one, passed.full[one.email]) for one in passed.eligible if one.email in passed.full)
        considered = _by_name((*passed.refused, *full))
        return OwnerDecision(
            queue, "Queue" if queue else "", method, (*self.reasons, reason), considered, alert
        )

    def _if_eligible(self, member: Member, why: str) -> Member | None:
        if member in self._passed.eligible:
            self.reasons.append(f"{why} {member.name}.")
            return member
        why_not = next((why for one, why in self._passed.refused if one is member), "not available")
        self.reasons.append(f"{why} {member.name}, who cannot take it: {why_not}.")
        return None

    def _next(self, candidates: Sequence[Member], group: Sequence[str]) -> Member:
        if not group:
            return whose_turn(self._turns, candidates, self._playbook.team)
        members = members_of(self._playbook.team, group)
        return whose_turn(self._turns, candidates, members, group_of(group))

    def _roster(self) -> tuple[str, ...]:
        """Everybody who is on duty now, whether they may take this inquiry or not."""
        return tuple(member.email for member in self._playbook.team if on_duty(member, self._now))

    def _speakers(self, candidates: Sequence[Member]) -> tuple[Sequence[Member], Refusals]:
        """Those who speak the borrower's language, if any does; and the others, with that reason."""
        wanted = main_language(self._inquiry.language)
        speakers = [member for member in candidates if wanted in member.languages]
        if not wanted or len(speakers) == len(candidates):
            return candidates, ()
        if not speakers:
            self.reasons.append(f'Nobody available speaks the borrower\'s language ("{wanted}").')
            return candidates, ()
        silent = tuple(
            (member, f'does not speak "{wanted}"') for member in candidates if member not in speakers
        )
        return speakers, silent


def _by_name(refusals: Refusals) -> tuple[tuple[str, str], ...]:
    return tuple((member.name, why) for member, why in refusals)


def _count(number: int) -> str:
    return "one member" if number == 1 else f"{number} members"
