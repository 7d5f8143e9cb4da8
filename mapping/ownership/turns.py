"""Weighted round robin: who is next, and what a turn costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

from mapping.playbook.team import Member

CATCH_UP = 3.0  # turns that somebody who could not be chosen for a while may make up for, and no more

Turns = Mapping[str, float]  # pointers: of the whole team by email, of a group by in_group()


def whose_turn(turns: Turns, candidates: Sequence[Member], team: Sequence[Member], group: str = "") -> Member:
    """The candidate (at least one) with the lowest pointer; the order of the team breaks ties.

    group is the group_of() those who take turns among themselves, "" for the team; team are its members.
    """
    pointers = _pointers(turns, team, group)
    return min(candidates, key=lambda member: pointers[member.email])


def advance(turns: Turns, owner: str, members: Sequence[Member], group: str = "") -> Turns:
    """The pointers after owner (an email) took a turn; members are the team, or those of the group.

    A turn costs 1/weight. A newcomer starts level with the lowest pointer. Somebody who was away is moved up
    to at most CATCH_UP turns behind, so that coming back does not bring a flood. Call it when the method was
    "round_robin" or "rule": a borrower who names or already has a loan officer costs nobody a turn.
    """
    pointers = _pointers(turns, members, group)
    served = pointers.get(owner)
    if served is not None:
        pointers = {
            member.email: max(pointers[member.email], served - CATCH_UP / member.weight) for member in members
        }
        pointers[owner] = served + next(1 / member.weight for member in members if member.email == owner)
    return {**turns, **{in_group(group, email): pointer for email, pointer in pointers.items()}}


def group_of(members: Sequence[str]) -> str:
    """The name of those (emails) who take turns among themselves, in whatever order they are written."""
    return _digest("\n".join(sorted(email.casefold() for email in members)))


def in_group(group: str, email: str) -> str:
    """The name of a member's pointer in a group."""
    return f"{group}:{_digest(email)}" if group else email


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def _pointers(turns: Turns, team: Sequence[Member], group: str) -> dict[str, float]:
    found = {member.email: turns.get(in_group(group, member.email)) for member in team}
    start = min((at for at in found.values() if at is not None), default=0.0)
    return {email: start if at is None else at for email, at in found.items()}
