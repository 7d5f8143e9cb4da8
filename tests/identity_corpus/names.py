"""First and last names of the United States and Canada, as often as they are met (names.toml)."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LISTS: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("names.toml").read_text("utf-8"))
_SEXES = {"m": "men", "f": "women"}


@dataclass(frozen=True, slots=True)
class Given:
    """A first name and the forms its bearers also go by."""

    name: str
    forms: tuple[str, ...]


def _read(text: str) -> tuple[list[Given], list[float]]:
    names, weights = [], []
    for entry in text.split("|"):
        words = entry.split()
        at = next(place for place, word in enumerate(words) if word.isdigit())
        names.append(Given(" ".join(words[:at]), tuple(words[at + 1 :])))
        weights.append(float(words[at]))
    return names, weights


_GIVEN = {(of, sex): _read(lists[_SEXES[sex]]) for of, lists in _LISTS.items() for sex in _SEXES}
_FAMILIES = {of: _read(lists["families"]) for of, lists in _LISTS.items()}


def culture(dice: random.Random) -> str:
    """As often as a household has it."""
    return dice.choices(list(_LISTS), [lists["share"] for lists in _LISTS.values()])[0]


def given(dice: random.Random, of: str, sex: str) -> Given:
    """A first name of a man ("m") or a woman ("f")."""
    return dice.choices(*_GIVEN[of, sex])[0]


def family(dice: random.Random, of: str) -> str:
    """A family name: both names of some Spanish families, a hyphen in some English ones."""
    name = _one_family(dice, of)
    if of == "spanish" and dice.random() < 0.3:
        return f"{name} {_one_family(dice, of)}"
    if of == "english" and dice.random() < 0.03:
        return f"{name}-{_one_family(dice, of)}"
    return name


def _one_family(dice: random.Random, of: str) -> str:
    lists = _LISTS[of]
    if dice.random() < lists["rare"]:
        return str(dice.choice(lists["starts"].split()) + dice.choice(lists["ends"].split()))
    return dice.choices(*_FAMILIES[of])[0].name
