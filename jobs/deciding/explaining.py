"""A decision in words: the reasons that are kept with the inquiry, and what the desk is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jobs.consent.saying import new_consent_words
from jobs.deciding.recognise import Recognised
from jobs.ledger.inquiries import Decided
from jobs.services import Services
from mapping.follow_up.first_task import PlannedFollowUp
from mapping.identity import Verdict
from mapping.inquiry import Inquiry
from mapping.ownership.owner import OwnerDecision

_ONE_PURSUIT = "Earlier inquiries of this borrower are not pursued any more: this one is."


def explained(
    inquiry: Inquiry,
    recognised: list[Recognised],
    owner: OwnerDecision,
    plan: PlannedFollowUp,
    *,
    takes_over: bool,
) -> tuple[tuple[str, str], ...]:
    """Every decision in words, in the order they were made."""
    people = zip(("borrower", "co-borrower"), recognised, strict=False)
    return (
        ("type", f"{inquiry.type}: {inquiry.type_reason}"),
        *((role, f"{one.identity.verdict}: {'; '.join(one.identity.reasons)}") for role, one in people),
        *(("owner", reason) for reason in owner.reasons),
        *((("licence", owner.licence),) if owner.licence else ()),
        *(("passed over", f"{member}: {why}") for member, why in owner.considered),
        ("follow-up", plan.reason),
        *((("follow-up", _ONE_PURSUIT),) if takes_over else ()),
    )


def alerts(
    services: Services,
    decided: Decided,
    recognised: list[Recognised],
    owner: OwnerDecision,
    again: Sequence[str],
) -> tuple[Mapping[str, Any], ...]:
    """What the desk is told of it; again are channels that were closed before and consent is given to."""
    messages = [("owner", owner.alert)] if owner.alert else []
    if again:
        messages.append(("consent", new_consent_words(again)))
    if any(one.identity.verdict is Verdict.REVIEW for one in recognised):
        messages.append(
            ("review", "May be a borrower we know; it was opened as new and delivered meanwhile.")
        )
    elif any(one.identity.matches for one in recognised):
        messages.append(("review", "Two borrowers we know seem to be one: the inquiry is with one of them."))
    return tuple(
        {
            "id": services.new_id(),
            "at": services.now(),
            "kind": kind,
            "object_id": decided.id,
            "message": message,
        }
        for kind, message in messages
    )
