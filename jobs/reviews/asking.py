"""Reviews: an inquiry from somebody who may be a borrower we know is delivered, and a person is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy import Connection

from jobs.deciding.recognise import MOST_CANDIDATES, Recognised
from jobs.ledger import borrowers, notices, reviews
from jobs.ledger.reviews import Review, ReviewState
from jobs.reviews import merging
from jobs.reviews.merging import Merged, Sides, merge_in, with_both
from jobs.services import Services

_TOGETHER = 200

#: What a person may answer: one person; two people of one household; two people; nobody can tell.
Answer = Literal["same", "household", "different", "unknown"]
ANSWERS: dict[Answer, ReviewState] = {
    "same": "merged",
    "household": "household",
    "different": "different",
    "unknown": "unknown",
}


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a review; changed is False when it had been answered before."""

    state: ReviewState
    changed: bool
    merged: Merged | None = None


def questions(services: Services, inquiry_id: str, recognised: Sequence[Recognised]) -> tuple[Review, ...]:
    """What a person is to be asked about an inquiry, to be stored with it."""
    now = services.now()
    return tuple(
        Review(
            id=services.new_id(),
            inquiry_id=inquiry_id,
            borrower_id=one.borrower.id,
            candidate_id=match.borrower_id,
            score=match.bits,
            reasons=match.reasons,
            state="open",
            opened_at=now,
        )
        for one in recognised
        for match in one.identity.matches[:MOST_CANDIDATES]
    )


def answer(services: Services, review_id: str, said: Answer, *, actor: str) -> Answered:
    """What a person says about a pair, remembered for good; pressed twice, the first answer stands.

    A merge is undone by its own button, not by another answer. Raises KeyError for an unknown review,
    MergeRefused when the two cannot be one.
    """
    with services.ledger.read() as connection:
        asked = reviews.get(connection, review_id)
    if asked is None:
        raise KeyError(review_id)

    def work(connection: Connection, both: Sides) -> Answered:
        now = reviews.get(connection, review_id)
        if now is None or now.state not in ("open", "unknown", "unanswered"):
            return Answered(now.state if now else "unknown", changed=False)
        return _answer(services, connection, now, both, said, actor)

    done = with_both(services, asked.borrower_id, asked.candidate_id, work)
    merging.ring(services, done.merged)
    return done


def _answer(
    services: Services, connection: Connection, asked: Review, both: Sides, said: Answer, actor: str
) -> Answered:
    now, merged = services.now(), None
    state: ReviewState = "merged" if both.one_already else ANSWERS[said]
    reviews.close(connection, asked.id, state, by=actor, at=now)
    if state == "merged":
        merged = merge_in(services, connection, both, actor=actor, review_id=asked.id)
    elif said in ("household", "different"):
        reviews.remember(connection, both.kept_id, both.gone_id, said, by=actor, at=now)
    if state == "household":
        _one_household(services, connection, both)
    _close_alert(services, connection, asked, actor)
    _audit(services, connection, asked, actor, state)
    return Answered(state, changed=True, merged=merged)


def _close_alert(services: Services, connection: Connection, asked: Review, actor: str) -> None:
    """Once nothing about the inquiry is asked any more."""
    if not any(one.state == "open" for one in reviews.of_inquiry(connection, asked.inquiry_id)):
        now = services.now()
        notices.acknowledge(connection, kind="review", object_id=asked.inquiry_id, by=actor, at=now)


def _one_household(services: Services, connection: Connection, both: Sides) -> None:
    """The later one joins the household of the earlier; nobody else of either household moves."""
    kept = borrowers.get(connection, services.sealer, both.kept_id)
    gone = borrowers.get(connection, services.sealer, both.gone_id)
    known = kept.household_id or gone.household_id
    borrowers.join_household(
        connection,
        known or services.new_id(),
        (both.kept_id, both.gone_id),
        services.now(),
        new=not known,
    )


def close_unanswered(services: Services) -> int:
    """Whom nobody answered about in the playbook's time stays separate; how many questions were closed."""
    now = services.now()
    with services.ledger.read() as connection:
        waiting = reviews.unanswered(
            connection, now - timedelta(days=services.playbook.review_days), _TOGETHER
        )
    for asked in waiting:
        with services.ledger.write() as connection:
            services.ledger.lock(
                connection, f"borrower:{asked.borrower_id}", f"borrower:{asked.candidate_id}"
            )
            still = reviews.get(connection, asked.id)
            if still is not None and still.state == "open":
                reviews.close(connection, asked.id, "unanswered", by="system", at=now)
                _close_alert(services, connection, asked, "system")
                _audit(services, connection, asked, "system", "unanswered")
    return len(waiting)


def _audit(services: Services, connection: Connection, asked: Review, actor: str, state: ReviewState) -> None:
    notices.record(
        connection,
        id=services.new_id(),
        at=services.now(),
        actor=actor,
        action=f"review.{state}",
        object_kind="inquiry",
        object_id=asked.inquiry_id,
        detail=f"{asked.borrower_id} and {asked.candidate_id}",
    )
