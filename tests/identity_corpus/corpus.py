"""Some years of inquiries to a brokerage, with the truth: who sent each, of which household, with whom.

    corpus = generate(seed=1)            # about 5,200 inquiries of 3,200 people
    corpus.inquiries                     # dicts with the keys of `firstpath identify`, in order of arrival
    corpus.labels[inquiry_id].person     # and .household, .co_person
    python -m tests.identity_corpus --seed 1 --out FOLDER

Rules were tuned on seeds 1 to 90 and are judged on JUDGING, which nobody looked into. rates() says what
returning inquiries have in common with earlier ones; a corpus in which nearly all can be recognised would
leak. Fathers and sons of one name who give one phone are as many as make a simple resolver put five to eight
of them together.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mapping.normalize.text import fold
from tests.identity_corpus import spelling
from tests.identity_corpus.people import People, Person
from tests.identity_corpus.town import build

JUDGING = (91, 92, 93, 94)
PEOPLE = 3_200
KEYS = (
    *("inquiry_id", "received_at", "source", "first_name", "last_name", "full_name", "email", "phone"),
    *("street", "city", "state", "postal_code", "date_of_birth", "co_borrower", "inquiry_type"),
    "referrer_email",
)
_START = datetime(2025, 1, 6, 13, 0, tzinfo=UTC)
_DAYS = 730
_MOVES, _NEW_EMAIL, _NEW_PHONE = 0.09, 0.16, 0.13
_SETTLED = timedelta(days=45)  # nothing about a person changes sooner


@dataclass(frozen=True, slots=True)
class Channel:
    """A way in, and how often it asks for what."""

    source: str
    weight: int
    email: float
    phone: float
    place: float
    street: float
    birth: float
    co_borrower: float
    types: tuple[str, ...]


_BUYING = ("purchase", "purchase", "pre_approval", "refinance", "refinance", "debt_consolidation", "renewal")
_CHANNELS = (
    Channel("website", 45, 0.93, 0.78, 0.6, 0.2, 0.02, 0.2, _BUYING),
    Channel("zillow", 14, 0.9, 0.9, 0.9, 0.3, 0.0, 0.05, ("purchase", "pre_approval")),
    Channel("callrail", 11, 0.04, 1.0, 0.45, 0.0, 0.0, 0.0, _BUYING),
    Channel("referral", 13, 0.65, 0.65, 0.45, 0.1, 0.0, 0.2, _BUYING),
    Channel("application", 8, 0.97, 0.97, 1.0, 0.95, 0.85, 0.6, ("purchase", "refinance")),
    Channel("documents", 5, 1.0, 0.25, 0.2, 0.05, 0.0, 0.0, ("document_request",)),
    Channel("import", 4, 0.55, 0.55, 0.8, 0.5, 0.1, 0.1, _BUYING),
)


@dataclass(frozen=True, slots=True)
class Label:
    """The truth about one inquiry. email, phone: those meant, however they were written; "" for none."""

    person: str
    household: str
    co_person: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Inquiries in order of arrival, labels by inquiry_id, people by their id."""

    inquiries: list[dict[str, str | None]]
    labels: dict[str, Label]
    people: dict[str, Person]


def generate(seed: int = 1, people: int = PEOPLE) -> Corpus:
    """The same corpus for the same seed and size."""
    dice = random.Random(seed)
    town = build(dice, people)
    visits = [(who, _times(dice)) for who in town.all if not who.silent]
    _recycle_phones(dice, visits)
    told = sorted(
        (one for who, times in visits for one in _story(dice, town, who, times)), key=lambda one: one[0]
    )
    inquiries, labels = [], {}
    for number, (at, fields, label) in enumerate(told, start=1):
        id_ = f"i{number:06d}"
        fields |= {"inquiry_id": id_, "received_at": at.isoformat(timespec="seconds")}
        inquiries.append({key: fields.get(key) or None for key in KEYS})
        labels[id_] = label
    return Corpus(inquiries, labels, {who.id: who for who in town.all})


