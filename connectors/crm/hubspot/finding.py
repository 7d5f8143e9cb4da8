"""Finds the contacts that HubSpot already has for borrowers we have no link for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Lock
from typing import Any, Protocol

from connectors.crm.base import Found, RateLimited, Rejected
from connectors.crm.hubspot.matching import IDENTITY, best_match
from connectors.crm.hubspot.objects import Objects
from connectors.crm.hubspot.records import KEY, Record, chunks
from connectors.crm.people import spellings
from mapping.bundle import ContactRecord

# One search has room for two borrowers: HubSpot allows 5 groups, 18 filters and a body of 3,000 characters.
_BORROWERS_PER_SEARCH = 2
_GROUPS_PER_SEARCH = 5
_PHONES_PER_SEARCH = 12
Filters = list[Mapping[str, Any]]


class Budget(Protocol):
    """A shared allowance: HubSpot counts searches per account, so several processes may share one."""

    def take(self) -> bool:
        """Whether one more search may be made now."""


class TokenBucket:
    """An allowance of so many calls per second, for the threads of one process."""

    def __init__(self, per_second: float, clock: Callable[[], float]) -> None:
        self._rate, self._clock, self._lock = per_second, clock, Lock()
        self._left, self._at = per_second, clock()

    def take(self) -> bool:
        """Whether one more call may be made now; never waits."""
        with self._lock:
            now = self._clock()
            self._left = min(self._rate, self._left + (now - self._at) * self._rate)
            self._at = now
            if self._left < 1:
                return False
            self._left -= 1
            return True


class Finder:
    """Search for a few borrowers, while the allowance lasts; one read by email for many.

    Search lags behind writes, so it only ever finds what somebody else made; our own records are found by
    their key, and a double is prevented by the unique key and email.
    """

    def __init__(self, objects: Objects, budget: Budget) -> None:
        self._objects = objects
        self._budget = budget

    def find(self, borrowers: Sequence[ContactRecord]) -> dict[str, Found]:
        """Matches by contact key; a borrower nobody matches is left out."""
        known = {b.key: b for b in borrowers if b.emails or b.phones}
        if not known:
            return {}
        candidates = self._candidates(list(known.values()))
        distinct = list({c.id: c for c in candidates}.values())
        matches = ((key, best_match(borrower, distinct)) for key, borrower in known.items())
        return {key: match for key, match in matches if match is not None}

    def _candidates(self, borrowers: list[ContactRecord]) -> list[Record]:
        if len(borrowers) <= _BORROWERS_PER_SEARCH:
            searched = self._searched(_groups(borrowers))
            if searched is not None:
                return searched
        emails = [email.lower() for b in borrowers for email in b.emails]
        found = self._objects.fetch("contacts", emails, IDENTITY, id_property="email") if emails else []
        # Whoever left no email can be found only by searching for the phone.
        phones = [phone for b in borrowers if not b.emails for phone in b.phones]
        for chunk in chunks(dict.fromkeys(phones), _PHONES_PER_SEARCH):
            found += self._searched(_phone_groups(chunk)) or []
        return found

    def _searched(self, groups: Sequence[Filters]) -> list[Record] | None:
        """What search finds; None when it may not be asked now, or will not take the question.

        Others in the account spend the same allowance, and a read by email does not need it.
        """
        if not self._budget.take():
            return None
        try:
            return self._objects.search("contacts", groups, IDENTITY)
        except (RateLimited, Rejected):
            return None


def _groups(borrowers: Sequence[ContactRecord]) -> list[Filters]:
    """Any of: the email, an additional email, a phone, our key; as many groups as HubSpot allows."""
    emails = [email.lower() for b in borrowers for email in b.emails]
    groups: list[Filters] = [[_one_of("email", emails)]] if emails else []
    groups += _phone_groups(
        list(dict.fromkeys(phone for b in borrowers for phone in b.phones))[:_PHONES_PER_SEARCH]
    )
    # HubSpot keeps an additional email in another property, which a search for email does not see.
    groups += [
        [_filter("hs_additional_emails", "CONTAINS_TOKEN", b.emails[0].lower())]
        for b in borrowers
        if b.emails
    ]
    groups += [[_filter(KEY, "EQ", b.key)] for b in borrowers]
    return groups[:_GROUPS_PER_SEARCH]


def _phone_groups(phones: Iterable[str]) -> list[Filters]:
    ways = list(dict.fromkeys(spelling for phone in phones for spelling in spellings(phone)))
    return [[_one_of(name, ways)] for name in ("phone", "mobilephone")] if ways else []


def _one_of(name: str, values: Sequence[str]) -> Mapping[str, Any]:
    return {"propertyName": name, "operator": "IN", "values": list(values)}


def _filter(name: str, operator: str, value: str) -> Mapping[str, Any]:
    return {"propertyName": name, "operator": operator, "value": value}
