"""What a path's form asks, and which canonical field each question fills: in force now, and suggested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from jobs.paths.current import change_path, paths
from jobs.paths.rehearsal import Rehearsed, rehearse
from jobs.services import Services
from mapping.answers import Answer, Answers
from mapping.canonical import CANONICAL_FIELDS, IGNORE, KEEP
from mapping.labels.suggesting import Suggestion, questions, suggest_mapping
from mapping.reading.sheet import field_in_force
from mapping.scrubbing.masking import masked

Chosen = Literal["person", "sender", "words", "nobody"]
#: Besides the canonical fields.
CHOICES: Mapping[str, str] = {
    KEEP: "Keep it as a note for the owner",
    IGNORE: "Leave it out",
}


class NoSuchField(ValueError):
    """A word that is neither a canonical field nor one of CHOICES; str(error) says what to do."""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question of the form; examples are masked.

    field is what it fills now ("" = nothing), chosen by whom; suggestion is what it seems to mean.
    """

    key: str
    label: str
    examples: tuple[str, ...]
    field: str
    chosen: Chosen
    suggestion: Suggestion | None

    @property
    def open(self) -> bool:
        """Whether nobody has said yet what it means."""
        return self.chosen == "nobody"


def asked_questions(services: Services, name: str) -> tuple[AskedQuestion, ...]:
    """Every question in the path's last submissions. Raises KeyError for an unknown path."""
    return questions_in(paths(services)[name].fields, rehearse(services, name))


def questions_in(fields: Mapping[str, str], seen: Sequence[Rehearsed]) -> tuple[AskedQuestion, ...]:
    """Every question in these submissions, under a mapping; each in the words it was asked in first."""
    samples = [one.answers for one in seen if one.answers is not None and one.telling]
    suggested = {one.key: one for one in suggest_mapping(samples)}
    return tuple(
        _asked(asked.key, asked.label, asked.examples, fields, _first(samples, asked.key), suggested)
        for asked in questions(samples)
    )


def set_fields(services: Services, name: str, chosen: Mapping[str, str], actor: str) -> None:
    """Confirm or change what questions of a path mean; those that are not named stay as they are.

    Raises KeyError for an unknown path, NoSuchField.
    """
    for word in chosen.values():
        if word not in CANONICAL_FIELDS and word not in CHOICES:
            raise NoSuchField(
                f"“{word[:40]}” is no field. Choose one of: keep, ignore, {', '.join(CANONICAL_FIELDS)}."
            )
    now = dict(paths(services)[name].fields)
    normal = {_plain(key): key for key in now}
    # The same question in other capitals is the same question: one rule, not two.
    changed = {normal.get(_plain(key), key): word for key, word in chosen.items()}
    change_path(services, name, actor, fields={**now, **changed})


def _asked(
    key: str,
    label: str,
    examples: Sequence[str],
    fields: Mapping[str, str],
    first: Answer,
    suggested: Mapping[str, Suggestion],
) -> AskedQuestion:
    field, named = field_in_force(first, fields)
    by_person = named and bool({_plain(first.key), _plain(first.label)} & set(map(_plain, fields)))
    chosen: Chosen = "person" if by_person else "sender" if named else "words" if field else "nobody"
    if named and not field:
        field = KEEP
    suggestion = suggested.get(key)
    if suggestion is not None and suggestion.field not in CANONICAL_FIELDS:
        suggestion = None  # the sender says that no field of ours fits
    likely = field if field in CANONICAL_FIELDS else suggestion.field if suggestion else ""
    shown = tuple(dict.fromkeys(masked(one, likely) for one in examples))
    return AskedQuestion(key, label, shown, field, chosen, suggestion)


def _first(samples: Sequence[Answers], key: str) -> Answer:
    return next(item for one in samples for item in one.items if (item.key or item.label) == key)


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
