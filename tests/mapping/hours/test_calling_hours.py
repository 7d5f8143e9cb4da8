"""Calling hours: the tables, the places a borrower may be in, and clock changes."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from phonenumbers import PhoneNumber
from phonenumbers.timezone import time_zones_for_geographical_number

from mapping.hours.business import BusinessHours
from mapping.hours.calling import CallingHours, calling_hours, most_contacts_per_day, rules_for
from mapping.hours.calling_tables import calling_tables
from mapping.hours.windows import next_open, parse_ranges, span_around
from mapping.inquiry import Property
from tests.mapping.people import RENATA, inquiry

# What is asked for, where the property is, the phone, the state of the stated address, the local time asked
# with its clock, and the first legal minute by the same clock ("" = at once).
with (Path(__file__).parent / "calling_hours.csv").open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))
NAMES = [f"{line}-{case['case']}" for line, case in enumerate(CASES, 2)]


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{number}-{case['case']}" for number, case in enumerate(CASES, 2)]
)
def test_the_first_legal_minute(case: dict[str, str]) -> None:
    asked = inquiry(
        property=Property(state=case["state"], city=case["city"], postal_code=case["postal_code"]),
        borrower=replace(RENATA, phone=case["phone"], state=case["home_state"]),
    )
    opens = next_open(calling_hours(asked, country="US"), local(case["asked"], case["clock"]))
    assert opens == local(case["legal"] or case["asked"], case["clock"])


def test_the_table_is_long_and_asks_nothing_twice() -> None:
    asked = [tuple(case[key] for key in case if key not in ("case", "legal")) for case in CASES]
    assert len(asked) == len(set(asked)) >= 200


def test_the_stated_address_counts_too() -> None:
    asked = inquiry("NY", borrower=replace(RENATA, phone="+12125550132", state="HI"))
    windows = calling_hours(asked, country="US")
    assert {window.place for window in windows} == {"NY", "HI"}


def test_an_area_code_picks_the_zone_inside_its_own_state_only() -> None:
    pensacola = calling_hours(inquiry("FL", borrower=replace(RENATA, phone="+18505550132")), country="US")
    new_yorker = calling_hours(inquiry("FL", borrower=replace(RENATA, phone="+12125550132")), country="US")
    assert "America/Chicago" in {window.zone for window in pensacola}
    assert {window.zone for window in new_yorker if window.place == "FL"} == {
        "America/New_York",
        "America/Chicago",
    }


def test_the_country_of_the_playbook_decides_when_nothing_is_known() -> None:
    unknown = inquiry("", borrower=replace(RENATA, phone=""))
    assert {window.country for window in calling_hours(unknown, country="CA")} == {"CA"}
    assert "America/St_Johns" in {window.zone for window in calling_hours(unknown, country="CA")}


def test_florida_counts_contacts_and_new_york_does_not() -> None:
    florida = (CallingHours("US", "FL", "America/New_York"),)
    assert most_contacts_per_day(florida, date(2026, 6, 8)) == 3
    assert most_contacts_per_day((CallingHours("US", "NY", "America/New_York"),), date(2026, 6, 8)) == 0


def test_every_rule_says_since_when_and_by_which_law() -> None:
    tables = calling_tables()
    rules = [rule for rows in (*tables.countries.values(), *tables.places.values()) for rule in rows]
    assert all(rule.source and rule.effective < date(2027, 1, 1) for rule in rules)
    assert set(tables.countries) == set(tables.zones) == set(tables.anywhere) == {"US", "CA"}
    assert tables.places.keys() <= tables.country_of.keys()


def test_every_state_and_province_has_zones_that_exist() -> None:
    zones = calling_tables().zones
    assert len(zones["US"]) == 56  # fifty states, DC, five territories
    assert len(zones["CA"]) == 13
    assert all(ZoneInfo(name) for rows in zones.values() for names in rows.values() for name in names)


def test_area_codes_agree_with_the_zones_of_their_place() -> None:
    tables = calling_tables()
    july = datetime(2026, 7, 1, tzinfo=UTC)
    wrong_in_the_library = {"474", "879"}  # overlays of Saskatchewan and Newfoundland

    def offsets(names: tuple[str, ...]) -> set[timedelta | None]:
        return {july.astimezone(ZoneInfo(name)).utcoffset() for name in names}

    for code, places in tables.area_codes.items():
        number = PhoneNumber(country_code=1, national_number=int(f"{code}5550132"))
        by_phone = offsets(tuple(time_zones_for_geographical_number(number)))
        by_place = {one for place in places for one in offsets(tables.zones[tables.country_of[place]][place])}
        assert by_phone & by_place or code in wrong_in_the_library, (code, places)


def test_an_area_code_in_one_zone_belongs_to_a_place_with_several() -> None:
    tables = calling_tables()
    for code, zone in tables.area_code_zones.items():
        (place,) = tables.area_codes[code]
        zones = tables.zones[tables.country_of[place]][place]
        assert zone in zones
        assert len(zones) > 1


def test_no_state_is_wider_than_its_country() -> None:
    tables = calling_tables()
    for place, country in tables.country_of.items():
        zone = tables.zones[country][place][0]
        for day in range(7):
            monday = date(2026, 6, 8) + timedelta(days=day)
            federal = rules_for(country, "", monday)[0].week[monday.weekday()]
            for start, end in CallingHours(country, place, zone).ranges(monday):
                assert federal[0][0] <= start < end <= federal[-1][1]


@pytest.mark.parametrize(
    "text", ["9", "09:00", "09:00-09:00", "25:00-26:00", "09:60-10:00", "10:00-11:00 12:00-13:00"]
)
def test_unreadable_hours_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="hours"):
        parse_ranges(text)


def test_hours_may_have_a_break_and_may_be_none() -> None:
    assert parse_ranges("9:00-12:30, 13:30-24:00") == ((540, 750), (810, 1440))
    assert parse_ranges("") == ()


def every_day(zone: str, text: str) -> BusinessHours:
    ranges = parse_ranges(text)
    return BusinessHours(zone, "test", (ranges, ranges, ranges, ranges, ranges, ranges, ranges))


def test_a_time_that_the_clock_skips_moves_forward() -> None:
    opens = next_open(
        [every_day("America/New_York", "02:30-12:00")], local("2026-03-08 00:00", "America/New_York")
    )
    assert opens == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)  # 03:30 daylight time


def test_hours_begin_at_the_second_of_a_time_that_the_clock_repeats_and_end_at_the_first() -> None:
    night = local("2026-11-01 00:00", "America/New_York")
    opens = next_open([every_day("America/New_York", "01:30-12:00")], night)
    assert opens == datetime(
        2026, 11, 1, 6, 30, tzinfo=UTC
    )  # 01:30 standard time: before it the clock shows 01:29
    span = span_around([every_day("America/New_York", "00:00-01:30")], night)
    assert span == (night, datetime(2026, 11, 1, 5, 30, tzinfo=UTC))


def test_hours_that_end_in_the_hour_that_the_clock_skips_end_before_it() -> None:
    night = local("2026-03-08 01:00", "America/New_York")
    span = span_around([every_day("America/New_York", "01:00-02:30")], night)
    assert span == (
        night,
        datetime(2026, 3, 8, 6, 30, tzinfo=UTC),
    )  # 01:30, not the 03:30 that 02:30 turns into


def test_hours_that_never_meet_have_no_opening() -> None:
    morning, evening = (
        every_day("America/New_York", "09:00-10:00"),
        every_day("America/New_York", "20:00-21:00"),
    )
    assert next_open([morning, evening], datetime(2026, 6, 8, tzinfo=UTC)) is None
