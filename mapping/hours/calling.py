"""When a borrower may be called or texted: the strictest of property, address and area code, from data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from mapping.hours.calling_tables import CallingRule, HouseRule, Zones, calling_tables
from mapping.hours.movable_days import day_of
from mapping.hours.whereabouts import area_code, places_of_code, zones_abroad, zones_of
from mapping.hours.windows import Ranges, common, holiday_dates
from mapping.inquiry import Inquiry

UNKNOWN_PLACE = ""


@dataclass(frozen=True, slots=True)
class CallingHours:
    """When calls to a place ("" = anywhere in the country) are allowed, by the clock of one of its zones.

    house are the brokerage's own rules for that place.
    """

    country: str
    place: str
    zone: str
    house: tuple[HouseRule, ...] = ()

    @property
    def label(self) -> str:
        """ "calls to FL"."""
        return f"calls to {self.place or self.zone}"

    def ranges(self, day: date) -> Ranges:
        """The minutes of a local day that the country's, the state's and the house's rules all allow."""
        allowed: Ranges = ((0, 24 * 60),)
        for rule in self.rules(day):
            if _closed(rule, f"{self.country}-{self.place}" if self.place else self.country, day):
                return ()
            allowed = common(allowed, rule.week[day.weekday()])
        return allowed

    def rules(self, day: date) -> tuple[CallingRule, ...]:
        """Every rule in force there on that day."""
        return (*rules_for(self.country, self.place, day), *_in_force(self.house, day))


def _closed(rule: CallingRule, calendar: str, day: date) -> bool:
    if rule.no_holidays and day in holiday_dates(calendar, day.year):
        return True
    return any(day == day_of(name, day.year) for name in rule.also_closed)


def rules_for(country: str, place: str, day: date) -> tuple[CallingRule, ...]:
    """The country's and the place's rule in force on that day, as far as there is one."""
    tables = calling_tables()
    rows = (tables.countries.get(country, ()), tables.places.get(place, ()))
    in_force = (next((rule for rule in rules if rule.effective <= day), None) for rules in rows)
    return tuple(rule for rule in in_force if rule is not None)


def _in_force(house: Iterable[HouseRule], day: date) -> tuple[CallingRule, ...]:
    """Of several rows for the same places, the one that came into force last."""
    latest: dict[tuple[str, ...], CallingRule] = {}
    for one in sorted(house, key=lambda one: one.rule.effective):
        if one.rule.effective <= day:
            latest[one.places] = one.rule
    return tuple(latest.values())


def calling_hours(
    inquiry: Inquiry, *, country: str, house: Sequence[HouseRule] = ()
) -> tuple[CallingHours, ...]:
    """Every window that a call or text to the borrower must respect at once, narrowed by the house's rules.

    The property, the stated address and the phone number each add theirs. Where a place has several zones
    the postal code narrows them, else the town, else an area code that belongs to that place; otherwise all
    count. With nothing known, every zone of `anywhere` in country (US or CA) counts.
    """
    phone = inquiry.borrower.phone
    code = area_code(phone)
    windows = _stated(inquiry, code)
    windows += _by_phone(code, windows)
    windows += [CallingHours(country, UNKNOWN_PLACE, zone) for zone in zones_abroad(phone)]
    found = tuple(dict.fromkeys(windows)) or _anywhere(country)
    return tuple(replace(one, house=_of_place(house, one.place)) for one in found) if house else found


def _of_place(house: Sequence[HouseRule], place: str) -> tuple[HouseRule, ...]:
    return tuple(one for one in house if not one.places or place in one.places)


def _stated(inquiry: Inquiry, code: str) -> list[CallingHours]:
    """The windows of the property and of the address."""
    tables, by_code = calling_tables(), places_of_code(code)
    return [
        window
        for one in (inquiry.property, inquiry.borrower)
        if one.state in tables.country_of
        for window in _in(
            one.state,
            zones_of(
                one.state,
                postal_code=one.postal_code,
                town=one.city,
                code=code if one.state in by_code else "",
            ),
        )
    ]


def _by_phone(code: str, stated: list[CallingHours]) -> list[CallingHours]:
    """The windows of the area code; none when a place that was stated is one where it may well lie."""
    places = {place: zones_of(place, code=code) for place in places_of_code(code)}
    for place, zones in places.items():
        here = {window.zone for window in stated if window.place == place}
        if here and here <= set(zones):
            return []
    return [window for place, zones in places.items() for window in _in(place, zones)]


def most_contacts_per_day(windows: Iterable[CallingHours], day: date) -> int:
    """The strictest limit of contacts in 24 hours that these places set; 0 when none does."""
    rules = (rule for window in windows for rule in window.rules(day))
    return min((rule.most_per_day for rule in rules if rule.most_per_day), default=0)


def _in(place: str, zones: Zones) -> tuple[CallingHours, ...]:
    country = calling_tables().country_of[place]
    return tuple(CallingHours(country, place, zone) for zone in zones)


@lru_cache(maxsize=4)
def _anywhere(country: str) -> tuple[CallingHours, ...]:
    return tuple(CallingHours(country, UNKNOWN_PLACE, zone) for zone in calling_tables().anywhere[country])
