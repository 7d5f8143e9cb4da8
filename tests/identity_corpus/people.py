"""The invented people: households of every kind that is hard to tell apart, as often as brokers meet them."""

from __future__ import annotations

import random
from collections.abc import Callable
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


@dataclass(frozen=True)
class Realtor:
    """Fills in forms for clients; named: how often as the referrer."""

    email: str
    phone: str
    named: float


class Town:
    """Builds households one after the other; the same seed builds the same town."""

    def __init__(self, dice: random.Random) -> None:
        self.people: list[Person] = []
        self._dice = dice
        self._addresses = Addresses(dice)
        self._households = 0
        self._phones: set[str] = set()

    def grow(self, size: int) -> None:
        """Households until there are this many people; then what strangers come to share."""
        kinds: list[tuple[Callable[[], object], float]] = [
            *(
                (self._single, 0.62),
                (self._couple, 0.285),
                (self._family, 0.022),
                (self._father_and_son, 0.011),
            ),
            *((self._siblings, 0.026), (self._twins, 0.007), (self._roommates, 0.02), (self._mother, 0.009)),
        ]
        makers, weights = [maker for maker, _ in kinds], [weight for _, weight in kinds]
        while sum(not one.silent for one in self.people) < size:
            self._households += 1
            self._dice.choices(makers, weights)[0]()
        self._strangers()

    # Households

    def _single(self) -> None:
        self._person()

    def _couple(self) -> list[Person]:
        dice, one = self._dice, self._person()
        sex = {"m": "f", "f": "m"}[one.sex] if dice.random() < 0.96 else one.sex
        mixed = dice.random() < 0.12
        two = self._person(
            culture=names.culture(dice) if mixed else one.culture,
            sex=sex,
            home=one.home,
            born=one.birth + timedelta(days=dice.randrange(-2500, 2500)),
        )
        if dice.random() < _TAKES_THE_NAME.get(one.culture, 0.5):
            before, two.last = two.last, one.last
            wed_lately = dice.random() < 0.12
            if wed_lately and two.sex == "f":
                two.last, two.last_later = before, dice.choice([one.last, f"{before}-{one.last}"])
        one.partner, two.partner = two, one
        two.silent = dice.random() < 0.35
        self._share([one, two])
        return [one, two]

    def _family(self) -> None:
        couple = self._couple()
        child = self._person(kin=couple[0], home=couple[0].home, born=_grown_up(couple[0]))
        if couple[0].household_phone:
            child.household_phone, child.shares_phone = couple[0].household_phone, 0.5
        if self._dice.random() < 0.3:
            # A child at home writes from the parents' inbox.
            child.household_email, child.shares_email = couple[1].own_email, 0.6

    def _father_and_son(self) -> None:
        father = self._person(sex="m")
        son = self._namesake(father)
        father.suffix, son.suffix = self._dice.choice([("Sr", "Jr"), ("Sr", "Jr"), ("", "Jr"), ("II", "III")])
        if self._dice.random() < 0.35:
            # The parent signs with the child: a co-borrower of the same name.
            son.partner = father
        self._share([father, son], email=0.12, phone=0.4)

    def _mother(self) -> None:
        """A mother and her grown child, of unlike names, at one address or phone."""
        mother = self._person(sex="f")
        child = self._person(kin=mother, home=mother.home, born=_grown_up(mother))
        self._share([mother, child], email=0.15, phone=0.5)

    def _siblings(self) -> None:
        one = self._person()
        two = self._person(
            kin=one,
            home=one.home if self._dice.random() < 0.6 else None,
            born=one.birth + timedelta(days=self._dice.randrange(400, 2500)),
        )
        self._share([one, two], email=0.08, phone=0.4)

    def _twins(self) -> None:
        sex = self._dice.choice("mf")
        alike = self._dice.choice(_ALIKE[sex]) if self._dice.random() < 0.5 else ("", "")
        one = self._person(sex=sex, first=alike[0])
        two = self._person(kin=one, sex=sex, first=alike[1], home=one.home, born=one.birth)
        self._share([one, two], email=0.15, phone=0.5)

    def _roommates(self) -> None:
        """One home and perhaps one telephone, no family."""
        one = self._person()
        two = self._person(home=one.home)
        self._share([one, two], email=0.05, phone=0.2)

    def _namesake(self, father: Person) -> Person:
        son = self._person(
            kin=father,
            sex="m",
            first=father.first,
            home=father.home if self._dice.random() < 0.6 else None,
            born=_grown_up(father),
        )
        son.goes_by = ""
        return son

    def _share(self, people: list[Person], email: float = 0.5, phone: float = 0.45) -> None:
        """With these chances, one inbox and one telephone that all of them give."""
        dice, first = self._dice, people[0]
        if dice.random() < email:
            theirs = dice.random() < 0.45
            box = self._addresses.joint(people) if theirs else first.own_email
            for one in people:
                one.household_email = box
                one.shares_email = dice.choice([0.4, 0.8, 1.0])
                if one.shares_email == 1.0 and one is not first:
                    one.own_email = ""
            first.own_email = "" if theirs and first.shares_email == 1.0 else first.own_email
            if theirs is False and dice.random() < 0.15:
                # "john+mary@": the inbox is his, the tag says that she writes.
                local, _, domain = box.partition("@")
                people[1].own_email, people[1].shares_email = (
                    f"{local}+{people[1].first.lower()}@{domain}",
                    0.0,
                )
        if dice.random() < phone:
            number = self._new_phone(first.home)
            for one in people:
                one.household_phone = number
                one.shares_phone = dice.choice([0.4, 0.8, 1.0])

    # Persons

    def _person(
        self,
        *,
        kin: Person | None = None,
        culture: str = "",
        sex: str = "",
        first: str = "",
        home: Home | None = None,
        born: date | None = None,
    ) -> Person:
        """A new one; kin gives the family name."""
        dice = self._dice
        culture = kin.culture if kin else culture or names.culture(dice)
        sex = sex or dice.choice("mf")
        where = places.french_city(dice) if culture == "french" and dice.random() < 0.6 else places.city(dice)
        given = Given(first, ()) if first else names.given(dice, culture, sex)
        one = Person(
            id=f"p{len(self.people) + 1:05d}",
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
        one.own_phone = self._new_phone(one.home)
        one.own_email = self._addresses.personal(one.goes_by or one.first, one.last, one.birth)
        self.people.append(one)
        return one

    def new_email(self, who: Person) -> str:
        """Another address of theirs."""
        return self._addresses.personal(who.first, who.last, who.birth)

    def new_phone(self, who: Person) -> str:
        """Another number of theirs."""
        return self._new_phone(who.home)

    def new_home(self, who: Person) -> Home:
        """Another home, mostly in the same city."""
        near = self._dice.random() < 0.7
        return places.home(self._dice, who.home.city if near else places.city(self._dice))

    def _new_phone(self, home: Home) -> str:
        while (number := places.phone(self._dice, home.city)) in self._phones:
            pass
        self._phones.add(number)
        return number

    # What strangers share

    def _strangers(self) -> None:
        dice = self._dice
        some = [one for one in self.people if not (one.suffix or one.silent)]
        dice.shuffle(some)
        take = iter(some)
        share = len(self.people) / 3200
        for _ in range(round(24 * share)):  # one name in one city
            one, two = next(take), next(take)
            two.first, two.forms, two.last, two.goes_by = one.first, one.forms, one.last, one.goes_by
            two.home = places.home(dice, one.home.city)
            two.own_email = self._addresses.personal(two.first, two.last, two.birth)
        for _ in range(round(16 * share)):  # realtors with their clients
            realtor = Realtor(
                self._addresses.firm("homes"), self._new_phone(next(take).home), dice.choice([0, 1, 0.5])
            )
            for _ in range(dice.randrange(3, 11)):
                next(take).realtor = realtor
        for _ in range(round(14 * share)):  # a firm's inbox or switchboard
            office = self._addresses.firm("office"), self._new_phone(next(take).home)
            for _ in range(dice.randrange(2, 5)):
                one = next(take)
                one.work_email, one.work_phone = office
        for _ in range(round(9 * share)):  # a tower of flats
            tower = next(take).home
            for unit in dice.sample(range(1, 40), dice.randrange(3, 7)):
                one = next(take)
                if one.partner is None:
                    one.home = Home(
                        tower.number, tower.name, tower.kind, str(unit), tower.city, tower.postal_code
                    )


def _grown_up(parent: Person) -> date:
    return parent.birth + timedelta(days=24 * 365 + parent.birth.day * 100)


#: How often a wife takes her husband's name.
_TAKES_THE_NAME = {
    "english": 0.85,
    "spanish": 0.35,
    "chinese": 0.1,
    "indian": 0.6,
    "french": 0.25,
    "polish": 0.8,
    "arabic": 0.3,
    "korean": 0.1,
    "vietnamese": 0.15,
    "filipino": 0.8,
}
#: Twins whose names are alike.
_ALIKE = {
    "m": (("Jayden", "Kayden"), ("Darren", "Darrel"), ("Mario", "Marco"), ("Brandon", "Landon")),
    "f": (("Kayla", "Layla"), ("Maria", "Marla"), ("Carla", "Carly"), ("Anna", "Hanna")),
}
