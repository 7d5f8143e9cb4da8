"""The files that came with a submission, for staff to download."""

from __future__ import annotations

from jobs.ledger import attachments, notices
from jobs.ledger.attachments import Kept
from jobs.ledger.submissions import Submission
from jobs.services import Services


def files_of(services: Services, submission: Submission) -> tuple[Kept, ...]:
    """What was kept of a submission, or of the whole that it is a part of."""
    with services.ledger.read() as connection:
        return attachments.of(connection, services.sealer, [submission.parent_id or submission.id])


def download(services: Services, file_id: str, actor: str) -> tuple[str, bytes] | None:
    """Name and bytes of a file, with a line in the audit trail; None when it is not there (any more)."""
    with services.ledger.read() as connection:
        found = attachments.content(connection, services.sealer, file_id)
    if found is None:
        return None
    with services.ledger.write() as connection:
        notices.record(
            connection,
            id=services.new_id(),
            at=services.now(),
            actor=actor,
            action="attachment.downloaded",
            object_kind="attachment",
            object_id=file_id,
        )
    return found
