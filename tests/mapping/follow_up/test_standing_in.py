"""While an owner is away: who does the task, what waits, and what never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mapping.follow_up.cadence import next_touches
from mapping.follow_up.cadence_choice import Situation
from mapping.follow_up.news import News, plan_after_news
from mapping.follow_up.reminders import plan_reminder
from mapping.follow_up.standing_in import choose_present, doer
from mapping.hours.business import Absence, DutyHours
from mapping.inquiry import Consent, Meeting, Stage
from mapping.ownership.owner import Standing, choose_owner
from mapping.playbook import Licence, Member, OwnerRule, Playbook
from tests.mapping.people import DANIEL, MAYA, NOON, PRIYA, US, inquiry, owned_by

FAR = date(2030, 1, 1)
EVERYWHERE = {"CA": Licence("X-1", FAR)}
YES = Consent(email=True, phone=True, sms=True)
THURSDAY, FRIDAY = date(2026, 6, 11), date(2026, 6, 12)
NEXT_NOON = NOON + timedelta(days=1)


def away(member: Member, first: date, last: date) -> Member:
    absences = (Absence(first, last),)
    return replace(member, absences=absences, hours=replace(member.hours, absences=absences))


def team(*members: Member, **changes: object) -> Playbook:
    usual: dict[str, object] = {"owner_rules": (), "team": tuple(members)}
    return replace(US, **{**usual, **changes})  # type: ignore[arg-type]


def here(member: Member) -> Member:
    return replace(member, licences=EVERYWHERE)


LONG = away(here(MAYA), THURSDAY, date(2026, 6, 24))
SHORT = away(here(MAYA), THURSDAY, THURSDAY)


def test_a_short_absence_is_waited_for_and_a_long_one_is_not() -> None:
    owner = owned_by(MAYA.email)
    for member, stand_in in ((here(MAYA), ""), (SHORT, ""), (LONG, PRIYA.email)):
        found = doer(inquiry(), owner, team(member, here(PRIYA)), NEXT_NOON, legal=True)
        assert found.stand_in == stand_in
    assert found.why == "Maya Whitfield is away until Wed 24 Jun: Priya Raman stands in."


@pytest.mark.parametrize("days", [13, 20, 21, 22, 60, 400])
@pytest.mark.parametrize("legal", [True, False])
def test_an_absence_of_many_weeks_is_no_short_one(days: int, legal: bool) -> None:
    leave = away(here(MAYA), THURSDAY, THURSDAY + timedelta(days=days))
    found = doer(inquiry(), owned_by(MAYA.email), team(leave, here(PRIYA)), NEXT_NOON, legal=legal)
    assert found.stand_in == PRIYA.email


@pytest.mark.parametrize(
    ("hours", "waits", "stand_in"), [(24, False, True), (6, True, True), (24, True, False)]
)
def test_what_never_waits_and_a_stricter_playbook(hours: int, waits: bool, stand_in: bool) -> None:
    playbook = team(SHORT, here(PRIYA), stand_in_after_hours=hours)
    found = doer(inquiry(), owned_by(MAYA.email), playbook, NEXT_NOON, legal=True, waits=waits)
    assert bool(found.stand_in) is stand_in


def test_the_rules_of_ownership_choose_who_stands_in() -> None:
    asked, owner = inquiry(), owned_by(MAYA.email)
    everybody = (LONG, here(PRIYA), here(DANIEL))
    rule = OwnerRule("Purchases", (MAYA.email, DANIEL.email))
    by_rule = team(*everybody, owner_rules=(rule,))
    assert doer(asked, owner, by_rule, NEXT_NOON, legal=True).stand_in == DANIEL.email
    shift = DutyHours(US.hours.zone, "the shift", US.hours.week, US.hours)
    on_duty = team(LONG, here(PRIYA), replace(here(DANIEL), duty=(shift,)))
    assert doer(asked, owner, on_duty, NEXT_NOON, legal=True).stand_in == DANIEL.email
    turns = {PRIYA.email: 3.0, DANIEL.email: 2.0, MAYA.email: 0.0}
    assert doer(asked, owner, team(*everybody), NEXT_NOON, legal=True, turns=turns).stand_in == DANIEL.email


def test_nobody_without_a_licence_stands_in() -> None:
    nobody = team(LONG, replace(PRIYA, licences={}))
    found = doer(inquiry(), owned_by(MAYA.email), nobody, NEXT_NOON, legal=True)
    assert (found.stand_in, found.who.owner) == ("", MAYA.email)


def touches(playbook: Playbook, stage: Stage = Stage.NEW) -> dict[str, tuple[str, datetime]]:
    """Who does which touch (\"\" = the owner), and when."""
    asked = inquiry(consent=YES)
    anchors = {"received": NOON, "stage": NOON}
    at = Situation(asked, stage, owned_by(MAYA.email), (), anchors, NOON)
    found = next_touches(at, playbook, now=NOON, most=6)
    return {one.key.partition("/")[2]: (one.plan.owner, one.plan.due_at) for one in found}


def named(found: dict[str, tuple[str, datetime]], touch: str) -> tuple[str, datetime]:
    return next(one for key, one in found.items() if key.startswith(f"{touch}/"))


def test_hot_pursuit_never_waits_for_a_holiday() -> None:
    usual = touches(team(here(MAYA), here(PRIYA)))
    found = touches(team(SHORT, here(PRIYA)))
    assert named(found, "text_after") == named(usual, "text_after")
    assert named(found, "second_try")[0] == PRIYA.email
    assert named(found, "second_try")[1].date() == THURSDAY
    assert named(found, "third_try")[0] == "", "who is back does it"


def test_any_other_touch_waits_for_a_day_and_not_for_a_fortnight() -> None:
    month = away(here(MAYA), THURSDAY, date(2026, 7, 12))
    both = [touches(team(one, here(PRIYA)), Stage.WAITING) for one in (here(MAYA), month)]
    assert {who for who, _ in both[0].values()} == {""}
    inside = [name for name, (_, at) in both[0].items() if at.date() <= date(2026, 7, 12)]
    assert len(inside) == 2
    assert all(both[1][name][0] == PRIYA.email for name in inside)
    assert all(both[1][name][1].date() == both[0][name][1].date() for name in inside)


def test_news_and_reminders_reach_somebody_who_is_there() -> None:
    playbook, asked, owner = team(LONG, here(PRIYA)), inquiry(consent=YES), owned_by(MAYA.email)
    news = plan_after_news(asked, News("message", "She wrote."), asked, owner, playbook, now=NEXT_NOON)
    reminder = plan_reminder(asked, "started", owner, playbook, now=NEXT_NOON)
    assert (news.owner, reminder.owner) == (PRIYA.email, PRIYA.email)
    assert news.due_at.date() == reminder.due_at.date() == THURSDAY
    assert "stands in" in news.reason
    booked = replace(asked, meeting=Meeting(start=NEXT_NOON + timedelta(hours=2), status="active"))
    meeting = plan_after_news(booked, News("meeting", ""), booked, owner, playbook, now=NEXT_NOON)
    assert meeting.owner == ""


def test_the_first_owner_is_there_when_the_first_task_is_due() -> None:
    night = datetime(2026, 6, 11, 5, 30, tzinfo=UTC)  # Wednesday, half past ten at night in California
    playbook = team(SHORT, here(PRIYA))
    standing = Standing({PRIYA.email: 5.0, MAYA.email: 0.0})
    asked = inquiry(received_at=night)
    assert choose_owner(asked, playbook, standing, now=night - timedelta(hours=2)).owner == MAYA.email
    found = choose_present(asked, playbook, standing, now=night - timedelta(hours=2), returning=False)
    assert found.owner == PRIYA.email
    assert dict(found.considered)["Maya Whitfield"] == "absent until 2026-06-11"
    alone = team(SHORT)
    kept = choose_present(asked, alone, standing, now=night - timedelta(hours=2), returning=False)
    assert kept.owner == MAYA.email
