"""A first field mapping for an intake path, from the submissions it saw: a person confirms or changes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mapping.answers import Answers
from mapping.canonical import IGNORE
from mapping.labels.likeness import nearest
from mapping.labels.value_looks import AMOUNTS, Look, look_of
from mapping.labels.vocabulary import recognised
from mapping.normalize.text import tidy_line

#: Below this a suggestion would be a guess: the question is left to a person, its answers to the message.
THRESHOLD = 0.5
EXAMPLES = 3

# Fields that several questions may fill.
_MANY = frozenset({"message", "consent", "attachments", IGNORE})
_LONGEST_EXAMPLE = 80
_MOST_QUESTIONS = 300
_OF_WITNESS = {"label": 0.97, "key": 0.92, "question": 0.85}
_SAID = {
    "label": "the label is a known name of it",
    "key": "the field's name is a known name of it",
    "question": "the words of the question ask for it",
}
# What the answers must look like for the field to be right, where one look says so.
_EXPECTED = {
    "email": "email", "co_email": "email", "partner_email": "email", "phone": "phone", "co_phone": "phone",
    "partner_phone": "phone", **dict.fromkeys(AMOUNTS, "amount"),
}  # fmt: skip
_TELLING = frozenset({"email", "phone", "amount", "consent"})


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form: the sender's key, the label that visitors saw, what was answered to it."""

    key: str
    label: str
    examples: tuple[str, ...]  # up to EXAMPLES different answers, each on one line and cut short


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One question and the canonical field it seems to fill; confidence 0..1, reason in words."""

    key: str
    label: str
    examples: tuple[str, ...]
    field: str
    confidence: float
    reason: str


def questions(samples: Sequence[Answers]) -> tuple[Question, ...]:
    """Every question that was answered in any of the samples, in the order they were first seen."""
    return tuple(question for question, _, _ in _collected(samples))


def suggest_mapping(samples: Sequence[Answers]) -> tuple[Suggestion, ...]:
    """The canonical field of each question, where label, key or answers make one likely; others are left out.

    No field is suggested for two questions (but message and consent): the likelier one has it.
    """
    found = [
        suggestion
        for question, field, values in _collected(samples)
        if (suggestion := _suggestion(question, field, values)) and suggestion.confidence >= THRESHOLD
    ]
    best: dict[str, Suggestion] = {}
    for one in found:
        rival = best.get(one.field)
        if rival is None or one.confidence > rival.confidence:
            best[one.field] = one
    return tuple(one for one in found if one.field in _MANY or best[one.field] is one)


def _collected(samples: Sequence[Answers]) -> list[tuple[Question, str, tuple[str, ...]]]:
    """Each question with the field the adapter gave it, and all its answers."""
    labels: dict[str, str] = {}
    fields: dict[str, str] = {}
    values: dict[str, dict[str, None]] = {}
    for answer in (item for sample in samples for item in sample.items):
        key = answer.key or answer.label
        if key not in values and len(values) >= _MOST_QUESTIONS:
            continue
        values.setdefault(key, {}).update(dict.fromkeys(filter(None, map(str.strip, answer.values))))
        labels[key] = labels.get(key) or tidy_line(answer.label)
        fields[key] = fields.get(key) or answer.field
    return [
        (Question(key, labels[key], tuple(map(_example, list(said)[:EXAMPLES]))), fields[key], tuple(said))
        for key, said in values.items()
    ]


def _example(value: str) -> str:
    line = tidy_line(value[:500])
    return line if len(line) <= _LONGEST_EXAMPLE else f"{line[: _LONGEST_EXAMPLE - 1].rstrip()}…"


def _suggestion(question: Question, field: str, values: tuple[str, ...]) -> Suggestion | None:
    look = look_of(values)
    if field:
        return _made(question, field, 1.0, "the sender says what it is")
    named = _by_name(question)
    if named is not None:
        return _checked(named, look)
    if look is not None and look.field:
        return _made(question, look.field, look.confidence, f"every answer looks like {look.words}")
    return None


def _by_name(question: Question) -> Suggestion | None:
    field, witness = recognised(question.key, question.label)
    if field:
        return _made(question, field, _OF_WITNESS[witness], _SAID[witness])
    for text in filter(None, (question.label, question.key)):
        field, confidence, phrase = nearest(text)
        if field:
            return _made(question, field, confidence, f"the name is like “{phrase}”")
    return None


def _checked(named: Suggestion, look: Look | None) -> Suggestion:
    """What the name says, held against what the answers look like."""
    expected = _EXPECTED.get(named.field)
    if look is None or (expected is None and look.name not in _TELLING):
        return named
    if look.name == expected or look.field == named.field:
        return replace(
            named,
            confidence=round(min(0.99, named.confidence + 0.05), 2),
            reason=f"{named.reason}, and every answer looks like {look.words}",
        )
    if look.name in _TELLING and named.field not in _MANY and not named.field.startswith("consent"):
        return replace(
            named,
            confidence=round(named.confidence / 2, 2),
            reason=f"{named.reason}, but every answer looks like {look.words}",
        )
    return named


def _made(question: Question, field: str, confidence: float, reason: str) -> Suggestion:
    return Suggestion(question.key, question.label, question.examples, field, confidence, reason)
