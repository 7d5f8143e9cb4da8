"""How much people are asked, how long they take, and which doubts nearly always end in the same way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from jobs.ledger import reviews
from jobs.ledger.tables import inquiry
from jobs.services import Services

_DAYS = 90
_MOST = 10_000
_ANSWERS = ("merged", "household", "different")


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason why questions were asked: how many were answered, and how many with "same person"."""

    reason: str
    answered: int
    same: int


@dataclass(frozen=True, slots=True)
class Measures:
    """Of the last 90 days: inquiries, how many were asked about, how many wait, the oldest of these."""

    inquiries: int
    asked: int
    waiting: int
    oldest: datetime | None
    doubts: tuple[Doubt, ...]  # the most frequent first

    @property
    def rate(self) -> float:
        """The share of inquiries that a person is asked about."""
        return self.asked / self.inquiries if self.inquiries else 0.0


def measure(services: Services) -> Measures:
    """The queue of reviews in numbers. What was in doubt is the last reason of each."""
    start = services.now() - timedelta(days=_DAYS)
    with services.ledger.read() as connection:
        found = reviews.since(connection, start, _MOST)
        arrived = select(func.count()).where(inquiry.c.received_at > start)
        inquiries = int(connection.execute(arrived).scalar_one())
    waiting = [one for one in found if one.state == "open"]
    answered = Counter(_doubt(one) for one in found if one.state in _ANSWERS)
    same = Counter(_doubt(one) for one in found if one.state == "merged")
    return Measures(
        inquiries=inquiries,
        asked=len({one.inquiry_id for one in found}),
        waiting=len(waiting),
        oldest=min((one.opened_at for one in waiting), default=None),
        doubts=tuple(Doubt(reason, count, same[reason]) for reason, count in answered.most_common()),
    )


def _doubt(one: reviews.Review) -> str:
    return one.reasons[-1] if one.reasons else ""
