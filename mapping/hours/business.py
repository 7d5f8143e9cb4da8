"""When an office or a loan officer works: a week in a zone, less holidays and absences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from mapping.hours.windows import Hours, Ranges, Week, holiday_dates, local_minutes, merged

#: The days on which a shift of the roster is.
DUTY_DAYS = ("all", "workdays", "holidays")


@dataclass(frozen=True, slots=True)
class Absence:
    """Days off in a row, both ends included."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Whether that day is off."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """The hours of one office or person. calendars are holiday calendars such as "US" or "CA-ON".

    closed are further days on which the office is shut.
    """

    zone: str
    label: str
    week: Week
    calendars: tuple[str, ...] = ()
    absences: tuple[Absence, ...] = ()
    closed: frozenset[date] = frozenset()

    def away_until(self, day: date) -> date | None:
        """The last day of the absence that covers this day, None when there is none."""
        return next((absence.last for absence in self.absences if absence.covers(day)), None)

    def shut(self, day: date) -> bool:
        """Whether nobody is expected to work on this day, whatever weekday it is."""
        return day in self.closed or any(
            day in holiday_dates(calendar, day.year) for calendar in self.calendars
        )

    def ranges(self, day: date) -> Ranges:
        """The working minutes of a local day; none on a holiday or a day of absence."""
        if self.away_until(day) is not None or self.shut(day):
            return ()
        return self.week[day.weekday()]


@dataclass(frozen=True, slots=True)
class DutyHours:
    """The hours of one shift of a duty roster, on those days: all, only holidays, or all but holidays.

    A holiday is a day on which the office is shut.
    """

    zone: str
    label: str
    week: Week
    office: BusinessHours
    days: str = "all"  # all, holidays, workdays

    def ranges(self, day: date) -> Ranges:
        """The minutes of a local day in which somebody is on duty."""
        if self.days != "all" and self.office.shut(day) is not (self.days == "holidays"):
            return ()
        return self.week[day.weekday()]


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The hours of a person who also stands in a duty roster: own hours and duty, in the person's zone.

    No duty is done during an absence.
    """

    own: BusinessHours
    duty: tuple[Hours, ...]

    @property
    def zone(self) -> str:
        """The person's zone."""
        return self.own.zone

    @property
    def label(self) -> str:
        """Whose hours they are."""
        return self.own.label

    def away_until(self, day: date) -> date | None:
        """The last day of the absence that covers this day, None when there is none."""
        return self.own.away_until(day)

    def ranges(self, day: date) -> Ranges:
        """The minutes of a local day in which the person works or is on duty."""
        if any(absence.covers(day) for absence in self.own.absences):
            return ()
        on_duty = (
            minutes
            for shift in self.duty
            for offset in (-1, 0, 1)  # a shift of another zone may reach over midnight here
            for minutes in local_minutes(shift, day + timedelta(days=offset), self.zone, day)
        )
        return merged((*self.own.ranges(day), *on_duty))
