"""[[calling_hours]]: hours of the brokerage's own, narrower than the law's, each from its first day on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from marshmallow import fields

from mapping.hours.calling_tables import CallingRule, HouseRule
from mapping.playbook import values as read
from mapping.playbook.faults import Checked, Fault
from mapping.playbook.lines import Path
from mapping.playbook.table import Table, told

_DAYS = ("weekdays", "saturday", "sunday")
_EVER = date(2020, 1, 1)


class CallingRuleSchema(Table):
    """[[calling_hours]]"""

    reason = Checked(
        read.text,
        required=True,
        metadata=told("Which law it is, or whose wish.", "We use a dialler: Cal. Pub. Util. Code 2872"),
    )
    places = fields.List(
        Checked(read.place),
        load_default=list,
        metadata=told("Only there.", ["CA"], usual="everywhere"),
    )
    effective = Checked(
        read.day,
        load_default=_EVER,
        metadata=told(
            "The first day on which it holds; of several for the same places the latest one that has come. A "
            "new law is a new table, never an edit.",
            date(2026, 1, 1),
            usual="always",
        ),
    )
    weekdays = Checked(
        read.open_ranges,
        required=True,
        metadata=told(
            'From Monday to Friday, by the clock of the borrower; "" = no calls and texts.', "09:00-20:00"
        ),
    )
    saturday = Checked(
        read.open_ranges, metadata=told("On Saturdays.", "10:00-17:00", usual="as on weekdays")
    )
    sunday = Checked(read.open_ranges, metadata=told("On Sundays.", "", usual="as on weekdays"))
    no_holidays = Checked(
        read.switch,
        load_default=False,
        metadata=told("true: none on the public holidays of the place.", True),
    )
    most_per_day = Checked(
        read.most,
        metadata=told("So many contacts in 24 hours are allowed; tasks say so.", 3, usual="no limit"),
    )


def calling_check(data: Mapping[str, Any]) -> Iterator[tuple[Path, Fault]]:
    """Rules that stand twice, and such as leave no hour of any day."""
    seen: dict[tuple[Any, ...], int] = {}
    listed = data.get("calling_hours")
    for index, row in enumerate(listed if isinstance(listed, list) else []):
        if not isinstance(row, dict):
            continue
        if "weekdays" in row and not any(row.get(day, row["weekdays"]) for day in _DAYS):
            remedy = 'Write hours such as "09:00-20:00" for one of the days.'
            yield ("calling_hours", index, "weekdays"), Fault("nobody could ever be called", remedy)
        places = row.get("places", [])
        if not isinstance(places, list):
            continue
        first = seen.setdefault((*sorted(map(str, places)), str(row.get("effective", _EVER))), index)
        if first != index:
            message = f"calling_hours.{first} is for the same places from the same day"
            yield ("calling_hours", index, "reason"), Fault(message, "Make one of the two.")


def build_calling(rows: Sequence[Mapping[str, Any]]) -> tuple[HouseRule, ...]:
    """From data that CallingRuleSchema has loaded."""
    return tuple(HouseRule(tuple(sorted(row["places"])), _rule(row)) for row in rows)


def _rule(row: Mapping[str, Any]) -> CallingRule:
    weekdays = row["weekdays"]
    saturday, sunday = row.get("saturday", weekdays), row.get("sunday", weekdays)
    return CallingRule(
        effective=row["effective"],
        week=(weekdays, weekdays, weekdays, weekdays, weekdays, saturday, sunday),
        no_holidays=row["no_holidays"],
        also_closed=(),
        most_per_day=row.get("most_per_day", 0),
        source=row["reason"],
        unconfirmed=False,
    )
