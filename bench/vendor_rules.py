"""How CRMs and their duplicate tools decide, re-created from the rules that they publish.

Each rule takes people in order of arrival and gives everybody a cluster: the index of the first who is the
same. Emails are valid and in lower case, phones E.164, names in proper case: what a CRM would hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from rapidfuzz.distance import JaroWinkler

from mapping.inquiry import Party
from mapping.normalize.text import fold
from mapping.people.nicknames import are_forms_of_one_name

Key = tuple[str, ...]
Rule = Callable[[Sequence[Party]], list[int]]


def exact_email(people: Sequence[Party]) -> list[int]:
    """HubSpot: the same address is the same contact, no address is a new one."""
    return _joined([[("email", one.email)] if one.email else [] for one in people])


def email_else_phone(people: Sequence[Party]) -> list[int]:
    """HighLevel: who has the address, else who has the number, else a new contact."""
    emails: dict[str, int] = {}
    phones: dict[str, int] = {}
    clusters = []
    for index, one in enumerate(people):
        found = emails.get(one.email) if one.email else None
        if found is None and one.phone:
            found = phones.get(one.phone)
        cluster = index if found is None else found
        if one.email:
            emails.setdefault(one.email, cluster)
        if one.phone:
            phones.setdefault(one.phone, cluster)
        clusters.append(cluster)
    return clusters


def name_and_contact(people: Sequence[Party]) -> list[int]:
    """Total Expert: first and last name, and one of email, phone, address."""
    return _joined(
        [
            [(fold(one.first_name), fold(one.last_name), *contact) for contact in _contacts(one)]
            if one.first_name and one.last_name
            else []
            for one in people
        ]
    )


def fuzzy_name_and_contact(people: Sequence[Party]) -> list[int]:
    """Salesforce: first and last name alike, also swapped, and email, phone, or street with city or ZIP."""
    holders: dict[Key, list[int]] = defaultdict(list)
    groups = _Groups(len(people))
    for index, one in enumerate(people):
        for contact in _contacts(one):
            for other in holders[contact]:
                if _names_alike(one, people[other]):
                    groups.join(other, index)
            holders[contact].append(index)
    return groups.firsts()


def _contacts(one: Party) -> list[Key]:
    places = [place for place in (fold(one.city), one.postal_code[:5]) if place]
    street = fold(one.street)
    keys: list[Key] = [("at", street, place) for place in places if street]
    keys += [("email", one.email)] if one.email else []
    keys += [("phone", one.phone)] if one.phone else []
    return keys


def _names_alike(one: Party, other: Party) -> bool:
    if not (one.first_name and one.last_name and other.first_name and other.last_name):
        return False
    straight = _first_alike(one.first_name, other.first_name) and _last_alike(one.last_name, other.last_name)
    swapped = fold(one.first_name) == fold(other.last_name) and fold(one.last_name) == fold(other.first_name)
    return straight or swapped


def _first_alike(one: str, other: str) -> bool:
    first, second = fold(one), fold(other)
    initial = min(len(first), len(second)) == 1 and first[0] == second[0]
    return initial or are_forms_of_one_name(one, other) or JaroWinkler.similarity(first, second) >= 0.85


def _last_alike(one: str, other: str) -> bool:
    return JaroWinkler.similarity(fold(one), fold(other)) >= 0.9


class _Groups:
    """Who belongs together, directly or through others."""

    def __init__(self, size: int) -> None:
        self._above = list(range(size))

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self._first(one), self._first(other)))
        self._above[high] = low

    def firsts(self) -> list[int]:
        return [self._first(index) for index in range(len(self._above))]

    def _first(self, index: int) -> int:
        while self._above[index] != index:
            self._above[index] = self._above[self._above[index]]
            index = self._above[index]
        return index


def joined_pairs(size: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Clusters of this many people when each of these pairs is one person."""
    groups = _Groups(size)
    for one, other in pairs:
        groups.join(one, other)
    return groups.firsts()


def _joined(keys: Sequence[Sequence[Key]]) -> list[int]:
    """Whoever shares a key is the same."""
    first: dict[Key, int] = {}
    pairs = [(first.setdefault(key, index), index) for index, theirs in enumerate(keys) for key in theirs]
    return joined_pairs(len(keys), pairs)


#: What each rule is called in the results.
RULES: dict[str, Rule] = {
    "exact email (HubSpot)": exact_email,
    "email, else phone (HighLevel)": email_else_phone,
    "exact name + contact (Total Expert)": name_and_contact,
    "fuzzy name + contact (Salesforce)": fuzzy_name_and_contact,
}
