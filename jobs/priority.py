"""Who is called first: each inquiry's score, worked out when it comes and again on news of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from jobs.ledger import priorities
from jobs.ledger.codec import from_json
from jobs.services import Services
from mapping.inquiry import Inquiry, Stage
from mapping.news import OUTCOMES
from mapping.priority import Engagement, Outcomes, Priority, factors_of, judge, shown_in
from mapping.priority_training import Ended, Trained, train

_BATCH = 200


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
    rules, known = services.playbook.priority, priorities
    with services.ledger.read() as connection:
        counted = known.outcomes(connection)
        ended = [_ended(services, connection, row, counted) for row in known.walk(connection, ended=True)]
    trained = train(ended, rules)
    with services.ledger.write() as connection:
        known.add_model(connection, services.new_id(), services.now(), trained)
    services.outcomes.forget()
    return trained


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


def _ended(services: Services, connection: Connection, row: Any, counted: Outcomes) -> Ended:
    """The factors of an inquiry that has ended; its own outcome does not count towards its source."""
    details = _details(services, row)
    funded = row.stage == Stage.FUNDED
    engagement = shown_in(details, priorities.engagement(connection, row.id))
    playbook = services.playbook
    expected: Sequence[str] = playbook.checklists.get(details.type, ())
    others = counted.without(row.path, funded=funded)
    factors = factors_of(details, expected, others, engagement, playbook.priority, now=services.now())
    return Ended(factors, funded)


def _details(services: Services, row: Any) -> Inquiry:
    return from_json(services.sealer.open_json(row.details, f"inquiry.details:{row.id}"), Inquiry)
