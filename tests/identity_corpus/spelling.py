"""How people write what they give: names, addresses and numbers as forms receive them."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Mapping

from tests.identity_corpus.people import Person
from tests.identity_corpus.places import Home

DUMMY_EMAILS = (
    *("none@none.com", "na@na.com", "noemail@noemail.com", "test@test.com", "no@email.com", "asdf@asdf.com"),
    *("noemail@example.com", "declined@example.com", "n/a", "none"),
)
DUMMY_PHONES = (
    *("555-555-5555", "1234567890", "999-999-9999", "(111) 111-1111", "0000000000", "(512) 555-0100"),
    *("214-555-0123", "n/a"),
)
_TAGS = ("mortgage", "homes", "zillow", "house", "refi", "loans", "spam")
_TITLES = {"m": ("Mr.", "Mr", "Dr."), "f": ("Mrs.", "Ms", "Ms.", "Dr.")}
_NEIGHBOURS = {
    "a": "s",
    "b": "v",
    "c": "x",
    "d": "f",
    "e": "r",
    "f": "g",
    "g": "h",
    "h": "j",
    "i": "o",
    "j": "k",
    "k": "l",
    "l": "k",
    "m": "n",
    "n": "m",
    "o": "p",
    "p": "o",
    "q": "w",
    "r": "t",
    "s": "a",
    "t": "y",
    "u": "i",
    "v": "b",
    "w": "e",
    "x": "c",
    "y": "u",
    "z": "x",
}


def name_fields(dice: random.Random, who: Person, *, married: bool, careful: bool) -> dict[str, str]:
    """first_name and last_name, or full_name; careful people make no slips and leave nothing out."""
    first, last = _first(dice, who, careful), _last(dice, who, married, careful)
    if not careful:
        first, last = _slip(dice, first, 0.013), _slip(dice, last, 0.018)
    if dice.random() < 0.65:
        first, last = plain(first), plain(last)
    first, last = dice.choices(_CASES, (91, 4, 5))[0](first), dice.choices(_CASES, (91, 4, 5))[0](last)
    if who.suffix and dice.random() < 0.14:
        last = f"{last}{dice.choice([' ', ', '])}{who.suffix}"
    if dice.random() < 0.28:
        return {"full_name": _whole(dice, who, first, last)}
    if not careful and dice.random() < 0.02:
        return dice.choice([{"first_name": first}, {"first_name": first}, {"last_name": last}])
    if not careful and dice.random() < 0.01:
        first, last = last, first
    return {"first_name": first, "last_name": last}


def _as_is(text: str) -> str:
    return text


_CASES: tuple[Callable[[str], str], ...] = (_as_is, str.upper, str.lower)


def _first(dice: random.Random, who: Person, careful: bool) -> str:
    """One of the forms; who corrects what was sent minutes ago stays with the one that was meant."""
    if careful:
        return who.wrote
    roll = dice.random()
    if who.goes_by:
        name = who.goes_by if roll < 0.75 else who.first
    else:
        name = dice.choice(who.forms) if who.forms and roll < 0.1 else who.first
    who.wrote = name
    roll = dice.random()
    if roll < 0.015:
        return f"{name[0]}{dice.choice(['', '.'])}"
    if roll < 0.075 and who.middle and name != who.middle:
        return f"{name} {dice.choice([who.middle, who.middle[0], f'{who.middle[0]}.'])}"
    return name


def _last(dice: random.Random, who: Person, married: bool, careful: bool) -> str:
    name = who.last_later if married and who.last_later else who.last
    if careful:
        return name
    roll = dice.random()
    if "-" in name and roll < 0.4:
        one, _, two = name.partition("-")
        return f"{one} {two}" if roll < 0.2 else dice.choice([one, two])
    if " " in name and who.culture == "spanish" and roll < 0.5:
        return name.split()[0]
    return name.replace("'", "") if roll < 0.25 else name


def _whole(dice: random.Random, who: Person, first: str, last: str) -> str:
    roll = dice.random()
    if roll < 0.04:
        return f"{last}, {first}"
    return f"{dice.choice(_TITLES[who.sex])} {first} {last}" if roll < 0.06 else f"{first} {last}"


def joint_name(dice: random.Random, who: Person, partner: Person) -> str:
    """ "John & Mary Smith", who writes first."""
    word = dice.choice(["&", "and", "and", "&", "/"])
    one, two = who.goes_by or who.first, partner.goes_by or partner.first
    if who.last == partner.last:
        return f"{one} {word} {two} {who.last}"
    return f"{one} {who.last} {word} {two} {partner.last}"


def email(dice: random.Random, address: str, *, careful: bool) -> str:
    """Case, Gmail's dots, a tag, a domain mistyped."""
    local, _, domain = address.partition("@")
    if domain == "gmail.com" and dice.random() < 0.12 and len(local) > 4 and "+" not in local:
        at = dice.randrange(1, len(local) - 1)
        local = local.replace(".", "") if "." in local else f"{local[:at]}.{local[at:]}"
    if dice.random() < 0.015 and "+" not in local:
        local = f"{local}+{dice.choice(_TAGS)}"
    if domain == "gmail.com" and not careful and dice.random() < 0.06:
        domain = dice.choice(["gmial.com", "gmail.con", "gmai.com", "gmail.co", "gnail.com"])
    elif not careful:
        local = _slip(dice, local, 0.004)
    written = f"{local}@{domain}"
    return dice.choices((written, written.upper(), written.title()), (92, 4, 4))[0]


