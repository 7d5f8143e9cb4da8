"""Borrowers kept in memory for one run, found and merged as the ledger does it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import count

from msgspec.structs import replace

from jobs.deciding.recognise import (
    HouseholdLink,
    Recognised,
    household_links,
    parties_of,
    recognise,
    telling_keys,
)
from jobs.ledger.borrowers import Borrower
from jobs.ledger.holders import is_telling
from jobs.ledger.profiles import united
from mapping.identity import IdentityRules, search_keys
from mapping.inquiry import Inquiry, Party
from mapping.people.lookup_keys import Key
from mapping.people.survivorship import Survivorship


class Register:
    """Starts empty. Borrowers are c000001 and on in the order of their opening, households h000001."""

    def __init__(self, rules: IdentityRules, survivorship: Survivorship) -> None:
        self._rules, self._survivorship = rules, survivorship
        self._clusters, self._households = count(1), count(1)
        self._borrowers: dict[str, Borrower] = {}
        self._holders: dict[Key, set[str]] = {}
        self._keys: dict[str, set[Key]] = {}
        self._merged_into: dict[str, str] = {}
        self._apart: dict[str, set[str]] = {}
        self._asked: dict[str, set[str]] = {}

    def hear(self, inquiry: Inquiry) -> list[Recognised]:
        """Who the inquiry is from, borrower first; what was heard is remembered."""
        keys = [_keys(party) for party in parties_of(inquiry)]
        asked = set(telling_keys(inquiry, keys, self._rules))
        crowded = {key for key in asked if not is_telling(self._holders.get(key, ()))}
        known = self._those_with(asked - crowded)
        crowded_hashes = [hash_ for _, hash_ in crowded]
        recognised = recognise(
            inquiry,
            keys,
            known,
            crowded_hashes,
            self._new_id,
            rules=self._survivorship,
            identity_rules=self._rules,
            stored=len(self._borrowers),
        )
        for one in recognised:
            self._borrowers[one.borrower.id] = one.borrower
            self._remember(one.borrower.id, one.keys)
            for candidate in one.identity.candidates:
                _pair(self._asked, one.borrower.id, candidate)
        for link in household_links(recognised, self._new_household):
            self._join(link)
        return recognised

    def merge(self, kept_id: str, other_id: str) -> None:
        """Both are one person: other_id becomes another name of kept_id."""
        kept, other = self.get(kept_id), self.get(other_id)
        if kept.id == other.id:
            return
        self._borrowers[kept.id] = replace(
            kept,
            profile=united(kept.profile, other.profile),
            household_id=kept.household_id or other.household_id,
            inquiries=kept.inquiries + other.inquiries,
        )
        del self._borrowers[other.id]
        self._merged_into[other.id] = kept.id
        for pairs in (self._apart, self._asked):
            pairs.setdefault(kept.id, set()).update(pairs.pop(other.id, ()))
        keys = self._keys.pop(other.id, set())
        for key in keys:
            self._holders[key].discard(other.id)
        self._remember(kept.id, keys)

    def tell_apart(self, one_id: str, other_id: str) -> None:
        """They are two persons, and stay so."""
        _pair(self._apart, self.current(one_id), self.current(other_id))

    def get(self, borrower_id: str) -> Borrower:
        """The borrower who has, or once had, this id. Raises KeyError."""
        return self._borrowers[self.current(borrower_id)]

    def knows(self, borrower_id: str) -> bool:
        """Whether somebody has, or once had, this id."""
        return self.current(borrower_id) in self._borrowers

    def current(self, borrower_id: str) -> str:
        """The id under which this borrower goes now."""
        while borrower_id in self._merged_into:
            borrower_id = self._merged_into[borrower_id]
        return borrower_id

    def _new_id(self) -> str:
        return f"c{next(self._clusters):06d}"

    def _new_household(self) -> str:
        return f"h{next(self._households):06d}"

    def _those_with(self, keys: Collection[Key]) -> list[Borrower]:
        ids = {id_ for key in keys for id_ in self._holders.get(key, ())}
        return [
            replace(
                self._borrowers[id_],
                apart_from=self._with_whom(self._apart, id_),
                asked_with=self._with_whom(self._asked, id_),
            )
            for id_ in sorted(ids)
        ]

    def _with_whom(self, pairs: Mapping[str, set[str]], borrower_id: str) -> frozenset[str]:
        return frozenset(map(self.current, pairs.get(borrower_id, ()))) - {borrower_id}

    def _remember(self, borrower_id: str, keys: Collection[Key]) -> None:
        self._keys.setdefault(borrower_id, set()).update(keys)
        for key in keys:
            self._holders.setdefault(key, set()).add(borrower_id)

    def _join(self, link: HouseholdLink) -> None:
        for member in link.members:
            self._borrowers[member] = replace(self._borrowers[member], household_id=link.household_id)


def _pair(pairs: dict[str, set[str]], one: str, other: str) -> None:
    pairs.setdefault(one, set()).add(other)
    pairs.setdefault(other, set()).add(one)


def _keys(party: Party) -> tuple[Key, ...]:
    """As holders.hashed, but nothing is stored that would have to be hashed."""
    return tuple((kind, f"{kind} {value}") for kind, value in search_keys(party))
