"""What a consultant should look at in a valid playbook: it works, but perhaps not as meant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

from mapping.hours.windows import local_minutes, merged
from mapping.normalize.phones import read_phone
from mapping.playbook.faults import Fault
from mapping.playbook.lines import Path
from mapping.playbook.model import Playbook
from mapping.playbook.team import Member

#: A licence that ends so soon is told of in time to renew it.
SOON = timedelta(days=30)
#: A longer stretch in which nobody works is a night or a Sunday, not a gap.
_LONGEST_GAP = 180
_LINKS = ("apply_link", "documents_link", "booking_link")
#: Domains that belong to nobody, by the standard (RFC 2606).
_EXAMPLES = ("example.com", "example.net", "example.org")
_NOBODYS = (".example", ".test", ".invalid")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def advice(playbook: Playbook, today: date) -> Iterator[tuple[Path, Fault]]:
    """Everything to look at, with the path of its key."""
    for index, member in enumerate(playbook.team):
        yield from _licences(index, member, today)
    yield from _unlicensed_rules(playbook)
    yield from _gaps(playbook, today)
    yield from _example_links(playbook)
    yield from _own_number(playbook)
    if playbook.reassign is not None and len(playbook.team) < 2:
        yield ("owners", "reassign"), Fault("there is nobody who could take over", "Add members to the team.")


def _licences(index: int, member: Member, today: date) -> Iterator[tuple[Path, Fault]]:
    if not member.licences:
        yield ("team", index, "name"), Fault("this member is licensed nowhere", "Add licences.")
    for place, licence in member.licences.items():
        path = ("team", index, "licences", place, "expires")
        if licence.expires < today:
            yield (
                path,
                Fault(f"the licence in {place} has expired", "Write the new date, or remove the licence."),
            )
        elif licence.expires < today + SOON:
            remedy = f"Renew it: after {licence.expires} the member gets nothing there."
            yield path, Fault(f"the licence in {place} expires within {SOON.days} days", remedy)


def _unlicensed_rules(playbook: Playbook) -> Iterator[tuple[Path, Fault]]:
    for index, rule in enumerate(playbook.owner_rules):
        members = [found for email in rule.assign if (found := playbook.member(email))]
        lacking = [
            place for place in sorted(rule.states) if not any(place in one.licences for one in members)
        ]
        if lacking:
            message = f"nobody this rule names is licensed in {', '.join(lacking)}"
            yield ("owner_rules", index, "state"), Fault(message, "There the whole team is asked instead.")


def _example_links(playbook: Playbook) -> Iterator[tuple[Path, Fault]]:
    """Links of the shipped texts that lead nowhere: borrowers would be sent there."""
    for name in _LINKS:
        host = urlsplit(getattr(playbook.brokerage, name)).hostname or ""
        if host.endswith(_NOBODYS) or f".{host}".endswith(tuple(f".{one}" for one in _EXAMPLES)):
            message = f"this is an example, and messages send borrowers to {host}"
            yield ("brokerage", name), Fault(message, "Write your own address, or remove the line.")


def _own_number(playbook: Playbook) -> Iterator[tuple[Path, Fault]]:
    """Whoever fills in a form for a borrower on the telephone gives the office's number."""
    phone = read_phone(playbook.brokerage.phone, playbook.country)
    if phone is not None and playbook.identity.is_evidence(("phone", phone.number)):
        message = "borrowers who come with this number, your own, would be taken for a household"
        yield ("brokerage", "phone"), Fault(message, "Add it to not_evidence in [identity].")


def _gaps(playbook: Playbook, today: date) -> Iterator[tuple[Path, Fault]]:
    """Short stretches before or after a shift in which neither the office is open nor anybody on duty."""
    zone, monday = playbook.hours.zone, today - timedelta(days=today.weekday())
    for number, day in enumerate(monday + timedelta(days=one) for one in range(7)):
        shifts = [
            (minutes, index)
            for index, shift in enumerate(playbook.duty)
            if not shift.only_holidays
            for offset in (-1, 0, 1)
            for minutes in local_minutes(shift.hours, day + timedelta(days=offset), zone, day)
        ]
        covered = merged([*playbook.hours.week[number], *(minutes for minutes, _ in shifts)])
        for (_, end), (start, _) in pairwise(covered):
            near = [index for (first, last), index in shifts if first == start or last == end]
            if near and start - end <= _LONGEST_GAP:
                message = f"on {_DAYS[number]} nobody works from {_clock(end)} to {_clock(start)}"
                yield (
                    ("owners", "duty", near[0], "hours"),
                    Fault(message, "Let the shift begin when the office closes."),
                )


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
