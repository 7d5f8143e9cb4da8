"""Email addresses of invented people, no two alike: most at domains that nobody can own."""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING

from mapping.normalize.text import fold

if TYPE_CHECKING:
    from tests.identity_corpus.people import Person

# Gmail only as often as its dots, tags and misspellings need it.
_DOMAINS = {
    "example.com": 30,
    "example.net": 16,
    "example.org": 14,
    "mail.example.com": 8,
    "post.example.net": 6,
    "inbox.example.org": 6,
    "cable.example.com": 6,
    "gmail.com": 14,
}
_WORDS = [
    "blue",
    "sunny",
    "lucky",
    "river",
    "golf",
    "tiger",
    "rose",
    "star",
    "moon",
    "happy",
    "wild",
    "fox",
    "bird",
    "music",
    "cookie",
    "ranger",
    "turbo",
    "pixel",
    "ocean",
    "maple",
    "desert",
    "coffee",
    "soccer",
    "hockey",
    "dancer",
    "hunter",
    "skater",
    "gamer",
    "baker",
    "biker",
]


class Addresses:
    """Gives each address out once."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._given: set[str] = set()

    def personal(self, first: str, last: str, birth: date) -> str:
        """As people choose them: their name in some form, a number, or none of it."""
        one, two, dice = _plain(first), _plain(last.split("-")[0].split()[-1]), self._dice
        year = f"{birth.year % 100:02d}"
        shapes = (
            *(f"{one}.{two}", f"{one}{two}", f"{one[0]}{two}", f"{one}.{two}{year}", f"{one}{two}{year}"),
            *(f"{two}.{one}", f"{one}_{two}", f"{one}{dice.randrange(10, 9999)}", f"{one[0]}{two}{year}"),
            f"{dice.choice(_WORDS)}{dice.choice(_WORDS)}{dice.randrange(10, 999)}",
        )
        return self._unique(dice.choices(shapes, (18, 15, 12, 8, 8, 5, 6, 8, 6, 14))[0])

    def joint(self, people: list[Person]) -> str:
        """Of a couple or family: both names, or the family's."""
        one, two, family = (
            _plain(text) for text in (people[0].first, people[1].first, people[0].last.split()[-1])
        )
        shapes = (
            f"the{family}s",
            f"{one}.{two}",
            f"{one}and{two}",
            f"{family}family",
            f"{one[0]}{two[0]}{family}",
        )
        return self._unique(self._dice.choice(shapes))

    def firm(self, what: str) -> str:
        """A realtor's own address, or an office's."""
        firm = f"{self._dice.choice(_WORDS)}{self._dice.choice(_WORDS)}{self._dice.randrange(100)}"
        if what == "homes":
            return self._unique("agent", f"{firm}-homes.example.com")
        return self._unique(self._dice.choice(["info", "office", "contact", "hr"]), f"{firm}.example.org")

    def _unique(self, local: str, domain: str = "") -> str:
        domain = domain or self._dice.choices(list(_DOMAINS), list(_DOMAINS.values()))[0]
        address, number = f"{local}@{domain}", 1
        # Gmail hears no dots: two people cannot have addresses that differ by one.
        while _bare(address) in self._given:
            number += 1
            address = f"{local}{number}@{domain}"
        self._given.add(_bare(address))
        return address


def _bare(address: str) -> str:
    local, _, domain = address.partition("@")
    return f"{local.replace('.', '')}@{domain}"


def _plain(text: str) -> str:
    return "".join(char for char in fold(text.replace("ł", "l").replace("Ł", "L")) if char.isalnum())
