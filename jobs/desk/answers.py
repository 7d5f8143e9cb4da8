"""What arrived, as questions and answers a person can read."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.intake.base import IntakeError, RawRequest
from connectors.intake.document import read_document, readable_text
from connectors.intake.registry import ADAPTERS
from jobs.ledger.submissions import Submission
from jobs.services import Services
from mapping.answers import Answers

#: A page stays a page: longer texts are cut on it, never in the ledger.
_MOST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Arrived:
    """The form as it was filled in; text instead of answers when it cannot be read as a form."""

    answers: Answers | None
    text: str = ""


def as_arrived(services: Services, submission: Submission) -> Arrived:
    """The raw submission, readable. Sensitive numbers were taken out before it was stored."""
    if submission.expired_at is not None:
        return Arrived(None, "What arrived was deleted when its time was over; what was understood is kept.")
    path = services.settings.paths.get(submission.path)
    if path is not None:
        request = RawRequest(
            content_type=submission.content_type,
            headers=submission.request.headers,
            body=submission.body,
            query=submission.request.query,
            remote_addr=submission.request.remote_addr,
            received_at=submission.received_at,
        )
        try:
            document = read_document(request.content_type, request.body)
            return Arrived(ADAPTERS[path.kind].answers(document, request))
        except IntakeError:
            pass
    return Arrived(None, readable_text(submission.body, submission.content_type)[:_MOST_TEXT])
