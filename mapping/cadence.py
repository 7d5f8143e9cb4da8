"""What comes next with an inquiry: the touches of its cadences, in order, each with a key that never changes.

Nothing of a plan is remembered but which touches were planned before: planning again gives the same keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import islice
from zoneinfo import ZoneInfo

from mapping.cadence_dates import days_after, wish, wishes
from mapping.cadence_words import place_in, touch_task
from mapping.followup import CALLED, PlannedFollowUp, in_hours, open_channel
from mapping.inquiry import Inquiry, InquiryType, Stage
from mapping.ownership import OwnerDecision
from mapping.playbook.cadences import OPEN_STAGES, Cadence, Touch
from mapping.playbook.model import Playbook

#: Between two calls or texts: within the usual hours never more than three a day, as some states demand.
GAP = timedelta(hours=5)
_LOOKED_AT = 200  # occurrences that may turn out to be none before a plan is taken to be at its end
_FALLBACK = "next_step"
_UNOWNED = "assign_owner"


@dataclass(frozen=True, slots=True)
class Situation:
    """Where an inquiry stands, for planning.

    anchors are the moments that are known: received always, the others as they come; maturity is worked out.
    since is when this plan began: what was wished for before belongs to another plan. planned holds the keys
    of all touches ever planned, dues the (due, channel) of the latest. carried: a newer inquiry of the
    borrower is pursued instead. stopped: a person wants no follow-up.
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


@dataclass(frozen=True, slots=True)
class PlannedTouch:
    """One touch to come. key names cadence, touch, anchor and occurrence."""

    key: str
    cadence: Cadence
    plan: PlannedFollowUp


@dataclass(frozen=True, slots=True)
class _Run:
    """A cadence whose conditions are met, and when it runs."""

    cadence: Cadence
    anchor: datetime
    start: datetime | None
    end: datetime | None

    def covers(self, at: datetime) -> bool:
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)

    def key(self, touch: Touch, number: int) -> str:
        return f"{self.cadence.name}/{touch.name}/{self.anchor.astimezone(UTC):%Y%m%dT%H%M}/{number}"


@dataclass(frozen=True, slots=True, order=True)
class _Occurrence:
    wish: datetime
    place: int  # of the cadence in the playbook
    number: int
    run: _Run = field(compare=False)
    touch: Touch = field(compare=False)


def next_touches(
    situation: Situation, playbook: Playbook, *, now: datetime, most: int
) -> tuple[PlannedTouch, ...]:
    """The next touches that are not planned yet, at most so many, in the order in which they are due.

    At each moment the first cadence of the playbook that matches decides. Of touches that are overdue,
    because nobody looked for a while, only the latest counts, and only of the cadence that decides now. Where
    nothing comes, an inquiry that is open gets a review, and one that nobody owns is to be given an owner.
    """
    found = tuple(islice(_planned(situation, playbook, _running(situation, playbook), now), most))
    if found or situation.stage not in OPEN_STAGES:
        return found
    rest = _Run(_rest(situation, playbook), situation.since, None, None)
    return tuple(islice(_planned(situation, playbook, (rest,), now), min(most, 1)))


def applies(key: str, channel: str, situation: Situation, playbook: Playbook) -> bool:
    """Whether a touch that was planned before, by this channel, would still be planned as things stand."""
    name, touch_name, _, number = key.split("/")
    if name == _FALLBACK:
        return bool(situation.owner.owner) and situation.stage in OPEN_STAGES
    if name == _UNOWNED:
        return not situation.owner.owner and situation.stage in OPEN_STAGES
    running = _running(situation, playbook)
    run = next((one for one in running if one.cadence.name == name), None)
    touch = next((one for one in run.cadence.touches if one.name == touch_name), None) if run else None
    if run is None or touch is None or run.key(touch, int(number)) != key:
        return False
    if _leader(running, wish(touch, run.anchor, int(number), playbook.timezone)) is not run:
        return False
    return open_channel(situation.inquiry, channel)[0] == channel


def why(situation: Situation, playbook: Playbook, now: datetime) -> str:
    """What decides today, in a sentence."""
    if situation.stage in OPEN_STAGES and not situation.owner.owner:
        return "Nobody owns this inquiry, so that comes first."
    if situation.stopped:
        return "Follow-up was stopped by a person."
    leading = _leader(_running(situation, playbook), now)
    if leading is not None:
        return f"It follows the cadence {leading.cadence.name.replace('_', ' ')}."
    if situation.carried:
        return "A newer inquiry of the same borrower is followed up instead."
    return "No cadence matches today."


