"""Who does a task while its owner is away: whoever the rules of ownership choose, for that task alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mapping.follow_up.first_task import MEETING, in_hours, plan_first_touch
from mapping.inquiry import Inquiry
from mapping.ownership.owner import OwnerDecision, Standing, choose_owner
from mapping.ownership.turns import Turns
from mapping.playbook.model import Playbook
from mapping.playbook.team import Member


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does a task; stand_in is the email of somebody other than the owner ("" = the owner does it)."""

    who: OwnerDecision
    stand_in: str = ""
    why: str = ""


def doer(
    inquiry: Inquiry,
    owner: OwnerDecision,
    playbook: Playbook,
    wish: datetime,
    *,
    legal: bool,
    waits: bool = True,
    turns: Turns | None = None,
) -> Doer:
    """Who does a task that is wished for then (UTC), with legal inside the borrower's calling hours.

    An absence that costs no more than the playbook's hours is waited for, if the task waits for its owner at
    all. Where nobody may stand in, the owner keeps it. Standing in takes no turn.
    """
    member = playbook.member(owner.owner)
    if member is None or not member.absences:
        return Doer(owner)
    there, _ = in_hours(inquiry, owner, _never_away(playbook, member), wish, 0, legal=legal)
    until = _away_until(member, there)
    if until is None:
        return Doer(owner)
    due, _ = in_hours(inquiry, owner, playbook, wish, 0, legal=legal)
    # Of an absence of many weeks no hour is found in which the owner works: it costs what is left of it.
    back = datetime.combine(until, time(), ZoneInfo(member.timezone)) + timedelta(days=1)
    if max(due, back) - there <= timedelta(hours=playbook.stand_in_after_hours if waits else 0):
        return Doer(owner)
    chosen = choose_owner(inquiry, playbook, Standing(turns or {}), now=there)
    if not chosen.may_act:
        return Doer(owner)
    why = f"{owner.name} is away until {until:%a %d %b}: {chosen.name} stands in."
    return Doer(chosen, chosen.owner, why)


def choose_present(
    inquiry: Inquiry, playbook: Playbook, standing: Standing, *, now: datetime, returning: bool
) -> OwnerDecision:
    """The owner of a new inquiry: nobody who is away when the first task is due, if anybody else may act.

    returning as in plan_first_touch(). A meeting that is booked stays with whoever it was booked with.
    """
    chosen = choose_owner(inquiry, playbook, standing, now=now)
    member = playbook.member(chosen.owner)
    if member is None or not member.absences or not chosen.may_act:
        return chosen
    first = plan_first_touch(inquiry, chosen, _never_away(playbook, member), now=now, returning=returning)
    if first.purpose == MEETING or _away_until(member, first.due_at) is None:
        return chosen
    again = choose_owner(inquiry, playbook, standing, now=first.due_at)
    return again if again.may_act else chosen


def _never_away(playbook: Playbook, member: Member) -> Playbook:
    """The playbook as if this member had no absences."""
    present = replace(member, absences=(), hours=replace(member.hours, absences=()))
    return replace(playbook, team=tuple(present if one is member else one for one in playbook.team))


def _away_until(member: Member, at: datetime) -> date | None:
    return member.works.away_until(at.astimezone(ZoneInfo(member.timezone)).date())
