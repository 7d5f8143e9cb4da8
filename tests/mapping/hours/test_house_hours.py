"""Calling hours of a brokerage's own: they narrow the law's from their first day on, and never widen them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.follow_up.first_task import plan_first_touch
from mapping.hours.calling import calling_hours, most_contacts_per_day
from mapping.hours.windows import is_open
from mapping.playbook import Playbook, PlaybookInvalid, load_playbook, shipped
from tests.mapping.people import RENATA, inquiry, owned_by

US = shipped("mortgage_us")
ASKED = inquiry("CA", borrower=replace(RENATA, phone="+14155550132", state="CA"))


def with_rules(*rules: str) -> Playbook:
    tables = "\n".join(f'[[calling_hours]]\nreason = "ours"\n{rule}' for rule in rules)
    return load_playbook(f"{US}\n{tables}\n", name="house")


def may_call(playbook: Playbook, local: str, asked: object = ASKED) -> bool:
    at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("America/Los_Angeles"))
    windows = calling_hours(asked, country="US", house=playbook.calling)  # type: ignore[arg-type]
    return all(is_open(one, at) for one in windows)


@pytest.mark.parametrize(
    ("rule", "local", "allowed"),
    [
        ('weekdays = "10:00-17:00"', "2026-06-10 09:30", False),  # a Wednesday
        ('weekdays = "10:00-17:00"', "2026-06-10 10:00", True),
        ('weekdays = "10:00-17:00"', "2026-06-13 16:00", True),  # a Saturday
        ('weekdays = "10:00-17:00"\nsaturday = ""', "2026-06-13 16:00", False),
        ('weekdays = "00:00-24:00"', "2026-06-10 07:00", False),  # the law's hours hold all the same
        ('weekdays = "10:00-17:00"\nplaces = ["TX"]', "2026-06-10 09:30", True),
        ('weekdays = "10:00-17:00"\nplaces = ["TX", "CA"]', "2026-06-10 09:30", False),
        ('weekdays = "10:00-17:00"\neffective = 2026-06-11', "2026-06-10 09:30", True),
        ('weekdays = "10:00-17:00"\neffective = 2026-06-11', "2026-06-11 09:30", False),
        ('weekdays = "08:00-21:00"\nno_holidays = true', "2026-07-03 12:00", False),  # the day observed
    ],
)
def test_a_rule_narrows_the_law_where_and_when_it_holds(rule: str, local: str, allowed: bool) -> None:
    assert may_call(with_rules(rule), local) is allowed


def test_the_latest_of_several_for_one_place_holds_and_those_of_other_places_beside_it() -> None:
    early, late = 'weekdays = "12:00-13:00"', 'weekdays = "10:00-17:00"\neffective = 2026-01-01'
    assert may_call(with_rules(early, late), "2026-06-10 10:30")
    narrow = with_rules(late, 'weekdays = "11:00-12:00"\nplaces = ["CA"]')
    assert not may_call(narrow, "2026-06-10 10:30")
    assert may_call(narrow, "2026-06-10 11:30")


@given(st.integers(0, 365 * 24 * 60), st.sampled_from(["00:00-24:00", "13:00-15:00"]))
def test_no_rule_opens_a_minute_that_the_law_closes(minutes: int, hours: str) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ours = calling_hours(ASKED, country="US", house=HOUSES[hours].calling)
    if all(is_open(one, moment) for one in ours):
        assert all(is_open(one, moment) for one in calling_hours(ASKED, country="US"))


HOUSES = {hours: with_rules(f'weekdays = "{hours}"') for hours in ("00:00-24:00", "13:00-15:00")}


def test_where_nothing_is_known_of_the_place_its_countrys_holidays_count() -> None:
    unknown = inquiry("", borrower=replace(RENATA, phone="", state=""))
    playbook = with_rules('weekdays = "08:00-21:00"\nno_holidays = true')
    assert not may_call(playbook, "2026-12-25 12:00", unknown)


def test_tasks_are_due_inside_them_and_say_how_often() -> None:
    playbook = with_rules('weekdays = "14:00-17:00"\nmost_per_day = 2')
    received = datetime(2026, 6, 10, 17, 0, tzinfo=UTC)  # 10 in California
    task = plan_first_touch(
        replace(ASKED, received_at=received),
        owned_by("maya@example.com", playbook),
        playbook,
        now=received,
        returning=False,
    )
    assert task.due_at == datetime(2026, 6, 10, 21, 0, tzinfo=UTC)
    windows = calling_hours(ASKED, country="US", house=playbook.calling)
    assert most_contacts_per_day(windows, date(2026, 6, 10)) == 2


@pytest.mark.parametrize(
    ("rules", "key", "words"),
    [
        (['weekdays = "9-5"'], "calling_hours.0.weekdays", "09:00-17:30"),
        (['saturday = "09:00-12:00"'], "calling_hours.0.weekdays", "missing"),
        (['weekdays = ""'], "calling_hours.0.weekdays", "nobody could ever be called"),
        (['weekdays = "09:00-17:00"\nplaces = ["California"]'], "calling_hours.0.places.0", "two-letter"),
        (
            ['weekdays = "09:00-17:00"', 'weekdays = "10:00-17:00"'],
            "calling_hours.1.reason",
            "calling_hours.0",
        ),
        (['weekdays = "09:00-17:00"\nmost_per_day = 0'], "calling_hours.0.most_per_day", "above 0"),
    ],
)
def test_a_rule_with_a_mistake_is_told(rules: list[str], key: str, words: str) -> None:
    with pytest.raises(PlaybookInvalid) as caught:
        with_rules(*rules)
    (problem,) = caught.value.problems
    assert problem.key == key
    assert words in f"{problem.message}. {problem.remedy}"
