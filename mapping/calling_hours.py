"""When a borrower may be called or texted: the strictest of property, address and area code, from data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from phonenumbers import NumberParseException, parse
from phonenumbers.timezone import time_zones_for_geographical_number

from mapping.inquiry import Inquiry
from mapping.windows import Ranges, Week, common, holiday_dates, parse_ranges

UNKNOWN_PLACE = ""


@dataclass(frozen=True, slots=True)
class CallingRule:
    """One row of calling_hours.toml: a law, from its first day on."""

    effective: date
    week: Week
    no_holidays: bool
    most_per_day: int  # contacts in 24 hours, 0 = no limit known
    source: str
    unconfirmed: bool


@dataclass(frozen=True, slots=True)
class CallingTables:
    """All calling rules, newest first, and where each place lies."""

    countries: Mapping[str, tuple[CallingRule, ...]]  # US, CA
    places: Mapping[str, tuple[CallingRule, ...]]  # two-letter states and provinces with a rule of their own
    zones: Mapping[str, Mapping[str, tuple[str, ...]]]  # country → state or province → IANA zones
    country_of: Mapping[str, str]  # state or province → US or CA
    area_codes: Mapping[str, str]  # "512" → "TX"
    area_code_zones: Mapping[str, str]  # "512" → its one zone, where the place has several
    anywhere: Mapping[str, tuple[str, ...]]  # country → zones to respect when the place is unknown


@dataclass(frozen=True, slots=True)
class CallingHours:
    """When calls to a place ("" = anywhere in the country) are allowed, by the clock of one of its zones."""

    country: str
    place: str
    zone: str

    @property
    def label(self) -> str:
        """ "calls to FL"."""
        return f"calls to {self.place or self.zone}"

    def ranges(self, day: date) -> Ranges:
        """The minutes of a local day that both the country's and the state's rule allow."""
        allowed: Ranges = ((0, 24 * 60),)
        for rule in rules_for(self.country, self.place, day):
            if rule.no_holidays and day in holiday_dates(f"{self.country}-{self.place}", day.year):
                return ()
            allowed = common(allowed, rule.week[day.weekday()])
        return allowed


@lru_cache(maxsize=1)
def calling_tables() -> CallingTables:
    """The shipped tables, read once."""
    text = (resources.files("mapping") / "playbooks" / "calling_hours.toml").read_text(encoding="utf-8")
    return read_tables(tomllib.loads(text))


def read_tables(data: Mapping[str, Any]) -> CallingTables:
    """Build the tables from the data of calling_hours.toml; raises ValueError or KeyError on a bad row."""
    countries: dict[str, list[CallingRule]] = {}
    places: dict[str, list[CallingRule]] = {}
    for row in sorted(data["rules"], key=lambda row: row["effective"], reverse=True):
        rule = _rule(row)
        if "country" in row:
            countries.setdefault(row["country"], []).append(rule)
        for place in row.get("places", ()):
            places.setdefault(place, []).append(rule)
    zones = {
        country: {place: tuple(names) for place, names in rows.items()}
        for country, rows in data["zones"].items()
    }
    return CallingTables(
        countries=MappingProxyType({name: tuple(rules) for name, rules in countries.items()}),
        places=MappingProxyType({name: tuple(rules) for name, rules in places.items()}),
        zones=MappingProxyType(zones),
        country_of=MappingProxyType({place: country for country, rows in zones.items() for place in rows}),
        area_codes=_by_code(data["area_codes"]),
        area_code_zones=_by_code(data["area_code_zones"]),
        anywhere=MappingProxyType({country: tuple(names) for country, names in data["anywhere"].items()}),
    )


def rules_for(country: str, place: str, day: date) -> tuple[CallingRule, ...]:
    """The country's and the place's rule in force on that day, as far as there is one."""
    tables = calling_tables()
    rows = (tables.countries.get(country, ()), tables.places.get(place, ()))
    in_force = (next((rule for rule in rules if rule.effective <= day), None) for rules in rows)
    return tuple(rule for rule in in_force if rule is not None)


def calling_hours(inquiry: Inquiry, *, country: str) -> tuple[CallingHours, ...]:
    """Every window that a call or text to the borrower must respect at once.

    Property state, stated address and area code each add theirs. Where a place has several zones the area
    code narrows them, if it belongs to that place; otherwise all count. With nothing known, every zone of
    `anywhere` in country (US or CA) counts.
    """
    tables = calling_tables()
    code = _area_code(inquiry.borrower.phone)
    phone_place = tables.area_codes.get(code, UNKNOWN_PLACE)
    stated = (inquiry.property.state, inquiry.borrower.state, phone_place)
    places = [place for place in dict.fromkeys(stated) if place in tables.country_of]
    windows = [
        CallingHours(tables.country_of[place], place, zone)
        for place in places
        for zone in _zones(place, code if place == phone_place else "")
    ]
    abroad = () if code else _foreign_zones(inquiry.borrower.phone)
    windows.extend(CallingHours(country, UNKNOWN_PLACE, zone) for zone in abroad)
    return tuple(windows) or _anywhere(country)


def most_contacts_per_day(windows: tuple[CallingHours, ...], day: date) -> int:
    """The strictest limit of contacts in 24 hours that these places set; 0 when none does."""
    rules = (rule for window in windows for rule in rules_for(window.country, window.place, day))
    return min((rule.most_per_day for rule in rules if rule.most_per_day), default=0)


def _zones(place: str, code: str) -> tuple[str, ...]:
    """The zones of a place, or the one in which this area code of it lies."""
    tables = calling_tables()
    if code in tables.area_code_zones:
        return (tables.area_code_zones[code],)
    return tables.zones[tables.country_of[place]][place]


@lru_cache(maxsize=4)
def _anywhere(country: str) -> tuple[CallingHours, ...]:
    return tuple(CallingHours(country, UNKNOWN_PLACE, zone) for zone in calling_tables().anywhere[country])


def _area_code(phone: str) -> str:
    """The area code of a North American number in E.164, "" for any other."""
    return phone[2:5] if phone.startswith("+1") else ""


def _foreign_zones(phone: str) -> tuple[str, ...]:
    """The zones a number from elsewhere in E.164 may ring in; () when it tells nothing."""
    try:
        return tuple(time_zones_for_geographical_number(parse(phone))) if phone else ()
    except NumberParseException:
        return ()


def _by_code(rows: Mapping[str, Sequence[int]]) -> Mapping[str, str]:
    return MappingProxyType({str(code): name for name, codes in rows.items() for code in codes})


def _rule(row: Mapping[str, Any]) -> CallingRule:
    weekdays = parse_ranges(row["weekdays"])
    saturday = parse_ranges(row.get("saturday", row["weekdays"]))
    sunday = parse_ranges(row.get("sunday", row["weekdays"]))
    return CallingRule(
        effective=row["effective"],
        week=(weekdays, weekdays, weekdays, weekdays, weekdays, saturday, sunday),
        no_holidays=row.get("no_holidays", False),
        most_per_day=row.get("most_per_day", 0),
        source=row["source"],
        unconfirmed=row.get("unconfirmed", False),
    )
