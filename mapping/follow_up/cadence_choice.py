"""Which cadence decides: those whose conditions an inquiry meets, each in its days, the first one first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from mapping.follow_up.cadence_dates import days_after
from mapping.inquiry import Inquiry, InquiryType, Stage
from mapping.ownership.gates import waits_for_owner
from mapping.ownership.owner import OwnerDecision
from mapping.ownership.turns import Turns
from mapping.playbook.cadences import Cadence, Touch
from mapping.playbook.model import Playbook

#: What an open inquiry has that no cadence plans anything for.
NEXT_STEP = "next_step"
ASSIGN_OWNER = "assign_owner"


@dataclass(frozen=True, slots=True)
class Situation:
    """Where an inquiry stands, for planning.

    anchors are the moments that are known: received always, the others as they come; maturity is worked out.
    since is when this plan began: what was wished for before belongs to another plan. planned holds the keys
    of all touches ever planned, dues the (due, channel) of the latest. carried: a newer inquiry of the
    borrower is pursued instead. stopped: a person wants no follow-up. turns tell who stands in.
    """

    inquiry: Inquiry
    stage: Stage
    owner: OwnerDecision
    missing: tuple[str, ...]
    anchors: Mapping[str, datetime]
    since: datetime
    planned: frozenset[str] = frozenset()
    dues: tuple[tuple[datetime, str], ...] = ()
    carried: bool = False
    stopped: bool = False
    turns: Turns = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """A cadence whose conditions are met, and when it runs."""

    cadence: Cadence
    anchor: datetime
    start: datetime | None
    end: datetime | None

    def covers(self, at: datetime) -> bool:
        """Whether it runs at that moment."""
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)

    def key(self, touch: Touch, number: int) -> str:
        """The key of an occurrence of a touch, which never changes."""
        return f"{self.cadence.name}/{touch.name}/{self.anchor.astimezone(UTC):%Y%m%dT%H%M}/{number}"


def is_nobodys(situation: Situation, playbook: Playbook) -> bool:
    """Whether somebody who may act has to be found: until then nobody calls or writes to the borrower.

    Once a person has stopped the follow-up nobody is looked for either.
    """
    waits = waits_for_owner(situation.owner.owner, situation.inquiry, playbook)
    return waits and not situation.stopped


def running(situation: Situation, playbook: Playbook) -> tuple[Run, ...]:
    """The cadences whose conditions are met, in the playbook's order."""
    if situation.stopped or is_nobodys(situation, playbook):
        return ()
    anchors = {**situation.anchors, **_maturity(situation.inquiry, playbook.timezone)}
    return tuple(
        _run(cadence, anchors[cadence.anchor], playbook.timezone)
        for cadence in playbook.cadences
        if cadence.anchor in anchors and _matches(cadence, situation)
    )


def _run(cadence: Cadence, anchor: datetime, zone: str) -> Run:
    start, end = (
        None if day is None else days_after(anchor, day, zone)
        for day in (cadence.from_day, cadence.until_day)
    )
    return Run(cadence, anchor, start, end)


def rest_of(situation: Situation, playbook: Playbook) -> Cadence:
    """What an open inquiry gets for which no cadence plans anything."""
    if is_nobodys(situation, playbook):
        touch = Touch("ask", "review", "assign_owner", 1, priority="HIGH", repeat="daily")
        return Cadence(ASSIGN_OWNER, "since", (touch,))
    touch = Touch("ask", "review", "decide_next_step", playbook.in_crm.review_days, repeat="monthly")
    return Cadence(NEXT_STEP, "since", (touch,))


def _matches(cadence: Cadence, situation: Situation) -> bool:
    inquiry = situation.inquiry
    application = inquiry.application.status if inquiry.application else None
    replied = "replied" if "engaged" in situation.anchors else "none"
    return (
        situation.stage in cadence.stages
        and not (cadence.pursuit and situation.carried)
        and (cadence.missing is None or cadence.missing is bool(situation.missing))
        and (not cadence.engagement or replied in cadence.engagement)
        and (not cadence.types or inquiry.type in cadence.types)
        and (not cadence.timeframes or inquiry.timeframe in cadence.timeframes)
        and (not cadence.credit or inquiry.credit_band in cadence.credit)
        and (not cadence.sources or inquiry.source in cadence.sources)
        and (not cadence.paths or inquiry.path in cadence.paths)
        and (not cadence.application or application in cadence.application)
    )


def _maturity(inquiry: Inquiry, zone: str) -> dict[str, datetime]:
    """When the present term ends: for a renewal that is the date to act by."""
    date = inquiry.timeframe_date
    if inquiry.type is not InquiryType.RENEWAL or date is None:
        return {}
    return {"maturity": datetime(date.year, date.month, date.day, 10, tzinfo=ZoneInfo(zone)).astimezone(UTC)}


def leader(runs: Sequence[Run], at: datetime) -> Run | None:
    """The one that decides at that moment; None when none does."""
    return next((one for one in runs if one.covers(at)), None)
