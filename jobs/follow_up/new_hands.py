"""A task that goes to somebody else: as it was planned, but in the words of whoever does it now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jobs.known import KnownInquiry
from jobs.services import Services
from mapping.follow_up.checklist import still_missing
from mapping.follow_up.first_task import PlannedFollowUp
from mapping.follow_up.task_words import task_words
from mapping.ownership.owner import OwnerDecision
from mapping.playbook.cadences import Touch


def in_new_hands(
    services: Services, known: KnownInquiry, row: Any, does: OwnerDecision, *, due: datetime, reason: str
) -> PlannedFollowUp:
    """A follow-up (its row) as somebody else is to do it then; for the CRMs that were told of it.

    A first task and a touch are written anew: a message is signed by whoever sends it, with that one's
    licence. What news asked for says what was heard, and stays as it is.
    """
    content = services.sealer.open_json(row.content, f"follow_up.content:{row.id}")
    touch, body = _touch(services, row.touch or ""), content["body"]
    first = not row.touch and row.purpose in {one.purpose for one in services.playbook.follow_up}
    if touch or first:
        body = task_words(
            known.details,
            does,
            services.playbook,
            still_missing(known.details, services.playbook, known.stage),
            channel=row.channel,
            purpose=row.purpose,
            due=due,
            reason=reason,
            template=touch.template if touch else "",
        )
    return PlannedFollowUp(
        purpose=row.purpose,
        channel=row.channel,
        due_at=due,
        subject=content["subject"],
        body=body,
        priority=touch.priority if touch else "HIGH",
        reason=reason,
        due_from=row.due_at,
        owner_from=row.owner,
        body_from=content["body"] if body != content["body"] else "",
    )


def _touch(services: Services, key: str) -> Touch | None:
    """The touch of that key, if the playbook still has it."""
    cadence, _, rest = key.partition("/")
    found = next((one for one in services.playbook.cadences if one.name == cadence), None)
    name = rest.partition("/")[0]
    return next((one for one in found.touches if one.name == name), None) if found else None