def _times(dice: random.Random) -> list[datetime]:
    """When somebody writes: most once, some come back after minutes (a correction), days or months."""
    count = dice.choices((1, 2, 3, 4, 5, 6), (60, 24, 10, 4, 1.5, 0.5))[0]
    at = _START + timedelta(days=dice.random() * _DAYS * (0.85 if count > 1 else 1.0))
    times = [at]
    for _ in range(count - 1):
        kind = dice.random()
        if kind < 0.09:
            at += timedelta(minutes=dice.uniform(1, 9))
        elif kind < 0.36:
            at += timedelta(days=dice.uniform(0.5, 20))
        else:
            at += timedelta(days=dice.expovariate(1 / 140) + 5)
        times.append(at)
    return times


def _recycle_phones(dice: random.Random, visits: list[tuple[Person, list[datetime]]]) -> None:
    """Numbers that were given up: their next owner is somebody else."""
    alone = [
        visit for visit in visits if not (visit[0].household_phone or visit[0].work_phone or visit[0].suffix)
    ]
    early = [one for one in alone if one[1][-1] < _START + timedelta(days=_DAYS * 0.5)]
    late = [one for one in alone if one[1][0] > _START + timedelta(days=_DAYS * 0.6)]
    for (before, _), (after, _) in zip(
        dice.sample(early, min(len(early), len(visits) // 80)), dice.sample(late, len(late)), strict=False
    ):
        after.own_phone = before.own_phone


Told = tuple[datetime, dict[str, str], Label]


def _story(dice: random.Random, town: People, who: Person, times: list[datetime]) -> Iterator[Told]:
    """All inquiries of one person, who changes address, inbox, number and name on the way."""
    before, married, channel = times[0], False, _CHANNELS[0]
    for at in times:
        correction = timedelta(0) < at - before < timedelta(minutes=10)
        if at - before > _SETTLED:
            _change(dice, town, who)
            married = married or dice.random() < 0.5
        if not correction:
            channel = dice.choices(_CHANNELS, [one.weight for one in _CHANNELS])[0]
        yield (at, *_inquiry(dice, who, channel, first=at == times[0], married=married, careful=correction))
        before = at


def _change(dice: random.Random, town: People, who: Person) -> None:
    if dice.random() < _NEW_EMAIL and who.own_email:
        who.own_email = town.new_email(who)
    if dice.random() < _NEW_PHONE and who.own_phone:
        who.own_phone = town.phone_at(who.home)
    if dice.random() < _MOVES:
        who.home = town.new_home(who)


def _inquiry(
    dice: random.Random, who: Person, channel: Channel, *, first: bool, married: bool, careful: bool
) -> tuple[dict[str, str], Label]:
    fields = {"source": channel.source, "inquiry_type": dice.choice(channel.types)}
    fields |= spelling.name_fields(dice, who, married=married, careful=careful)
    partner = who.partner
    signs = partner if partner and dice.random() < channel.co_borrower else None
    if signs and signs.first != who.first and dice.random() < 0.25:
        fields = {key: text for key, text in fields.items() if "name" not in key}
        fields["full_name"] = spelling.joint_name(dice, who, signs)
    elif signs:
        given = signs.goes_by or signs.first
        fields["co_borrower"] = given if dice.random() < 0.12 else f"{given} {signs.last}"
    email, phone = _reach(dice, who, channel, first)
    if email:
        fields["email"] = spelling.email(dice, email, careful=careful)
    if phone:
        fields["phone"] = spelling.phone(dice, phone, careful=careful)
    _dummies(dice, fields, careful)
    fields |= _where(dice, who, channel, careful)
    if who.realtor and first and dice.random() < who.realtor.named:
        fields["referrer_email"] = who.realtor.email
    elif channel.source == "referral" and dice.random() < 0.3:
        fields["referrer_email"] = f"partner{dice.randrange(40)}@realty.example.com"
    co_person = signs.id if signs else ""
    return fields, Label(who.id, who.household, co_person, email, phone)


def _reach(dice: random.Random, who: Person, channel: Channel, first: bool) -> tuple[str, str]:
    """Which inbox and which number are given; one of them always is."""
    email, phone = who.own_email, who.own_phone
    if who.household_email and (not email or dice.random() < who.shares_email):
        email = who.household_email
    if who.household_phone and (not phone or dice.random() < who.shares_phone):
        phone = who.household_phone
    if who.work_email and dice.random() < 0.5:
        email, phone = who.work_email, dice.choice([phone, who.work_phone])
    if who.realtor and first:
        kind = dice.random()
        email = who.realtor.email if kind < 0.75 else email
        phone = who.realtor.phone if kind > 0.45 else phone
    has_email, has_phone = dice.random() < channel.email, dice.random() < channel.phone
    if not (has_email or has_phone):
        has_email = True
    return email if has_email else "", phone if has_phone else ""


def _dummies(dice: random.Random, fields: dict[str, str], careful: bool) -> None:
    """What is typed into a field that must not stay empty."""
    if careful or not ("email" in fields and "phone" in fields):
        return
    roll = dice.random()
    if roll < 0.025:
        fields["email"] = dice.choice(spelling.DUMMY_EMAILS)
    elif roll < 0.05:
        fields["phone"] = dice.choice(spelling.DUMMY_PHONES)


def _where(dice: random.Random, who: Person, channel: Channel, careful: bool) -> dict[str, str]:
    fields: dict[str, str] = {}
    if dice.random() < channel.street:
        fields |= spelling.address(dice, who.home, careful=careful)
    elif dice.random() < channel.place:
        fields |= {"city": spelling.place(dice, who.home), "state": who.home.city.state}
        if dice.random() < 0.5:
            fields["postal_code"] = who.home.postal_code
    if dice.random() < channel.birth:
        fields["date_of_birth"] = spelling.birth_date(dice, who, careful=careful)
    return fields


def rates(corpus: Corpus) -> dict[str, float]:
    """Shares of the returning inquiries by the best thing they have in common with an earlier one.

    own: an email or phone only that person uses; shared: one that others use as well; home: only street or
    birth date; city: name and city; name: a name alone.
    """
    users = defaultdict(set)
    for label in corpus.labels.values():
        for value in (label.email, label.phone):
            users[value].add(label.person)
    seen: dict[str, list[tuple[dict[str, str | None], Label]]] = defaultdict(list)
    counts = dict.fromkeys(("own", "shared", "home", "city", "name"), 0)
    for fields in corpus.inquiries:
        label = corpus.labels[str(fields["inquiry_id"])]
        if earlier := seen[label.person]:
            counts[_kind(fields, label, earlier, users)] += 1
        seen[label.person].append((fields, label))
    total = sum(counts.values())
    return {kind: count / total for kind, count in counts.items()}


def _kind(
    fields: dict[str, str | None],
    label: Label,
    earlier: list[tuple[dict[str, str | None], Label]],
    users: dict[str, set[str]],
) -> str:
    common = {value for value in (label.email, label.phone) if value}
    common &= {value for _, other in earlier for value in (other.email, other.phone)}
    if any(len(users[value]) == 1 for value in common):
        return "own"
    if common:
        return "shared"
    before = [other for other, _ in earlier]
    for kind, keys in (("home", ("street", "date_of_birth")), ("city", ("city", "postal_code"))):
        if any(
            _folded(fields, key) and _folded(fields, key) == _folded(other, key)
            for other in before
            for key in keys
        ):
            return kind
    return "name"


def _folded(fields: dict[str, str | None], key: str) -> str:
    text = fold(fields[key] or "")
    # Of a street the number and the name: "Street" is also "St".
    return " ".join(text.split()[:2]) if key == "street" else text
