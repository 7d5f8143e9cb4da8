"""The team of a playbook from its checked data, every default filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mapping.hours.business import Absence, BusinessHours, DutyHours
from mapping.hours.windows import Week
from mapping.inquiry import InquiryType
from mapping.playbook.team import Capacity, KnownPartner, Licence, Member, OwnerRule, Reassign, Shift


def week(hours: Mapping[str, Any]) -> Week:
    """The ranges of a week, Monday first."""
    return (
        hours["mon"],
        hours["tue"],
        hours["wed"],
        hours["thu"],
        hours["fri"],
        hours["sat"],
        hours["sun"],
    )


def build_member(row: Mapping[str, Any], office: BusinessHours, shifts: Sequence[Shift]) -> Member:
    """One member, with the shifts that name the member."""
    absences = tuple(Absence(one["first"], one["last"]) for one in row["absences"])
    hours = BusinessHours(
        zone=row.get("timezone", office.zone),
        label=row["name"],
        week=week(row["hours"]) if "hours" in row else office.week,
        calendars=tuple(row["holidays"]) if "holidays" in row else office.calendars,
        absences=absences,
        closed=office.closed,
    )
    email = row["email"].casefold()
    return Member(
        name=row["name"],
        email=row["email"],
        licences={
            place: Licence(one["number"], one["expires"], one.get("issued"))
            for place, one in row["licences"].items()
        },
        hours=hours,
        weight=float(row["weight"]),
        languages=tuple(row["languages"]),
        absences=absences,
        paused=row["paused"],
        types=types_of(row.get("types", ())),
        nmls=row["nmls"],
        capacity=Capacity(row["capacity"].get("per_day"), row["capacity"].get("open")),
        duty=tuple(
            shift.hours for shift in shifts if email in (member.casefold() for member in shift.members)
        ),
    )


def build_rule(row: Mapping[str, Any]) -> OwnerRule:
    """One owner rule."""
    return OwnerRule(
        name=row["name"],
        assign=tuple(row["assign"]),
        types=types_of(row.get("type", ())),
        states=frozenset(row.get("state", ())),
        paths=frozenset(row.get("path", ())),
        sources=_folded(row.get("source", ())),
        languages=_folded(row.get("language", ())),
        campaigns=_folded(row.get("campaign", ())),
        partners=_folded(row.get("partner", ())),
        partner_kinds=frozenset(row.get("partner_kind", ())),
        amount_from=row.get("amount_from"),
        amount_to=row.get("amount_to"),
    )


def build_partner(row: Mapping[str, Any]) -> KnownPartner:
    """One referral partner."""
    return KnownPartner(row["name"], tuple(row["email"]), row["kind"], row["owner"])


def build_shift(row: Mapping[str, Any], office: BusinessHours) -> Shift:
    """One shift of the roster."""
    zone, days = row.get("timezone", office.zone), row["days"]
    hours = DutyHours(zone, row["name"], week(row["hours"]), office, days)
    return Shift(row["name"], tuple(row["members"]), hours, only_holidays=days == "holidays")


def build_reassign(row: Mapping[str, Any] | None) -> Reassign | None:
    """When the next one takes over; None = never."""
    return None if row is None else Reassign(row["after_minutes"], row["at_most"])


def types_of(words: Iterable[str]) -> frozenset[InquiryType]:
    """Inquiry types by their names."""
    return frozenset(InquiryType(word) for word in words)


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.casefold() for word in words)
