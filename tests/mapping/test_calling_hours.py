"""Calling hours: the tables, the places a borrower may be in, and clock changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumber
from phonenumbers.timezone import time_zones_for_geographical_number

from mapping.business_hours import BusinessHours
from mapping.calling_hours import (
    CallingHours,
    calling_hours,
    calling_tables,
    most_contacts_per_day,
    rules_for,
)
from mapping.windows import is_open, next_open, parse_ranges, span_around
from tests.mapping.people import RENATA, inquiry

# Mon 8 June ... Sun 14 June 2026. Columns: property state, phone, local time asked, its zone, and the first
# legal minute by the same clock ("" = at once).
CASES = [
    # the federal window, in one zone
    ("CA", "+14155550132", "2026-06-08 07:59", "America/Los_Angeles", "2026-06-08 08:00"),
    ("CA", "+14155550132", "2026-06-08 08:00", "America/Los_Angeles", ""),
    ("CA", "+14155550132", "2026-06-08 20:59", "America/Los_Angeles", ""),
    ("CA", "+14155550132", "2026-06-08 21:00", "America/Los_Angeles", "2026-06-09 08:00"),
    ("NY", "+12125550132", "2026-06-14 12:00", "America/New_York", ""),
    ("NY", "+12125550132", "2026-06-08 23:30", "America/New_York", "2026-06-09 08:00"),
    ("IL", "+13125550132", "2026-06-08 06:00", "America/Chicago", "2026-06-08 08:00"),
    ("CO", "+13035550132", "2026-06-08 21:01", "America/Denver", "2026-06-09 08:00"),
    # narrower states
    ("AL", "+12055550132", "2026-06-08 19:59", "America/Chicago", ""),
    ("AL", "+12055550132", "2026-06-08 20:00", "America/Chicago", "2026-06-09 08:00"),
    ("AL", "+12055550132", "2026-06-13 20:00", "America/Chicago", "2026-06-15 08:00"),
    ("AL", "+12055550132", "2026-06-14 12:00", "America/Chicago", "2026-06-15 08:00"),
    ("LA", "+15045550132", "2026-06-14 12:00", "America/Chicago", "2026-06-15 08:00"),
    ("MS", "+16015550132", "2026-06-08 20:30", "America/Chicago", "2026-06-09 08:00"),
    ("FL", "+13055550132", "2026-06-08 20:05", "America/New_York", "2026-06-09 08:00"),
    ("FL", "+13055550132", "2026-06-14 19:30", "America/New_York", ""),
    ("OK", "+14055550132", "2026-06-08 20:05", "America/Chicago", "2026-06-09 08:00"),
    ("MD", "+14105550132", "2026-06-08 20:05", "America/New_York", "2026-06-09 08:00"),
    ("OR", "+15035550132", "2026-06-08 20:05", "America/Los_Angeles", "2026-06-09 08:00"),
    ("OR", "+15035550132", "2025-12-30 20:05", "America/Los_Angeles", ""),  # before the law
    ("WA", "+12065550132", "2026-06-08 20:05", "America/Los_Angeles", "2026-06-09 08:00"),
    ("MA", "+16175550132", "2026-06-08 20:05", "America/New_York", "2026-06-09 08:00"),
    ("WY", "+13075550132", "2026-06-08 20:05", "America/Denver", "2026-06-09 08:00"),
    ("RI", "+14015550132", "2026-06-08 08:30", "America/New_York", "2026-06-08 09:00"),
    ("RI", "+14015550132", "2026-06-08 18:00", "America/New_York", "2026-06-09 09:00"),
    ("RI", "+14015550132", "2026-06-13 09:30", "America/New_York", "2026-06-13 10:00"),
    ("RI", "+14015550132", "2026-06-13 17:00", "America/New_York", "2026-06-15 09:00"),
    ("NV", "+17025550132", "2026-06-08 08:30", "America/Los_Angeles", "2026-06-08 09:00"),
    ("NV", "+17025550132", "2026-06-08 20:00", "America/Los_Angeles", "2026-06-09 09:00"),
    ("CT", "+12035550132", "2026-06-08 08:30", "America/New_York", "2026-06-08 09:00"),
    ("MI", "+13135550132", "2026-06-08 08:30", "America/Detroit", "2026-06-08 09:00"),
    ("MN", "+16125550132", "2026-06-08 20:59", "America/Chicago", ""),
    ("NM", "+15055550132", "2026-06-08 08:30", "America/Denver", "2026-06-08 09:00"),
    ("KY", "+15025550132", "2026-06-08 09:30", "America/New_York", "2026-06-08 10:00"),
    ("TX", "+15125550132", "2026-06-08 08:30", "America/Chicago", "2026-06-08 09:00"),
    ("TX", "+15125550132", "2026-06-14 11:30", "America/Chicago", "2026-06-14 12:00"),
    ("TX", "+19155550132", "2026-06-08 08:30", "America/Denver", "2026-06-08 09:00"),  # El Paso
    # holidays
    ("AL", "+12055550132", "2026-12-25 12:00", "America/Chicago", "2026-12-26 08:00"),
    ("UT", "+18015550132", "2026-07-24 12:00", "America/Denver", "2026-07-25 08:00"),  # Pioneer Day
    ("PA", "+12155550132", "2026-09-07 12:00", "America/New_York", "2026-09-08 08:00"),  # Labor Day
    ("RI", "+14015550132", "2026-08-10 12:00", "America/New_York", "2026-08-11 09:00"),  # Victory Day
    ("NY", "+12125550132", "2026-12-25 12:00", "America/New_York", ""),
    # a law that came into force
    ("PA", "+12155550132", "2026-10-17 19:30", "America/New_York", ""),
    ("PA", "+12155550132", "2026-10-19 19:30", "America/New_York", "2026-10-20 09:00"),
    ("PA", "+12155550132", "2026-10-18 12:00", "America/New_York", "2026-10-19 09:00"),
    # no daylight saving, far zones
    ("AZ", "+16025550132", "2026-06-08 07:30", "America/Phoenix", "2026-06-08 08:00"),
    ("AZ", "+16025550132", "2026-01-12 07:30", "America/Phoenix", "2026-01-12 08:00"),
    ("HI", "+18085550132", "2026-06-08 07:30", "Pacific/Honolulu", "2026-06-08 08:00"),
    ("AK", "+19075550132", "2026-06-08 21:30", "America/Anchorage", "2026-06-09 09:00"),  # Adak
    ("PR", "+17875550132", "2026-06-08 07:30", "America/Puerto_Rico", "2026-06-08 08:00"),
    ("GU", "+16715550132", "2026-06-08 07:30", "Pacific/Guam", "2026-06-08 08:00"),
    # the area code is not the state's
    ("CA", "+12125550132", "2026-06-08 09:00", "America/New_York", "2026-06-08 11:00"),
    ("CA", "+12125550132", "2026-06-08 21:00", "America/New_York", "2026-06-09 11:00"),
    ("NY", "+13055550132", "2026-06-08 20:30", "America/New_York", "2026-06-09 08:00"),  # Florida's 20:00
    ("AZ", "+12125550132", "2026-06-08 09:00", "America/New_York", "2026-06-08 11:00"),  # summer: 3 h
    ("AZ", "+12125550132", "2026-01-12 09:00", "America/New_York", "2026-01-12 10:00"),  # winter: 2 h
    ("HI", "+12125550132", "2026-06-08 09:00", "America/New_York", "2026-06-08 14:00"),
    ("NY", "+18085550132", "2026-06-08 12:00", "America/New_York", "2026-06-08 14:00"),
    ("", "+14805550132", "2026-06-08 07:30", "America/Phoenix", "2026-06-08 08:00"),
    ("FL", "+12125550132", "2026-06-08 08:30", "America/New_York", "2026-06-08 09:00"),  # panhandle
    # toll-free and unknown numbers tell nothing
    ("CA", "+18005550132", "2026-06-08 08:00", "America/Los_Angeles", ""),
    ("", "+18005550132", "2026-06-08 09:00", "America/New_York", "2026-06-08 14:00"),
    ("", "", "2026-06-08 20:59", "America/New_York", ""),
    ("", "", "2026-06-08 21:00", "America/New_York", "2026-06-09 14:00"),
    ("", "+442071230132", "2026-06-08 07:30", "Europe/London", "2026-06-08 08:00"),
    # Canada
    ("ON", "+14165550132", "2026-06-08 08:30", "America/Toronto", "2026-06-08 09:00"),
    ("ON", "+14165550132", "2026-06-08 21:29", "America/Toronto", ""),
    ("ON", "+14165550132", "2026-06-08 21:30", "America/Toronto", "2026-06-09 09:00"),
    ("ON", "+14165550132", "2026-06-13 09:30", "America/Toronto", "2026-06-13 10:00"),
    ("ON", "+14165550132", "2026-06-13 18:00", "America/Toronto", "2026-06-14 10:00"),
    ("ON", "+14165550132", "2026-06-14 18:00", "America/Toronto", "2026-06-15 09:00"),
    ("NL", "+17095550132", "2026-06-08 08:45", "America/St_Johns", "2026-06-08 09:30"),  # Labrador
    ("NL", "", "2026-06-08 21:15", "America/St_Johns", ""),
    ("SK", "+13065550132", "2026-01-12 08:30", "America/Regina", "2026-01-12 09:00"),
    ("BC", "+16045550132", "2026-06-08 21:31", "America/Vancouver", "2026-06-09 09:00"),
    ("QC", "+15145550132", "2026-06-08 08:59", "America/Toronto", "2026-06-08 09:00"),
    ("ON", "+12125550132", "2026-06-08 21:05", "America/Toronto", "2026-06-09 10:00"),  # both rules
    # the nights on which clocks change (Sundays 8 March and 1 November 2026)
    ("NY", "+12125550132", "2026-03-08 07:30", "America/New_York", "2026-03-08 08:00"),
    ("NY", "+12125550132", "2026-03-07 21:00", "America/New_York", "2026-03-08 08:00"),
    ("NY", "+12125550132", "2026-11-01 07:59", "America/New_York", "2026-11-01 08:00"),
    ("NY", "+12125550132", "2026-10-31 21:00", "America/New_York", "2026-11-01 08:00"),
    ("AZ", "+12125550132", "2026-03-07 22:00", "America/New_York", "2026-03-08 11:00"),
]  # fmt: skip


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(("state", "phone", "asked", "zone", "legal"), CASES)
def test_the_first_legal_minute(state: str, phone: str, asked: str, zone: str, legal: str) -> None:
    windows = calling_hours(inquiry(state, borrower=replace(RENATA, phone=phone)), country="US")
    opens = next_open(windows, local(asked, zone))
    assert opens is not None
    assert opens == local(legal or asked, zone)


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

    for code, place in tables.area_codes.items():
        number = PhoneNumber(country_code=1, national_number=int(f"{code}5550132"))
        by_phone = offsets(tuple(time_zones_for_geographical_number(number)))
        by_place = offsets(tables.zones[tables.country_of[place]][place])
        assert by_phone & by_place or code in wrong_in_the_library, (code, place)


def test_an_area_code_in_one_zone_belongs_to_a_place_with_several() -> None:
    tables = calling_tables()
    for code, zone in tables.area_code_zones.items():
        place = tables.area_codes[code]
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


def test_of_a_time_that_the_clock_repeats_the_first_counts() -> None:
    opens = next_open(
        [every_day("America/New_York", "01:30-12:00")], local("2026-11-01 00:00", "America/New_York")
    )
    assert opens == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # 01:30 still daylight time


def test_hours_that_never_meet_have_no_opening() -> None:
    morning, evening = (
        every_day("America/New_York", "09:00-10:00"),
        every_day("America/New_York", "20:00-21:00"),
    )
    assert next_open([morning, evening], datetime(2026, 6, 8, tzinfo=UTC)) is None


NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=660)).map(lambda later: NEW_YEAR + later)
STATES = st.sampled_from(["", *sorted(calling_tables().country_of)])
PHONES = st.sampled_from(["", "+18005550132", *(f"+1{code}5550132" for code in calling_tables().area_codes)])


@settings(deadline=None)  # tables are read on first use
@given(MOMENTS, STATES, PHONES)
def test_the_next_opening_is_legal_and_nothing_before_it_is(at: datetime, state: str, phone: str) -> None:
    windows = calling_hours(inquiry(state, borrower=replace(RENATA, phone=phone)), country="US")
    opens = next_open(windows, at)
    if opens is None:
        assert {"GU", "MP", "AS"} & {
            window.place for window in windows
        }  # half a world away from the other place
        return
    assert opens >= at
    assert all(is_open(window, opens) for window in windows)
    assert opens == at or not all(is_open(window, opens - timedelta(seconds=1)) for window in windows)
    span = span_around(windows, opens)
    assert span is not None
    assert span[0] <= opens < span[1]