def phone(dice: random.Random, number: str, *, careful: bool) -> str:
    """Ten digits in one of the usual forms; now and then a digit is wrong."""
    if not careful and dice.random() < 0.006:
        at = dice.randrange(6, 10)
        number = f"{number[:at]}{(int(number[at]) + 1) % 10}{number[at + 1 :]}"
    area, exchange, line = number[:3], number[3:6], number[6:]
    forms = (
        f"({area}) {exchange}-{line}",
        f"{area}-{exchange}-{line}",
        number,
        f"+1{number}",
        f"{area}.{exchange}.{line}",
    )
    return dice.choice(forms)


def address(dice: random.Random, home: Home, *, careful: bool) -> dict[str, str]:
    """street with or without the flat, city, state and postal code."""
    street = home.street(short=dice.random() < 0.6, unit=careful or dice.random() < 0.8)
    if not careful:
        street = _slip(dice, street, 0.02)
    return {
        "street": street if dice.random() < 0.9 else street.lower(),
        "city": place(dice, home),
        "state": home.city.state,
        "postal_code": home.postal_code,
    }


def place(dice: random.Random, home: Home) -> str:
    """The city."""
    return dice.choices((home.city.name, home.city.name.upper(), plain(home.city.name)), (85, 5, 10))[0]


def birth_date(dice: random.Random, who: Person, *, careful: bool) -> str:
    """ISO or month first; now and then the day and the month swapped, or the year wrong."""
    day, roll = who.birth, dice.random()
    if not careful and roll < 0.01:
        day = day.replace(year=day.year - 1, day=min(day.day, 28))
    elif not careful and roll < 0.02 and day.day <= 12:
        day = day.replace(month=day.day, day=day.month)
    return day.isoformat() if dice.random() < 0.6 else day.strftime("%m/%d/%Y")


def _slip(dice: random.Random, text: str, chance: float) -> str:
    """With this chance one letter swapped with the next, left out, doubled, or its neighbour's."""
    if dice.random() >= chance or len(text) < 4:
        return text
    at = dice.randrange(1, len(text) - 1)
    if not text[at].isalpha():
        return text
    near = _NEIGHBOURS.get(text[at], text[at])
    return dice.choice(
        [
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[:at] + near + text[at + 1 :],
        ]
    )


def plain(text: str) -> str:
    """Without accents, as many people write."""
    decomposed = unicodedata.normalize("NFD", text.replace("ł", "l").replace("Ł", "L"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def null_missing(fields: Mapping[str, str], keys: tuple[str, ...]) -> dict[str, str | None]:
    """Every key, None where nothing was given."""
    return {key: fields.get(key) for key in keys}
