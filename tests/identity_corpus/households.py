"""Households of every kind that is hard to tell apart, as often as a brokerage meets them."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from tests.identity_corpus import names
from tests.identity_corpus.people import People, Person


class Households:
    """Makes one after the other."""

    def __init__(self, dice: random.Random, people: People) -> None:
        self._dice = dice
        self._people = people
        kinds: tuple[tuple[Callable[[], object], float], ...] = (
            *((self._single, 0.619), (self._couple, 0.285), (self._family, 0.022)),
            *((self._father_and_son, 0.012), (self._siblings, 0.026), (self._twins, 0.007)),
            *((self._roommates, 0.02), (self._mother_and_child, 0.009)),
        )
        self._makers, self._weights = [maker for maker, _ in kinds], [weight for _, weight in kinds]

    def make(self) -> None:
        """One household of any kind."""
        self._people.next_household()
        self._dice.choices(self._makers, self._weights)[0]()

    def _single(self) -> None:
        self._people.make()

    def _couple(self) -> list[Person]:
        dice, one = self._dice, self._people.make()
        sex = {"m": "f", "f": "m"}[one.sex] if dice.random() < 0.96 else one.sex
        mixed = dice.random() < 0.12
        if dice.random() < 0.025 and one.culture in ("english", "spanish"):
            # Of like names, which a slip of the pen would explain as well.
            (one.first, first), one.forms, one.goes_by = dice.choice(_ALIKE_COUPLES), (), ""
            one.sex, sex = "m", "f"
            one.own_email = self._people.new_email(one)
        else:
            first = ""
        two = self._people.make(
            culture=names.culture(dice) if mixed else one.culture,
            first=first,
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
        child = self._people.make(kin=couple[0], home=couple[0].home, born=_grown_up(couple[0]))
        if couple[0].household_phone:
            child.household_phone, child.shares_phone = couple[0].household_phone, 0.5
        if self._dice.random() < 0.3:
            # A child at home writes from the parents' inbox.
            child.household_email, child.shares_email = couple[1].own_email, 0.6

    def _father_and_son(self) -> None:
        father = self._people.make(sex="m")
        son = self._namesake(father)
        father.suffix, son.suffix = self._dice.choice([("Sr", "Jr"), ("Sr", "Jr"), ("", "Jr"), ("II", "III")])
        if self._dice.random() < 0.35:
            # The parent signs with the child: a co-borrower of the same name.
            son.partner = father
        self._share([father, son], email=0.12, phone=0.4)

    def _mother_and_child(self) -> None:
        """A mother and her grown child, of unlike names, at one address or phone."""
        mother = self._people.make(sex="f")
        child = self._people.make(kin=mother, home=mother.home, born=_grown_up(mother))
        self._share([mother, child], email=0.15, phone=0.5)

    def _siblings(self) -> None:
        one = self._people.make()
        two = self._people.make(
            kin=one,
            home=one.home if self._dice.random() < 0.6 else None,
            born=one.birth + timedelta(days=self._dice.randrange(400, 2500)),
        )
        self._share([one, two], email=0.08, phone=0.4)

    def _twins(self) -> None:
        sex = self._dice.choice("mf")
        alike = self._dice.choice(_ALIKE[sex]) if self._dice.random() < 0.5 else ("", "")
        one = self._people.make(sex=sex, first=alike[0])
        two = self._people.make(kin=one, sex=sex, first=alike[1], home=one.home, born=one.birth)
        self._share([one, two], email=0.15, phone=0.5)

    def _roommates(self) -> None:
        """One home and perhaps one telephone, no family."""
        one = self._people.make()
        two = self._people.make(home=one.home)
        self._share([one, two], email=0.05, phone=0.2)

    def _namesake(self, father: Person) -> Person:
        son = self._people.make(
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
            box = self._people.addresses.joint(people) if theirs else first.own_email
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
            number = self._people.phone_at(first.home)
            for one in people:
                one.household_phone = number
                one.shares_phone = dice.choice([0.4, 0.8, 1.0])


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
_ALIKE_COUPLES = (
    *(("Mario", "Maria"), ("Daniel", "Daniela"), ("Christian", "Christina"), ("Carlos", "Carla")),
    *(("Julian", "Juliana"), ("Eric", "Erica"), ("Gabriel", "Gabriela"), ("Andre", "Andrea")),
    *(("Francis", "Frances"), ("Jon", "Joan"), ("Paul", "Paula"), ("Robert", "Roberta")),
)
