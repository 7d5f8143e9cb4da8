"""The calling-hour tables, read from data: which law holds where and when, in which zones a place lies."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from mapping.hours.windows import Week, parse_ranges
from mapping.normalize.text import fold

Zones = tuple[str, ...]  # IANA names


@dataclass(frozen=True, slots=True)
class CallingRule:
    """One row of calling_hours.toml: a law, from its first day on."""

    effective: date
    week: Week
    no_holidays: bool
    also_closed: tuple[str, ...]  # further holidays, as mapping.hours.movable_days names them
    most_per_day: int  # contacts in 24 hours, 0 = no limit known
    source: str
    unconfirmed: bool


@dataclass(frozen=True, slots=True)
class ImpliedConsent:
    """For how long an inquiry, and a loan, stand for a yes to these channels."""

    effective: date
    channels: tuple[str, ...]  # email, text
    inquiry_months: int
    client_months: int
    source: str


@dataclass(frozen=True, slots=True)
class HouseRule:
    """A row of a playbook: hours of its own, which narrow the law's; places empty = everywhere."""

    places: tuple[str, ...]
    rule: CallingRule


@dataclass(frozen=True, slots=True)
class CallingTables:
    """All calling rules, newest first, and where each place lies."""

    countries: Mapping[str, tuple[CallingRule, ...]]  # US, CA
    places: Mapping[str, tuple[CallingRule, ...]]  # two-letter states and provinces with a rule of their own
    zones: Mapping[str, Mapping[str, Zones]]  # country → state or province → its zones
    country_of: Mapping[str, str]  # state or province → US or CA
    area_codes: Mapping[str, tuple[str, ...]]  # "512" → ("TX",)
    area_code_zones: Mapping[str, str]  # "512" → its one zone, where the place has several
    postal_zones: Mapping[str, Mapping[str, Zones]]  # "TX" → beginning of a postal code → its zones
    town_zones: Mapping[str, Mapping[str, Zones]]  # "TX" → town, folded → its zones
    anywhere: Mapping[str, Zones]  # country → zones to respect when the place is unknown
    implied: Mapping[str, tuple[ImpliedConsent, ...]]  # country → newest first


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
        area_codes=MappingProxyType(_turned(data["area_codes"])),
        area_code_zones=MappingProxyType(
            {code: zone for code, (zone,) in _turned(data["area_code_zones"]).items()}
        ),
        postal_zones=_by_place(data["postal_zones"], _beginnings),
        town_zones=_by_place(data["towns"], lambda town: [fold(town)]),
        anywhere=MappingProxyType({country: tuple(names) for country, names in data["anywhere"].items()}),
        implied=_implied(data["implied_consent"]),
    )


def _implied(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, tuple[ImpliedConsent, ...]]:
    found: dict[str, list[ImpliedConsent]] = {}
    for row in sorted(rows, key=lambda row: row["effective"], reverse=True):
        rule = ImpliedConsent(
            row["effective"],
            tuple(row["channels"]),
            row["inquiry_months"],
            row["client_months"],
            row["source"],
        )
        found.setdefault(row["country"], []).append(rule)
    return MappingProxyType({country: tuple(rules) for country, rules in found.items()})


def _by_place(
    data: Mapping[str, Mapping[str, Sequence[str]]], spell: Callable[[str], Iterable[str]]
) -> Mapping[str, Mapping[str, Zones]]:
    """place → zone → written keys, turned into place → key → zones."""
    spelt = {
        place: {zone: [key for one in written for key in spell(one)] for zone, written in rows.items()}
        for place, rows in data.items()
    }
    return MappingProxyType({place: _turned(rows) for place, rows in spelt.items()})


def _beginnings(text: str) -> Iterator[str]:
    """ "750-752" means "750", "751", "752"; anything else is itself."""
    first, dash, last = text.partition("-")
    if not dash:
        yield first
        return
    for number in range(int(first), int(last) + 1):
        yield f"{number:0{len(first)}}"


def _turned(rows: Mapping[str, Iterable[object]]) -> dict[str, tuple[str, ...]]:
    """name → keys, turned into key → names."""
    turned: dict[str, tuple[str, ...]] = {}
    for name, keys in rows.items():
        for key in keys:
            turned[str(key)] = (*turned.get(str(key), ()), name)
    return turned


def _rule(row: Mapping[str, Any]) -> CallingRule:
    weekdays = parse_ranges(row["weekdays"])
    saturday = parse_ranges(row.get("saturday", row["weekdays"]))
    sunday = parse_ranges(row.get("sunday", row["weekdays"]))
    return CallingRule(
        effective=row["effective"],
        week=(weekdays, weekdays, weekdays, weekdays, weekdays, saturday, sunday),
        no_holidays=row.get("no_holidays", False),
        also_closed=tuple(row.get("also_closed", ())),
        most_per_day=row.get("most_per_day", 0),
        source=row["source"],
        unconfirmed=row.get("unconfirmed", False),
    )
