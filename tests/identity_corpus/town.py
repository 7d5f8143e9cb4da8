"""A town: its households, and what strangers in it come to share."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.identity_corpus import places
from tests.identity_corpus.households import Households
from tests.identity_corpus.people import People, Person, Realtor
from tests.identity_corpus.places import Home


def build(dice: random.Random, size: int) -> People:
    """A town in which this many people write to the brokerage."""
    people = People(dice)
    households = Households(dice, people)
    while sum(not one.silent for one in people.all) < size:
        households.make()
    others = [one for one in people.all if not (one.suffix or one.silent or one.partner)]
    dice.shuffle(others)
    take, share = iter(others), size / 3200
    for _ in range(round(24 * share)):
        _namesakes(dice, people, next(take), next(take))
    for number in range(round(16 * share)):
        _realtor(dice, people, take, also_borrows=number % 5 == 0)
    for _ in range(round(14 * share)):
        _office(dice, people, take)
    for _ in range(round(9 * share)):
        _tower(dice, take)
    return people


def _namesakes(dice: random.Random, people: People, one: Person, two: Person) -> None:
    """Two strangers of one name in one city."""
    two.first, two.forms, two.last, two.goes_by = one.first, one.forms, one.last, one.goes_by
    two.home = places.home(dice, one.home.city)
    two.own_email = people.new_email(two)


def _realtor(dice: random.Random, people: People, take: Iterator[Person], *, also_borrows: bool) -> None:
    """Who fills in forms for clients, with an own address and number; named as the referrer or not."""
    agent = next(take)
    address, number = people.addresses.firm("homes"), people.phone_at(agent.home)
    if also_borrows:
        agent.own_email, agent.own_phone = address, number
    realtor = Realtor(address, number, dice.choice([0, 1, 0.5]))
    for _ in range(dice.randrange(3, 11)):
        next(take).realtor = realtor


def _office(dice: random.Random, people: People, take: Iterator[Person]) -> None:
    """Colleagues who give a firm's inbox or switchboard."""
    address, number = people.addresses.firm("office"), people.phone_at(next(take).home)
    for _ in range(dice.randrange(2, 5)):
        one = next(take)
        one.work_email, one.work_phone = address, number


def _tower(dice: random.Random, take: Iterator[Person]) -> None:
    """Neighbours in one building, who often leave out the flat."""
    tower = next(take).home
    for unit in dice.sample(range(1, 40), dice.randrange(3, 7)):
        flat = Home(tower.number, tower.name, tower.kind, str(unit), tower.city, tower.postal_code)
        next(take).home = flat
