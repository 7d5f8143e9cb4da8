"""Reviews: an inquiry from somebody who may be a borrower we know is delivered, and a person is asked."""

from __future__ import annotations

from collections.abc import Sequence

from jobs.ledger.reviews import Review
from jobs.recognise import Recognised
from jobs.services import Services
from mapping.identity import Verdict

#: So many of those whom somebody may be are asked about, the likeliest first.
MOST_CANDIDATES = 3


def questions(services: Services, inquiry_id: str, recognised: Sequence[Recognised]) -> tuple[Review, ...]:
    """What a person is to be asked about an inquiry, to be stored with it."""
    now = services.now()
    return tuple(
        Review(
            id=services.new_id(),
            inquiry_id=inquiry_id,
            borrower_id=one.borrower.id,
            candidate_id=candidate,
            score=0.0,
            reasons=one.identity.reasons,
            state="open",
            opened_at=now,
        )
        for one in recognised
        if one.identity.verdict is Verdict.REVIEW
        for candidate in one.identity.candidates[:MOST_CANDIDATES]
    )
