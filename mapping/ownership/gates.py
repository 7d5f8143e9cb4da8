"""Who may take an inquiry at all: the gates a loan officer passes before any method chooses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from mapping.hours.windows import is_open
from mapping.inquiry import NO_LOANS, Inquiry
from mapping.ownership.capacity import Loads, no_room
from mapping.playbook.model import Playbook
from mapping.playbook.team import Member

Refusals = tuple[tuple[Member, str], ...]  # who, and why not


@dataclass(frozen=True, slots=True)
class Passed:
    """What the gates left over: members who may own the inquiry, and everybody else with the reason.

    full are those of the eligible, by email, who get nothing more by rule or turn, with the reason.
    """

    eligible: tuple[Member, ...]
    refused: Refusals
    licensed: bool  # somebody in the team is licensed there, or the place is unknown
    full: Mapping[str, str]

    @property
    def free(self) -> tuple[Member, ...]:
        """The eligible who have room for one more."""
        return tuple(member for member in self.eligible if member.email not in self.full)


def pass_gates(
    inquiry: Inquiry, playbook: Playbook, *, now: datetime, loads: Loads, missed: Collection[str] = ()
) -> Passed:
    """Sort the team. The property's state decides on licences; an area code never does.

    missed are the emails of those who had the inquiry and did not get in touch.
    """
    state = inquiry.property.state
    today = now.astimezone(ZoneInfo(playbook.timezone)).date()
    eligible, refused, licensed = [], [], not state
    late = {email.casefold() for email in missed}
    for member in playbook.team:
        no_licence = licence_gap(member, state, today)
        licensed = licensed or not no_licence
        too_late = "did not get in touch in time" if member.email.casefold() in late else ""
        why_not = no_licence or too_late or _unavailable(member, inquiry, playbook, now)
        if why_not:
            refused.append((member, why_not))
        else:
            eligible.append(member)
    full = {member.email: why for member in eligible if (why := no_room(member, loads))}
    return Passed(tuple(eligible), tuple(refused), licensed, full)


def licence_gap(member: Member, state: str, today: date) -> str:
    """Why the member may not act in this state today; "" when licensed or the state is unknown."""
    if not state:
        return ""
    licence = member.licences.get(state)
    if licence is None:
        return f"not licensed in {state}"
    if licence.expires < today:
        return f"the licence in {state} expired on {licence.expires}"
    if licence.issued is not None and licence.issued > today:
        return f"the licence in {state} begins on {licence.issued}"
    return ""


def licence_words(member: Member, state: str) -> str:
    """The licence under which the member acts there, "" when the state is unknown."""
    licence = member.licences.get(state)
    if licence is None:
        return ""
    nmls = f", NMLS {member.nmls}" if member.nmls else ""
    return f"{member.name}: {licence.number} in {state}{nmls}, valid until {licence.expires}."


def on_duty(member: Member, now: datetime) -> bool:
    """Whether a shift of the roster that the member stands in is under way."""
    return any(is_open(shift, now) for shift in member.duty)


def _unavailable(member: Member, inquiry: Inquiry, playbook: Playbook, now: datetime) -> str:
    checks: tuple[Callable[[], str], ...] = (
        lambda: "paused" if member.paused else "",
        lambda: _absence(member, now),
        lambda: "" if not member.types or inquiry.type in member.types else f"does not take {inquiry.type}",
        lambda: (
            "outside business hours"
            if playbook.route_in_hours_only and not is_open(member.works, now)
            else ""
        ),
    )
    return next(filter(None, (check() for check in checks)), "")


def _absence(member: Member, now: datetime) -> str:
    today = now.astimezone(ZoneInfo(member.timezone)).date()
    return next((f"absent until {one.last}" for one in member.absences if one.covers(today)), "")


def waits_for_owner(owner: str, inquiry: Inquiry, playbook: Playbook) -> bool:
    """Whether somebody has to be found who may pursue an inquiry: nobody owns it (an email, "" = nobody), or
    the queue does, which only keeps it. What is no loan the queue may answer, and a member who is licensed
    there and is the queue as well may act."""
    if inquiry.type in NO_LOANS:
        return not owner
    return not owner or _only_keeps(owner, inquiry.property.state, playbook)


def _only_keeps(owner: str, state: str, playbook: Playbook) -> bool:
    """Whether this is the queue, and nobody who is licensed there."""
    if owner.casefold() != playbook.fallback.casefold():
        return False
    member = playbook.member(owner)
    return member is None or bool(state and state not in member.licences)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why whoever has an inquiry cannot pursue it, and what to do, in words.

    of_all: it is the same for every inquiry that this person has (there), which the words say.
    """

    words: str
    of_all: bool = False


def owner_trouble(owner: str, state: str, playbook: Playbook, now: datetime) -> Trouble | None:
    """What speaks against the owner of an inquiry (an email, "" = nobody) in this state, now.

    None when nothing does, and for the queue, which the desk was told of when it went there.
    """
    if not owner:
        return Trouble("Nobody owns this inquiry: assign a loan officer who may take it.")
    if _only_keeps(owner, state, playbook):
        return None
    member = playbook.member(owner)
    if member is None:
        words = (
            f"{owner} has open inquiries and is not in the team: assign them to others, or add the person."
        )
        return Trouble(words, of_all=True)
    gap = licence_gap(member, state, now.astimezone(ZoneInfo(playbook.timezone)).date())
    if not gap:
        return None
    if state in member.licences:
        words = f"{member.name} has open inquiries in {state} and may not act: {gap}. Assign them to others."
        return Trouble(words, of_all=True)
    return Trouble(f"{member.name} has this inquiry and may not act: {gap}. Assign somebody who may.")