def _running(situation: Situation, playbook: Playbook) -> tuple[_Run, ...]:
    """The cadences whose conditions are met, in the playbook's order."""
    if situation.stopped or not situation.owner.owner:
        return ()
    anchors = {**situation.anchors, **_maturity(situation.inquiry, playbook.timezone)}
    return tuple(
        _run(cadence, anchors[cadence.anchor], playbook.timezone)
        for cadence in playbook.cadences
        if cadence.anchor in anchors and _matches(cadence, situation)
    )


def _run(cadence: Cadence, anchor: datetime, zone: str) -> _Run:
    start, end = (
        None if day is None else days_after(anchor, day, zone)
        for day in (cadence.from_day, cadence.until_day)
    )
    return _Run(cadence, anchor, start, end)


def _rest(situation: Situation, playbook: Playbook) -> Cadence:
    """What an open inquiry gets for which no cadence plans anything."""
    if not situation.owner.owner:
        touch = Touch("ask", "review", "assign_owner", 1, priority="HIGH", repeat="daily")
        return Cadence(_UNOWNED, "since", (touch,))
    touch = Touch("ask", "review", "decide_next_step", playbook.in_crm.review_days, repeat="monthly")
    return Cadence(_FALLBACK, "since", (touch,))


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


def _leader(running: Sequence[_Run], at: datetime) -> _Run | None:
    return next((one for one in running if one.covers(at)), None)


def _planned(
    situation: Situation, playbook: Playbook, running: Sequence[_Run], now: datetime
) -> Iterator[PlannedTouch]:
    dues = list(situation.dues)
    for one in _occurrences(running, situation.since, now, playbook.timezone):
        key = one.run.key(one.touch, one.number)
        channel, why_channel = open_channel(situation.inquiry, one.touch.channel)
        if key in situation.planned or not channel:
            continue
        due, moved = _due(situation, playbook, max(one.wish, now), channel, dues)
        if (due, channel) in dues:  # two reviews that a weekend brought together are one
            continue
        dues.append((due, channel))
        touch = replace(one.touch, channel=channel)
        reasons = (place_in(one.run.cadence, touch), why_channel, moved)
        plan = touch_task(
            situation.inquiry,
            situation.owner,
            playbook,
            touch,
            due,
            situation.missing,
            " ".join(filter(None, reasons)),
        )
        yield PlannedTouch(key, one.run.cadence, plan)


def _due(
    situation: Situation,
    playbook: Playbook,
    wish: datetime,
    channel: str,
    dues: Sequence[tuple[datetime, str]],
) -> tuple[datetime, str]:
    """The first moment from the wish on inside all hours, well apart from other calls; why it was moved."""
    called = channel in CALLED
    taken = sorted(due for due, other in dues if called and other in CALLED)
    at = wish
    while True:
        due, moved = in_hours(situation.inquiry, situation.owner, playbook, at, 0, legal=called)
        near = next((other for other in taken if abs(due - other) < GAP), None)
        if near is None:
            return due, moved if due != wish else ""
        at = near + GAP


def _occurrences(running: Sequence[_Run], since: datetime, now: datetime, zone: str) -> Iterator[_Occurrence]:
    """What is wished for, in order; of what is overdue, the latest of the cadence that decides now."""
    overdue: list[_Occurrence] = []
    leading = _leader(running, now)
    streams = [
        _stream(place, run, touch, since, zone)
        for place, run in enumerate(running)
        for touch in run.cadence.touches
    ]
    for one in islice(merge(*streams), _LOOKED_AT):
        if _leader(running, one.wish) is not one.run:
            continue
        if one.wish < now:
            if one.run is leading:
                overdue = [one]
            continue
        yield from overdue
        overdue = []
        yield one
    yield from overdue


def _stream(place: int, run: _Run, touch: Touch, since: datetime, zone: str) -> Iterator[_Occurrence]:
    for number, at in wishes(touch, run.anchor, zone, since=since):
        if run.end is not None and at >= run.end:
            return
        yield _Occurrence(at, place, number, run, touch)
