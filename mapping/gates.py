"""Who may take an inquiry at all: the gates a loan officer passes before any method chooses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from mapping.inquiry import Inquiry
from mapping.playbook.model import Member, Playbook
from mapping.windows import is_open


@dataclass(frozen=True, slots=True)
class Passed:
    """What the gates left over: members who may own the inquiry, and everybody else with the reason."""

    eligible: tuple[Member, ...]
    considered: tuple[tuple[str, str], ...]  # (name, why not)
    licensed: bool  # somebody in the team is licensed there, or the place is unknown


def pass_gates(inquiry: Inquiry, playbook: Playbook, *, now: datetime) -> Passed:
    """Sort the team. The property's state decides on licences; an area code never does."""
    state = inquiry.property.state
    today = now.astimezone(ZoneInfo(playbook.timezone)).date()
    eligible, considered, licensed = [], [], not state
    for member in playbook.team:
        no_licence = licence_gap(member, state, today)
        licensed = licensed or not no_licence
        why_not = no_licence or _unavailable(member, inquiry, playbook, now)
        if why_not:
            considered.append((member.name, why_not))
        else:
            eligible.append(member)
    return Passed(tuple(eligible), tuple(considered), licensed)


def licence_gap(member: Member, state: str, today: date) -> str:
    """Why the member may not act in this state today; "" when licensed or the state is unknown."""
    if not state:
        return ""
    licence = member.licences.get(state)
    if licence is None:
        return f"not licensed in {state}"
    if licence.expires < today:
        return f"the licence in {state} expired on {licence.expires}"
    return ""


def _unavailable(member: Member, inquiry: Inquiry, playbook: Playbook, now: datetime) -> str:
    checks: tuple[Callable[[], str], ...] = (
        lambda: "paused" if member.paused else "",
        lambda: _absence(member, now),
        lambda: "" if not member.types or inquiry.type in member.types else f"does not take {inquiry.type}",
        lambda: (
            "outside business hours"
            if playbook.route_in_hours_only and not is_open(member.hours, now)
            else ""
        ),
    )
    return next(filter(None, (check() for check in checks)), "")


def _absence(member: Member, now: datetime) -> str:
    today = now.astimezone(ZoneInfo(member.timezone)).date()
    return next((f"absent until {one.last}" for one in member.absences if one.covers(today)), "")
