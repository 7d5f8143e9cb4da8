"""Weighted round robin: who is next, and what a turn costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mapping.playbook.model import Member

CATCH_UP = 3.0  # turns that somebody who could not be chosen for a while may make up for, and no more


def whose_turn(turns: Mapping[str, float], candidates: Sequence[Member], team: Sequence[Member]) -> Member:
    """The candidate (at least one) with the lowest pointer; the order of the team breaks ties."""
    pointers = _pointers(turns, team)
    return min(candidates, key=lambda member: pointers[member.email])


def advance(turns: Mapping[str, float], owner: str, members: Sequence[Member]) -> Mapping[str, float]:
    """The pointers after owner (an email) took a turn; members is the team.

    A turn costs 1/weight. A newcomer starts level with the lowest pointer. Somebody who was away is moved up
    to at most CATCH_UP turns behind, so that coming back does not bring a flood. Call it when the method was
    "round_robin" or "rule": a borrower who names or already has a loan officer costs nobody a turn.
    """
    pointers = _pointers(turns, members)
    served = pointers.get(owner)
    if served is None:
        return {**turns, **pointers}
    moved = {
        member.email: max(pointers[member.email], served - CATCH_UP / member.weight) for member in members
    }
    moved[owner] = served + next(1 / member.weight for member in members if member.email == owner)
    return {**turns, **moved}


def _pointers(turns: Mapping[str, float], team: Sequence[Member]) -> dict[str, float]:
    known = [turns[member.email] for member in team if member.email in turns]
    start = min(known, default=0.0)
    return {member.email: turns.get(member.email, start) for member in team}
