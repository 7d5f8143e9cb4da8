"""What is still missing of an inquiry: what was not said, and, once they are collected, which documents."""

from __future__ import annotations

from mapping.follow_up.first_task import missing_information
from mapping.inquiry import NO_LOANS, Inquiry, Stage
from mapping.normalize.text import fold
from mapping.playbook.model import Playbook

_COLLECTED = frozenset({Stage.COLLECTING_DOCUMENTS, Stage.LENDER_REVIEW})


def still_missing(inquiry: Inquiry, playbook: Playbook, stage: Stage) -> tuple[str, ...]:
    """In words and in the playbook's order; documents only from the stage on in which they are collected."""
    said = missing_information(inquiry, playbook)
    return (*said, *missing_documents(inquiry, playbook)) if stage in _COLLECTED else said


def missing_documents(inquiry: Inquiry, playbook: Playbook) -> tuple[str, ...]:
    """The documents that this type of inquiry needs and that no file's name speaks of."""
    if inquiry.type in NO_LOANS:
        return ()
    came = [_words(name) for name in inquiry.attachments]
    return tuple(
        rule.name
        for rule in playbook.documents
        if (not rule.types or inquiry.type in rule.types)
        and (not rule.employments or inquiry.employment in rule.employments)
        and not any(_words(word) in name for word in rule.words if fold(word) for name in came)
    )


def _words(text: str) -> str:
    """Its words in small plain letters, each with a blank before it: " t4" is in " t4a 2025 pdf"."""
    return f" {fold(text)}"
