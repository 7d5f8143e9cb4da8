"""Forgetting what arrived: after some days only what was understood of it is kept."""

from __future__ import annotations

from datetime import timedelta

from jobs.ledger import submissions
from jobs.services import Services

_BATCH = 200


def expire_raw(services: Services) -> int:
    """Empty the raw bodies older than the settings allow, a few at a time; how many were emptied.

    What still waits for processing is never emptied. Inquiries, consent evidence and decisions stay.
    """
    now = services.now()
    before = now - timedelta(days=services.settings.retention.raw_days)
    total = 0
    while True:
        with services.ledger.write() as connection:
            count = submissions.expire(connection, services.sealer, before=before, now=now, limit=_BATCH)
        total += count
        if count < _BATCH:
            return total
