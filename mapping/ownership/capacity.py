"""How much a loan officer has on the table, and whether there is room for one more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from mapping.playbook.model import Playbook
from mapping.playbook.team import Capacity, Member


@dataclass(frozen=True, slots=True)
class Load:
    """Inquiries of a member: those that came today, and those without an outcome.

    Nobody counts further than the member's capacity.
    """

    today: int = 0
    open: int = 0


Loads = Mapping[str, Load]  # by email, as the playbook spells it; who is missing has nothing


def limited(playbook: Playbook) -> dict[str, Capacity]:
    """The members (by email) whose inquiries have to be counted."""
    return {
        one.email: one.capacity
        for one in playbook.team
        if one.capacity.per_day is not None or one.capacity.open is not None
    }


def day_began(playbook: Playbook, now: datetime) -> datetime:
    """The last midnight in the brokerage's zone (UTC): what came since then came today."""
    zone = ZoneInfo(playbook.timezone)
    return datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(UTC)


def no_room(member: Member, loads: Loads) -> str:
    """Why the member takes no more now; "" when there is room."""
    load, most = loads.get(member.email, Load()), member.capacity
    if most.per_day is not None and load.today >= most.per_day:
        return f"has the {_inquiries(most.per_day)} of a day already"
    if most.open is not None and load.open >= most.open:
        return f"has {_inquiries(most.open)} open already"
    return ""


def with_one_more(loads: Loads, owner: str) -> Loads:
    """The loads after owner (an email) got an inquiry that came today."""
    load = loads.get(owner, Load())
    return {**loads, owner: Load(load.today + 1, load.open + 1)}


def _inquiries(number: int) -> str:
    return "1 inquiry" if number == 1 else f"{number} inquiries"
