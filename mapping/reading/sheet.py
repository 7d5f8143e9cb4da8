"""One submission's answers by canonical field: what was used, what was not, what to flag."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from mapping.answers import UNMAPPED, Answer
from mapping.canonical import CANONICAL_FIELDS, IGNORE
from mapping.consent.agreed import is_statement
from mapping.labels.vocabulary import field_for
from mapping.normalize.text import tidy, tidy_line
from mapping.scrubbing.birthdates import PREFIX

Value = TypeVar("Value")
_AS_SAID: Mapping[str, Mapping[str, str]] = MappingProxyType({})
_BIRTH_HASH = re.compile(rf"{PREFIX}([0-9A-Za-z]{{16,}})")


class Sheet:
    """Answers by canonical field. Whatever no one reads ends in unmapped(), in the order it was sent."""

    def __init__(
        self,
        items: Sequence[Answer],
        fields: Mapping[str, str],
        defaults: Mapping[str, str],
        values: Mapping[str, Mapping[str, str]] = _AS_SAID,
    ) -> None:
        self.flags: dict[str, None] = {}
        self._items = list(items)
        self._unread: set[int] = set()
        self._places: dict[str, list[int]] = {}
        self._defaults = defaults
        rules = {_rule_key(name): target for name, target in fields.items()}
        named: list[tuple[str, int]] = []
        guessed: list[tuple[str, int]] = []
        for place, answer in enumerate(items):
            if not tidy(answer.text):
                continue
            target, explicit = _target(answer, rules)
            if target == IGNORE:
                continue
            if target in values:
                self._items[place] = _meant(answer, values[target])
            self._unread.add(place)
            (named if explicit else guessed).append((target, place))
        # What a person mapped is read before what the vocabulary guessed.
        for target, place in (*named, *guessed):
            self._places.setdefault(target, []).append(place)

    def answers(self, field: str) -> tuple[Answer, ...]:
        """Every answer to a field; all count as used."""
        places = self._places.get(field, ())
        self._unread.difference_update(places)
        return tuple(self._items[place] for place in places)

    def text(self, field: str) -> str:
        """The first answer as one line, else the path's default, else ""."""
        places = self._places.get(field)
        if not places:
            return tidy_line(self._defaults.get(field, ""))
        self._unread.discard(places[0])
        return tidy_line(self._items[places[0]].text)

    def read(self, field: str, reader: Callable[[str], Value | None], flag: str = "") -> Value | None:
        """The first answer that reader understands, else the default's; unread answers are kept.

        flag is raised when there were answers and none could be read.
        """
        places = self._places.get(field, ())
        for place in places:
            value = reader(self._items[place].text)
            if value is not None:
                self._unread.discard(place)
                return value
        if places and flag:
            self.flag(flag)
        default = self._defaults.get(field, "")
        return reader(default) if default and not places else None

    def lines(self, field: str) -> str:
        """All answers, each on its own line, else the default."""
        texts = [tidy(answer.text) for answer in self.answers(field)]
        return "\n".join(dict.fromkeys(texts)) if texts else tidy(self._defaults.get(field, ""))

    def keep(self, answers: Iterable[Answer]) -> None:
        """Put used answers back among the unmapped: something in them was not understood."""
        wanted = list(answers)
        self._unread.update(
            place for place, item in enumerate(self._items) if any(item is each for each in wanted)
        )

    def keep_field(self, field: str) -> None:
        """As keep, for the first answer of a field."""
        self._unread.update(self._places.get(field, ())[:1])

    def answered(self, field: str) -> bool:
        """True when the sender (not a default) answered the field."""
        return field in self._places

    def flag(self, name: str) -> None:
        """Raise an advisory flag once."""
        self.flags[name] = None

    def unmapped(self) -> tuple[tuple[str, str], ...]:
        """(question, answer) of everything nobody read. Birth-date hashes are never shown."""
        left = (self._items[place] for place in sorted(self._unread))
        return tuple(
            (tidy_line(item.label) or tidy_line(item.key), tidy(item.text))
            for item in left
            if not _is_birth(item)
        )


def field_in_force(answer: Answer, fields: Mapping[str, str]) -> tuple[str, bool]:
    """The canonical field of an answer under a path's mapping, and whether path or sender named it.

    ("", True) is what a person wants kept as it was asked, ("", False) what nobody has a field for.
    """
    return _target(answer, {_rule_key(name): target for name, target in fields.items()})


def _target(answer: Answer, rules: Mapping[str, str]) -> tuple[str, bool]:
    """The canonical field of an answer ("" = none) and whether the path's own mapping named it."""
    target = rules.get(_rule_key(answer.key)) if rules else None
    if target is None and rules and answer.label:
        target = rules.get(_rule_key(answer.label))
    if target is not None:
        target = target or IGNORE
        return (target, True) if target in CANONICAL_FIELDS else ("", True)
    if answer.field:
        return ("" if answer.field == UNMAPPED else answer.field), True
    guess = field_for(answer.key, answer.label)
    if not guess and len(answer.values) == 1 and is_statement(answer.values[0]):
        guess = "consent"
    if _is_birth(answer) and not guess.endswith("date_of_birth"):
        guess = "date_of_birth"
    return guess, False


def _meant(answer: Answer, meanings: Mapping[str, str]) -> Answer:
    """The answer in the words that the playbook says it means."""
    by_key = {_rule_key(said): meant for said, meant in meanings.items()}
    return replace(answer, values=tuple(by_key.get(_rule_key(one), one) for one in answer.values))


def _rule_key(text: str) -> str:
    return " ".join(text.lower().split())


def _is_birth(answer: Answer) -> bool:
    return any(_BIRTH_HASH.fullmatch(value.strip()) for value in answer.values)


def read_birth_hash(text: str) -> str | None:
    """The keyed hash of a scrubbed birth date; None for anything else: no date itself is ever kept."""
    found = _BIRTH_HASH.search(text)
    return found[1] if found else None
