"""Properties of openings: whatever the hours, the next one is open, is the first, and is found in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.hours.business import Absence, BusinessHours
from mapping.hours.calling import calling_hours
from mapping.hours.calling_tables import calling_tables
from mapping.hours.windows import HORIZON, Hours, Ranges, after_open, is_open, next_open, span_around
from tests.mapping.people import RENATA, inquiry

MINUTE = timedelta(minutes=1)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
# Also clocks that change by half an hour, at midnight, or not at all.
ZONES = st.sampled_from(
    (
        *("America/New_York", "America/St_Johns", "America/Phoenix", "America/Vancouver", "America/Edmonton"),
        *("Pacific/Honolulu", "Australia/Lord_Howe", "America/Havana", "Asia/Kathmandu", "UTC"),
    )
)
# Any moment, and often one in the nights on which clocks change.
NIGHTS = st.sampled_from([datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)])
MOMENTS = st.one_of(
    st.timedeltas(timedelta(0), timedelta(days=660)).map(lambda later: NEW_YEAR + later),
    st.builds(lambda night, minutes: night + minutes * MINUTE, NIGHTS, st.integers(-120, 1560)),
)


@st.composite
def days(draw: st.DrawFn) -> Ranges:
    bounds = sorted(draw(st.sets(st.integers(0, 96), max_size=4)))
    return tuple((15 * a, 15 * b) for a, b in zip(bounds[::2], bounds[1::2], strict=False))


@st.composite
def businesses(draw: st.DrawFn) -> BusinessHours:
    first = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 660)))
    absence = Absence(first, first + timedelta(days=draw(st.integers(0, 10))))
    week = [draw(days()) for _ in range(7)]
    calendars = draw(st.sampled_from([(), ("US",), ("CA-ON",)]))
    return BusinessHours(
        draw(ZONES),
        "test",
        (week[0], week[1], week[2], week[3], week[4], week[5], week[6]),
        calendars,
        (absence,),
    )


def wall_clock_says_open(hours: Hours, moment: datetime) -> bool:
    """The plainest reading: what the clock on the wall shows is inside the hours of that day."""
    wall = moment.astimezone(ZoneInfo(hours.zone))
    minute = wall.hour * 60 + wall.minute
    return any(start <= minute < end for start, end in hours.ranges(wall.date()))


def exists(hours: Hours, moment: datetime) -> bool:
    wall = moment.astimezone(ZoneInfo(hours.zone))
    return wall.replace(tzinfo=ZoneInfo(hours.zone), fold=wall.fold).astimezone(UTC) == moment


def holds(hours: Sequence[Hours], wish: datetime) -> None:
    opens = next_open(hours, wish)
    if opens is None:
        last = wish + HORIZON - timedelta(hours=1)
        samples = (wish + step * timedelta(minutes=15) for step in range(0, 21 * 96, 13))
        assert not any(all(is_open(one, at) for one in hours) for at in samples if at < last)
        return
    assert opens >= wish
    assert all(is_open(one, opens) and wall_clock_says_open(one, opens) for one in hours)
    assert all(exists(one, opens) for one in hours)
    assert next_open(hours, opens) == opens
    assert opens == wish or not all(is_open(one, opens - timedelta(seconds=1)) for one in hours)
    between = (wish + step * (opens - wish) / 20 for step in range(20))
    assert opens == wish or not any(all(is_open(one, at) for one in hours) for at in between)
    span = span_around(hours, opens)
    assert span is not None
    assert span[0] <= opens < span[1]


@settings(deadline=None)  # holiday calendars are read on first use
@given(st.lists(businesses(), min_size=1, max_size=3), MOMENTS)
def test_the_next_opening_of_any_hours(hours: list[BusinessHours], wish: datetime) -> None:
    holds(hours, wish)


STATES = st.sampled_from(["", *sorted(calling_tables().country_of)])
PHONES = st.sampled_from(
    [
        "",
        "+18005550132",
        "+442071230132",
        *(f"+1{code}5550132" for code in sorted(calling_tables().area_codes)),
    ]
)
POSTAL_CODES = st.sampled_from(["", "79901", "32501", "86515", "V1J 1A1", "P9N 1A1", "99546", "nonsense"])


@settings(deadline=None)  # tables are read on first use
@given(MOMENTS, STATES, PHONES, STATES, POSTAL_CODES)
def test_the_next_legal_minute(wish: datetime, state: str, phone: str, home: str, postal_code: str) -> None:
    borrower = replace(RENATA, phone=phone, state=home, postal_code=postal_code)
    holds(calling_hours(inquiry(state, borrower=borrower), country="US"), wish)


@given(businesses(), st.integers(0, 200))
def test_open_hours_never_show_a_closed_clock(hours: BusinessHours, quarter: int) -> None:
    for night in (datetime(2026, 3, 7, 20, tzinfo=UTC), datetime(2026, 10, 31, 20, tzinfo=UTC)):
        moment = night + quarter * timedelta(minutes=7)
        assert wall_clock_says_open(hours, moment) or not is_open(hours, moment)


def test_hours_that_are_never_open_end_the_search() -> None:
    closed: Ranges = ()
    never = BusinessHours("America/New_York", "test", (closed,) * 7)
    assert next_open([never], NEW_YEAR) is None


@given(businesses(), MOMENTS, st.integers(1, 3000))
def test_working_minutes_are_minutes_of_work(hours: BusinessHours, at: datetime, minutes: int) -> None:
    then = after_open([hours], at, minutes * MINUTE)
    if then is None:
        return
    assert is_open(hours, then - timedelta(seconds=1))
    counted, moment = timedelta(0), next_open([hours], at)
    while moment is not None and moment < then:
        span = span_around([hours], moment)
        assert span is not None
        counted += min(span[1], then) - moment
        moment = next_open([hours], span[1])
    assert counted == minutes * MINUTE
