"""What else makes it likelier that two of one name are one: the area code, and how lately they were heard."""

from __future__ import annotations

from datetime import datetime, timedelta

from mapping.hours.calling_tables import calling_tables
from mapping.identity import weights
from mapping.identity.known import KnownBorrower
from mapping.identity.rules import IdentityRules
from mapping.inquiry import Party
from mapping.people.lookup_keys import is_fictional

_AT_ONCE, _LATELY, _LONG_AGO = timedelta(minutes=30), timedelta(days=45), timedelta(days=400)


def region_weight(party: Party, borrower: KnownBorrower, rules: IdentityRules) -> tuple[float, str]:
    """Bits and words for numbers of one area, when the numbers themselves differ or are not compared."""
    code = _area_code(party.phone, rules)
    codes = {_area_code(one, rules) for one in borrower.phones} - {""}
    if code and code in codes:
        return weights.AREA_SAME, "area code same"
    here = _states(code, party.state)
    there = {state for one in codes for state in _states(one, "")}
    there |= {place.state for place in borrower.places if place.state}
    if not here or not there or (not code and not codes):
        return 0.0, ""
    if here & there:
        return weights.AREA_NEAR, "area codes of one state"
    return weights.AREA_FAR, "area codes of different states"


def _area_code(phone: str, rules: IdentityRules) -> str:
    somebodys = phone.startswith("+1") and rules.phone_key(phone) and not is_fictional(phone)
    return phone[2:5] if somebodys else ""


def _states(code: str, state: str) -> set[str]:
    return {*calling_tables().area_codes.get(code, ()), *([state] if state else ())}


def is_at_once(borrower: KnownBorrower, at: datetime | None) -> bool:
    """Heard minutes ago. Never in the same instant: whole files come under one time."""
    since = _since(borrower, at)
    return since is not None and since <= _AT_ONCE


def _since(borrower: KnownBorrower, at: datetime | None) -> timedelta | None:
    """How long ago the borrower was heard, None when nobody knows."""
    if at is None or borrower.last_heard is None or at == borrower.last_heard:
        return None
    return abs(at - borrower.last_heard)


def time_weight(borrower: KnownBorrower, at: datetime | None) -> tuple[float, str]:
    """Bits and words for the time since the borrower was last heard: who returns mostly does so soon."""
    since = _since(borrower, at)
    if since is None:
        return 0.0, ""
    if since <= _AT_ONCE:
        return weights.HEARD_AT_ONCE, "heard minutes ago"
    if since <= _LATELY:
        return weights.HEARD_LATELY, "heard within weeks"
    return (weights.HEARD_LONG_AGO, "not heard for over a year") if since > _LONG_AGO else (0.0, "")
