"""When an office or a loan officer works: a week in a zone, less holidays and absences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mapping.windows import Ranges, Week, holiday_dates


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
    """The hours of one office or person. calendars are holiday calendars such as "US" or "CA-ON"."""

    zone: str
    label: str
    week: Week
    calendars: tuple[str, ...] = ()
    absences: tuple[Absence, ...] = ()

    def ranges(self, day: date) -> Ranges:
        """The working minutes of a local day; none on a holiday or a day of absence."""
        if any(absence.covers(day) for absence in self.absences):
            return ()
        if any(day in holiday_dates(calendar, day.year) for calendar in self.calendars):
            return ()
        return self.week[day.weekday()]
