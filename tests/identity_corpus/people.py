"""The invented people, one by one."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.identity_corpus import names, places
from tests.identity_corpus.addresses import Addresses
from tests.identity_corpus.names import Given
from tests.identity_corpus.places import Home

_BORN = date(1950, 1, 1)


@dataclass
class Person:
    """One person. last_later is the name after marrying; goes_by is what friends say, "" for the first name.

    own_email and own_phone are theirs alone, "" when they have none; shares_* how often the household's is
    given instead. partner is who they buy a home with; the silent never write themselves.
    """

    id: str
    household: str
    culture: str
    sex: str
    first: str
    forms: tuple[str, ...]
    middle: str
    last: str
    suffix: str
    birth: date
    home: Home
    own_email: str = ""
    own_phone: str = ""
    household_email: str = ""
    household_phone: str = ""
    shares_email: float = 0.0
    shares_phone: float = 0.0
    goes_by: str = ""
    last_later: str = ""
    partner: Person | None = field(default=None, repr=False)
    realtor: Realtor | None = None
    work_email: str = ""
    work_phone: str = ""
    silent: bool = False
    wrote: str = ""  # the first name in their last inquiry, before any slip


@dataclass(frozen=True)
class Realtor:
    """Fills in forms for clients; named: how often as the referrer."""

    email: str
    phone: str
    named: float


class People:
    """Everybody so far; the same dice make the same people."""

    def __init__(self, dice: random.Random) -> None:
        self.all: list[Person] = []
        self.addresses = Addresses(dice)
        self._dice = dice
        self._households = 0
        self._phones: set[str] = set()

    def next_household(self) -> None:
        """Whoever is made from now on belongs to another one."""
        self._households += 1

    def make(
        self,
        *,
        kin: Person | None = None,
        culture: str = "",
        sex: str = "",
        first: str = "",
        home: Home | None = None,
        born: date | None = None,
    ) -> Person:
        """A new one; kin gives the family name, and not their own first name but where first says so."""
        dice = self._dice
        culture = kin.culture if kin else culture or names.culture(dice)
        sex = sex or dice.choice("mf")
        where = places.french_city(dice) if culture == "french" and dice.random() < 0.6 else places.city(dice)
        given = Given(first, ()) if first else names.given(dice, culture, sex)
        while kin and not first and given.name == kin.first:
            given = names.given(dice, culture, sex)
        one = Person(
            id=f"p{len(self.all) + 1:05d}",
            household=f"h{self._households:05d}",
            culture=culture,
            sex=sex,
            first=given.name,
            forms=given.forms,
            middle=names.given(dice, culture, sex).name if dice.random() < 0.5 else "",
            last=kin.last if kin else names.family(dice, culture),
            suffix="",
            birth=born or _BORN + timedelta(days=dice.randrange(52 * 365)),
            home=home or places.home(dice, where),
        )
        if given.forms and dice.random() < 0.28:
            one.goes_by = dice.choice(given.forms)
        elif one.middle and dice.random() < 0.03:
            one.goes_by = one.middle
        one.own_phone = self.phone_at(one.home)
        one.own_email = self.addresses.personal(one.goes_by or one.first, one.last, one.birth)
        self.all.append(one)
        return one

    def new_email(self, who: Person) -> str:
        """Another address of theirs."""
        return self.addresses.personal(who.first, who.last, who.birth)

    def new_home(self, who: Person) -> Home:
        """Another home, mostly in the same city."""
        near = self._dice.random() < 0.7
        return places.home(self._dice, who.home.city if near else places.city(self._dice))

    def phone_at(self, home: Home) -> str:
        """A number that nobody has."""
        while (number := places.phone(self._dice, home.city)) in self._phones:
            pass
        self._phones.add(number)
        return number
