"""Who is called first: each inquiry's score, worked out when it comes and again on news of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from jobs.ledger import plans, priorities
from jobs.ledger.codec import from_json
from jobs.services import Services
from mapping.follow_up.news import OUTCOMES
from mapping.inquiry import Inquiry, Stage
from mapping.priority.score import Engagement, Outcomes, Priority, factors_of, judge, shown_in
from mapping.priority.training import Ended, Trained, train

_BATCH = 200
#: What was done in these is learned from: the days in which it matters who is called first.
_FIRST_DAYS = timedelta(days=7)


def first_priority(services: Services, inquiry: Inquiry) -> Priority:
    """Of an inquiry that has just come."""
    return _judged(services, inquiry, shown_in(inquiry, Engagement()))


def prioritise(
    services: Services, connection: Connection, inquiry_id: str, details: Inquiry, stage: Stage
) -> int | None:
    """Work it out again after news, and keep it; None when the inquiry is over."""
    if stage in OUTCOMES:
        priorities.store(connection, inquiry_id, None)
        return None
    found = present_priority(services, connection, inquiry_id, details)
    priorities.store(connection, inquiry_id, found)
    return found.score


def present_priority(
    services: Services, connection: Connection, inquiry_id: str, details: Inquiry
) -> Priority:
    """As it is at this moment: recency goes by."""
    engagement = shown_in(details, priorities.engagement(connection, inquiry_id))
    return _judged(services, details, engagement)


def train_model(services: Services) -> Trained:
    """Learn from what became of inquiries, keep the model, and use it if it is better. Raises TooFew."""
    trained = train(ended_so_far(services), services.playbook.priority)
    with services.ledger.write() as connection:
        priorities.add_model(connection, services.new_id(), services.now(), trained)
    services.outcomes.forget()
    return trained


def ended_so_far(services: Services) -> list[Ended]:
    """What is to be learned from, in the order in which it came.

    How its source did is counted from those that came before it: its own outcome, and what came later, must
    not tell how it ends.
    """
    found, before = [], Outcomes()
    with services.ledger.read() as connection:
        for row in priorities.walk(connection, ended=True):
            found.append(_ended(services, connection, row, before))
            before = before.and_then(row.path, funded=found[-1].funded)
    return found


def rescore(services: Services) -> int:
    """Work out every open inquiry's score anew, a few at a time; how many."""
    last, count = "", 0
    while True:
        with services.ledger.write() as connection:
            rows = priorities.in_batches(connection, last, _BATCH, ended=False)
            for row in rows:
                prioritise(services, connection, row.id, _details(services, row), Stage(row.stage))
        if not rows:
            return count
        last, count = rows[-1].id, count + len(rows)


def _judged(services: Services, inquiry: Inquiry, engagement: Engagement) -> Priority:
    playbook, known = services.playbook, services.outcomes.known(services.ledger, services.now())
    expected = playbook.checklists.get(inquiry.type, ())
    factors = factors_of(inquiry, expected, known.outcomes, engagement, playbook.priority, now=services.now())
    return judge(factors, playbook.priority, known.model)


def _ended(services: Services, connection: Connection, row: Any, before: Outcomes) -> Ended:
    """The factors of an inquiry that has ended, as they stood in its first days."""
    details = _details(services, row)
    playbook = services.playbook
    expected: Sequence[str] = playbook.checklists.get(details.type, ())
    engagement = _engagement_at_first(connection, row, details)
    factors = factors_of(details, expected, before, engagement, playbook.priority, now=services.now())
    return Ended(factors, row.stage == Stage.FUNDED)


def _engagement_at_first(connection: Connection, row: Any, details: Inquiry) -> Engagement:
    """What the borrower did in the first days: what the end itself brings along would tell all."""
    until = row.received_at + _FIRST_DAYS
    early = priorities.engagement(connection, row.id, until=until)
    later = priorities.kinds_of_news(connection, row.id, after=until)
    plan = plans.get(connection, row.id)
    applied = plan is not None and plan.application_at is not None and plan.application_at <= until
    heard: dict[str, Any] = {name: None for name in ("application", "meeting", "call") if name in later}
    shown = shown_in(replace(details, **heard), replace(early, applied=early.applied or applied))
    return replace(shown, met=shown.met or ("meeting" in later and early.met))


def _details(services: Services, row: Any) -> Inquiry:
    return from_json(services.sealer.open_json(row.details, f"inquiry.details:{row.id}"), Inquiry)
