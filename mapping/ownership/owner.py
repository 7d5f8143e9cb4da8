"""Who owns an inquiry: gates first, then the officer named, the one already there, rules, turns."""

from __future__ import annotations

from datetime import datetime

from mapping.inquiry import Inquiry
from mapping.ownership.choosing import Choice
from mapping.ownership.decision import OwnerDecision, Standing
from mapping.ownership.gates import pass_gates
from mapping.ownership.rules import partner_of
from mapping.ownership.team_names import members_of
from mapping.ownership.turns import Turns, advance, group_of
from mapping.playbook.model import Playbook

__all__ = ["OwnerDecision", "Standing", "after_turn", "choose_owner"]


def choose_owner(inquiry: Inquiry, playbook: Playbook, standing: Standing, *, now: datetime) -> OwnerDecision:
    """Decide on the owner. Nobody is ever chosen who is not licensed, today, in the property's state."""
    passed = pass_gates(inquiry, playbook, now=now, loads=standing.loads, missed=standing.missed)
    choice = Choice(inquiry, playbook, passed, now, standing.turns)
    if not inquiry.property.state:
        choice.reasons.append("The property's state is unknown: licences were not checked.")
    if not passed.eligible:
        return choice.nobody()
    if (chosen := choice.named()) is not None:
        return choice.decided(chosen, "named")
    known = partner_of(inquiry, playbook)
    for email, whose, method in (
        (standing.borrower_owner, "borrower", "sticky"),
        (standing.co_borrower_owner, "co-borrower", "sticky"),
        ((known.owner if known else "") or standing.partner_owner, "referral partner", "partner"),
    ):
        if (chosen := choice.stays(email, whose)) is not None:
            return choice.decided(chosen, method)
    # From here on somebody is chosen for the work: who has enough of it gets no more.
    return choice.by_rule() or choice.by_turn()


def after_turn(turns: Turns, decision: OwnerDecision, playbook: Playbook) -> Turns:
    """The pointers after a decision: who was chosen for the work took a turn in the team and in the group."""
    if decision.method not in ("rule", "duty", "round_robin"):
        return turns
    moved = advance(turns, decision.owner, playbook.team)
    if not decision.group:
        return moved
    members = members_of(playbook.team, decision.group)
    return advance(moved, decision.owner, members, group_of(decision.group))
