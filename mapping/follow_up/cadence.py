"""What comes next with an inquiry: the touches of its cadences, in order, each with a key that never changes.

Nothing of a plan is remembered but which touches were planned before: planning again gives the same keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice

from mapping.consent.implied import ended
from mapping.follow_up.cadence_choice import (
    ASSIGN_OWNER,
    NEXT_STEP,
    Run,
    Situation,
    is_nobodys,
    leader,
    rest_of,
    running,
)
from mapping.follow_up.cadence_dates import lately, wish, wishes
from mapping.follow_up.cadence_words import place_in, touch_task
from mapping.follow_up.first_task import CALLED, PlannedFollowUp, in_hours, open_channel
from mapping.follow_up.standing_in import doer
from mapping.inquiry import Inquiry, Stage
from mapping.ownership.owner import OwnerDecision
from mapping.playbook.cadences import OPEN_STAGES, Cadence, Touch
from mapping.playbook.model import Playbook

#: Between two calls or texts: within the usual hours never more than three a day, as some states demand.
GAP = timedelta(hours=5)
_APART = f"Moved: two calls or texts are {GAP // timedelta(hours=1)} hours apart at least."
#: What is written about a loan under way is no advertisement.
_UNDER_WAY = frozenset({Stage.COLLECTING_DOCUMENTS, Stage.LENDER_REVIEW})
_LOOKED_AT = 200  # occurrences that may turn out to be none before a plan is taken to be at its end


@dataclass(frozen=True, slots=True)
class PlannedTouch:
    """One touch to come. key names cadence, touch, anchor and occurrence."""

    key: str
    cadence: Cadence
    plan: PlannedFollowUp


@dataclass(frozen=True, slots=True, order=True)
class _Occurrence:
    wish: datetime
    place: int  # of the cadence in the playbook
    number: int
    run: Run = field(compare=False)
    touch: Touch = field(compare=False)


def next_touches(
    situation: Situation, playbook: Playbook, *, now: datetime, most: int
) -> tuple[PlannedTouch, ...]:
    """The next touches that are not planned yet, at most so many, in the order in which they are due.

    At each moment the first cadence of the playbook that matches decides. Of touches that are overdue,
    because nobody looked for a while, only the latest counts, and only of the cadence that decides now. Where
    nothing comes, an inquiry that is open gets a review, and one that nobody owns is to be given an owner.
    """
    found = tuple(islice(_planned(situation, playbook, running(situation, playbook), now), most))
    if found or situation.stage not in OPEN_STAGES:
        return found
    rest = Run(rest_of(situation, playbook), situation.since, None, None)
    return tuple(islice(_planned(situation, playbook, (rest,), now), min(most, 1)))


def applies(key: str, channel: str, situation: Situation, playbook: Playbook) -> bool:
    """Whether a touch that was planned before, by this channel, would still be planned as things stand."""
    name, touch_name, _, number = key.split("/")
    if name == NEXT_STEP:
        return not is_nobodys(situation, playbook) and situation.stage in OPEN_STAGES
    if name == ASSIGN_OWNER:
        return is_nobodys(situation, playbook) and situation.stage in OPEN_STAGES
    runs = running(situation, playbook)
    run = next((one for one in runs if one.cadence.name == name), None)
    touch = next((one for one in run.cadence.touches if one.name == touch_name), None) if run else None
    if run is None or touch is None or run.key(touch, int(number)) != key:
        return False
    at = wish(touch, run.anchor, int(number), playbook.timezone)
    if leader(runs, at) is not run:
        return False
    return _channel(situation, playbook, replace(touch, channel=channel), at)[0] == channel


def _channel(situation: Situation, playbook: Playbook, touch: Touch, at: datetime) -> tuple[str, str]:
    """The channel that is open at that moment, and why it is another one than the wanted; "" when none is.

    What is written again and again is not turned into calls when the consent to it ends: it ends as well.
    """
    wanted = touch.channel
    if situation.stage in _UNDER_WAY:
        return open_channel(situation.inquiry, wanted)
    gone = ended(situation.inquiry, situation.anchors, playbook.country, playbook.timezone, at=at)
    channel, why_channel = open_channel(situation.inquiry, wanted, gone)
    silent = touch.repeat and open_channel(situation.inquiry, wanted)[0] in gone
    return ("", "") if silent else (channel, why_channel)


def why(situation: Situation, playbook: Playbook, now: datetime) -> str:
    """What decides today, in a sentence."""
    if situation.stage in OPEN_STAGES and is_nobodys(situation, playbook):
        who = "Only the queue has" if situation.owner.owner else "Nobody owns"
        return f"{who} this inquiry, so finding an owner comes first."
    if situation.stopped:
        return "Follow-up was stopped by a person."
    runs = running(situation, playbook)
    leading = leader(runs, now)
    if leading is not None:
        name = leading.cadence.name.replace("_", " ")
        if next(_planned(situation, playbook, runs, now), None) is None:
            return f"The cadence {name} has nothing more that may be done: a person is asked what comes next."
        return f"It follows the cadence {name}."
    if situation.carried:
        return "A newer inquiry of the same borrower is followed up instead."
    return "No cadence matches today."


def _planned(
    situation: Situation, playbook: Playbook, runs: Sequence[Run], now: datetime
) -> Iterator[PlannedTouch]:
    dues = list(situation.dues)
    for one in _occurrences(runs, situation.since, now, playbook.timezone):
        key = one.run.key(one.touch, one.number)
        at = max(one.wish, now)
        channel, why_channel = _channel(situation, playbook, one.touch, at)
        if key in situation.planned or not channel:
            continue
        does = doer(
            situation.inquiry,
            situation.owner,
            playbook,
            at,
            legal=channel in CALLED,
            waits=one.run.cadence.waits_for_owner,
            turns=situation.turns,
        )
        due, moved = _due(situation.inquiry, does.who, playbook, at, channel, dues)
        if (due, channel) in dues:  # two reviews that a weekend brought together are one
            continue
        dues.append((due, channel))
        touch = replace(one.touch, channel=channel)
        reasons = (place_in(one.run.cadence, touch), why_channel, does.why, moved)
        plan = touch_task(
            situation.inquiry,
            does.who,
            playbook,
            touch,
            due,
            situation.missing,
            " ".join(filter(None, reasons)),
        )
        yield PlannedTouch(key, one.run.cadence, replace(plan, owner=does.stand_in))


def _due(
    inquiry: Inquiry,
    owner: OwnerDecision,
    playbook: Playbook,
    wish: datetime,
    channel: str,
    dues: Sequence[tuple[datetime, str]],
) -> tuple[datetime, str]:
    """The first moment from the wish on inside all hours, well apart from other calls; why it was moved."""
    called = channel in CALLED
    taken = sorted(due for due, other in dues if called and other in CALLED)
    at, apart = wish, ""
    while True:
        due, moved = in_hours(inquiry, owner, playbook, at, 0, legal=called)
        near = next((other for other in taken if abs(due - other) < GAP), None)
        if near is None:
            return due, " ".join(filter(None, (apart, moved if due != at else "")))
        at, apart = near + GAP, _APART


def _occurrences(runs: Sequence[Run], since: datetime, now: datetime, zone: str) -> Iterator[_Occurrence]:
    """What is wished for, in order; of what is overdue, the latest of the cadence that decides now."""
    overdue: list[_Occurrence] = []
    leading = leader(runs, now)
    streams = [
        _stream(place, run, touch, lately(touch, since, now), zone)
        for place, run in enumerate(runs)
        for touch in run.cadence.touches
    ]
    for one in islice(merge(*streams), _LOOKED_AT):
        if leader(runs, one.wish) is not one.run:
            continue
        if one.wish < now:
            if one.run is leading:
                overdue = [one]
            continue
        yield from overdue
        overdue = []
        yield one
    yield from overdue


def _stream(place: int, run: Run, touch: Touch, since: datetime, zone: str) -> Iterator[_Occurrence]:
    for number, at in wishes(touch, run.anchor, zone, since=since):
        if run.end is not None and at >= run.end:
            return
        yield _Occurrence(at, place, number, run, touch)
