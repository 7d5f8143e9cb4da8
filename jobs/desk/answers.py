"""What arrived, as questions and answers a person can read."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.intake.base import IntakeError
from connectors.intake.document import readable_text
from jobs.intake.reading import read_parts
from jobs.ledger.submissions import Submission
from jobs.services import Services
from mapping.answers import Answers, Part

#: A page stays a page: longer texts are cut on it, never in the ledger.
_MOST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Arrived:
    """The parts as they were filled in; text instead when it cannot be read."""

    parts: tuple[Part, ...]
    text: str = ""

    @property
    def answers(self) -> Answers | None:
        """The first part that holds answers; of a pointer, what its notice said."""
        for part in self.parts:
            return part if isinstance(part, Answers) else part.notice
        return None


def as_arrived(services: Services, submission: Submission) -> Arrived:
    """The raw submission, readable. Sensitive numbers were taken out before it was stored."""
    if submission.expired_at is not None:
        return Arrived((), "What arrived was deleted when its time was over; what was understood is kept.")
    try:
        return Arrived(tuple(read_parts(services, submission)))
    except (IntakeError, KeyError):
        return Arrived((), readable_text(submission.body, submission.content_type)[:_MOST_TEXT])
