"""The state of the work in numbers, for the command line and for tests that wait for it to be done."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select

from jobs.ledger import crms, inboxes
from jobs.ledger.crms import CrmState
from jobs.ledger.tables import delivery, submission
from jobs.playbooks.revisions import active_text
from jobs.services import Services


def read_status(services: Services) -> dict[str, Any]:
    """Counts of submissions and deliveries, the oldest open delivery, how each CRM and inbox is, and which
    playbook holds."""
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
        mailboxes = {
            name: inboxes.state(connection, name)
            for name, path in services.settings.paths.items()
            if path.inbox is not None
        }
    return {
        "submissions": {row[0]: row[1] for row in submissions},
        "deliveries": {row[0]: row[1] for row in deliveries},
        "oldest_open_delivery": oldest,
        "crms": {name: _crm(one) for name, one in states.items()},
        "inboxes": {name: asdict(one) for name, one in mailboxes.items()},
        "playbook": _playbook(services),
    }


def _playbook(services: Services) -> dict[str, Any]:
    """Where the active one comes from, and since when and by whom if it was published."""
    active = active_text(services)
    published = active.revision
    return {
        "source": active.source,
        "name": f"{active.name}@{active.fingerprint}",
        "published_at": published.published_at if published else None,
        "published_by": published.published_by if published else "",
    }


def _crm(state: CrmState) -> dict[str, Any]:
    """How a CRM is, and how many of the day's calls were left at calls_at (None: it never said)."""
    return {
        "state": state.state,
        "since": state.since,
        "until": state.until,
        "reason": state.reason,
        "remedy": state.remedy,
        "calls_left": state.calls_left,
        "calls_limit": state.calls_limit,
        "calls_at": state.calls_at,
    }
