"""Is a path ready? The six questions answered from its real submissions, and what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.paths import six_questions
from jobs.paths.evidence import Evidence, evidence
from jobs.paths.field_mapping import AskedQuestion, questions_in
from jobs.paths.six_questions import PathAnswer
from jobs.services import Services
from jobs.settings.model import PathSettings, PathState

#: What a path may become next, whatever its readiness says.
NEXT: dict[PathState, tuple[PathState, ...]] = {
    "draft": ("shadow",),
    "shadow": ("live", "paused", "draft"),
    "live": ("paused", "shadow", "draft"),
    "paused": ("live", "shadow", "draft"),
}


@dataclass(frozen=True, slots=True)
class Readiness:
    """A path, its six answers, and the sentences that say what keeps it from shadow and from going live."""

    path: PathSettings
    seen: Evidence
    questions: tuple[AskedQuestion, ...]
    answers: tuple[PathAnswer, ...]
    blocks_shadow: tuple[str, ...]
    blocks_live: tuple[str, ...]

    @property
    def worst(self) -> str:
        """The verdict of the answer that needs a person most."""
        order = ("missing", "attention", "ok")
        return min((one.verdict for one in self.answers), key=order.index)


def readiness(services: Services, name: str) -> Readiness:
    """What is known about a path now. Raises KeyError for an unknown one, LedgerUnavailable."""
    seen = evidence(services, name)
    asked = questions_in(seen.path.fields, seen.rehearsed)
    answers = six_questions.answer(seen, asked)
    shadow = _not_set_up(seen)
    live = (*shadow, *_unproven(seen), *(why for one in answers for why in one.blocks_live))
    return Readiness(seen.path, seen, asked, answers, shadow, tuple(dict.fromkeys(live)))


def _not_set_up(seen: Evidence) -> tuple[str, ...]:
    found = list(six_questions.way_in_problems(seen.path))
    if not seen.crms:
        found.append("The path leads to no CRM: name one in its settings.")
    found += [
        f"The playbook has no section for {one.name}: add it, as a shipped playbook shows."
        for one in seen.crms
        if not one.mapped
    ]
    return tuple(found)


def _unproven(seen: Evidence) -> Sequence[str]:
    if seen.decided:
        return ()
    return ["No real submission was seen in shadow yet: send one and look at what it became."]
