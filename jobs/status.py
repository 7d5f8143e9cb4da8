"""The state of the work in numbers, for the command line and for tests that wait for it to be done."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from jobs.ledger import crms
from jobs.ledger.tables import delivery, submission
from jobs.services import Services


def read_status(services: Services) -> dict[str, Any]:
    """Counts by state of submissions and deliveries, the oldest open delivery, and each CRM's state."""
    with services.ledger.read() as connection:
        submissions = connection.execute(
            select(submission.c.state, func.count()).group_by(submission.c.state)
        ).all()
        deliveries = connection.execute(
            select(delivery.c.state, func.count()).group_by(delivery.c.state)
        ).all()
        oldest = connection.execute(
            select(func.min(delivery.c.created_at)).where(delivery.c.state.in_(["due", "leased"]))
        ).scalar()
        states = {name: crms.state(connection, name) for name in services.crms}
    return {
        "submissions": {row[0]: row[1] for row in submissions},
        "deliveries": {row[0]: row[1] for row in deliveries},
        "oldest_open_delivery": oldest,
        "crms": {
            name: {"state": one.state, "since": one.since, "reason": one.reason, "remedy": one.remedy}
            for name, one in states.items()
        },
    }
