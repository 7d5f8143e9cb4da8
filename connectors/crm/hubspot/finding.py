"""Finds the contacts that HubSpot already has for borrowers we have no link for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.crm.allowance import Allowance
from connectors.crm.base import Found, RateLimited, Rejected
from connectors.crm.hubspot.matching import IDENTITY, best_match
from connectors.crm.hubspot.objects import Objects
from connectors.crm.hubspot.records import KEY, Record, chunks
from connectors.crm.people import national_digits
from mapping.crm.bundle import ContactRecord

# One search has room for two borrowers: HubSpot allows 5 groups, 18 filters and a body of 3,000 characters.
_BORROWERS_PER_SEARCH = 2
_GROUPS_PER_SEARCH = 5
_PHONES_PER_SEARCH = 100
# HubSpot keeps every phone as area code and local number too, however it was typed.
_PHONES = ("hs_searchable_calculated_phone_number", "hs_searchable_calculated_mobile_number")
# What tells people of one phone apart; more names would leave no room for a hundred numbers.
_NAMED = ("firstname", "lastname", "phone", "mobilephone", KEY)
Filters = list[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Match:
    """Who was found; record is the contact as the database has it, None when only the index was asked."""

    found: Found
    record: Record | None


class Finder:
    """One search for a few borrowers; one read by email and one search by phone per hundred for many.

    Search lags behind writes, so it only ever finds what somebody else made; our own records are found by
    their key, and a double is prevented by the unique key and email: HubSpot's refusal names whoever has it,
    as an additional email too. Where the allowance for searching is used up, reading by email goes on.
    """

    def __init__(self, objects: Objects, allowance: Allowance) -> None:
        self._objects = objects
        self._allowance = allowance

    def find(
        self, borrowers: Sequence[ContactRecord], properties: frozenset[str] = frozenset()
    ) -> dict[str, Match]:
        """Matches by contact key; a borrower nobody matches is left out.

        properties are those that a record read from the database should have besides the identifying ones.
        """
        known = {b.key: b for b in borrowers if b.emails or b.phones}
        if not known:
            return {}
        read, searched = self._candidates(list(known.values()), IDENTITY | properties)
        distinct = {record.id: record for record in (*searched, *read)}
        current = {record.id: record for record in read}
        best = {key: best_match(borrower, distinct.values()) for key, borrower in known.items()}
        return {key: Match(found, current.get(found.remote_id)) for key, found in best.items() if found}

    def _candidates(
        self, borrowers: list[ContactRecord], properties: frozenset[str]
    ) -> tuple[list[Record], list[Record]]:
        """Records as the database has them, and records as search has them."""
        if len(borrowers) <= _BORROWERS_PER_SEARCH:
            searched = self._searched(_groups(borrowers), sorted(IDENTITY))
            if searched is not None:
                return [], searched
        emails = [email.lower() for b in borrowers for email in b.emails]
        read = self._objects.fetch("contacts", emails, properties, id_property="email") if emails else []
        phones = {local: None for b in borrowers for phone in b.phones if (local := national_digits(phone))}
        searched = []
        for chunk in chunks(phones, _PHONES_PER_SEARCH):
            searched += self._searched(_phone_groups(chunk), _NAMED) or []
        return read, searched

    def _searched(self, groups: Sequence[Filters], properties: Sequence[str]) -> list[Record] | None:
        """What search finds; None when it may not be asked now, or will not take the question.

        Others in the account spend the same allowance, and a read by email does not need it.
        """
        if not groups or not self._allowance.offered("search"):
            return None
        try:
            return self._objects.search("contacts", groups, properties)
        except (RateLimited, Rejected):
            return None


def _groups(borrowers: Sequence[ContactRecord]) -> list[Filters]:
    """Any of: an email, a phone, an additional email; as many groups as HubSpot allows."""
    emails = [email.lower() for b in borrowers for email in b.emails]
    groups: list[Filters] = [[_one_of("email", emails)]] if emails else []
    phones = dict.fromkeys(national_digits(phone) for b in borrowers for phone in b.phones)
    groups += _phone_groups([local for local in phones if local][:_PHONES_PER_SEARCH])
    # HubSpot keeps an additional email in another property, which a search for email does not see.
    first = [b.emails[0].lower() for b in borrowers if b.emails]
    further = [email for email in emails if email not in first]
    groups += [[_token("hs_additional_emails", email)] for email in (*first, *further)]
    return groups[:_GROUPS_PER_SEARCH]


def _phone_groups(phones: Iterable[str]) -> list[Filters]:
    numbers = list(phones)
    return [[_one_of(name, numbers)] for name in _PHONES] if numbers else []


def _one_of(name: str, values: Sequence[str]) -> Mapping[str, Any]:
    return {"propertyName": name, "operator": "IN", "values": list(values)}


def _token(name: str, value: str) -> Mapping[str, Any]:
    return {"propertyName": name, "operator": "CONTAINS_TOKEN", "value": value}
